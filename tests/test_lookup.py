"""The guest who lost the number: found by about when and about how much; and the paper list."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx2
import pytest

from app.commands.venues import change_venue
from app.domain.lost import moment, sum_about
from app.domain.orders import Fulfilment, Modifier, Status
from app.domain.people import Role
from app.domain.problems import Invalid
from tests.clock import Clock
from tests.staff_browser import PAD, browser, item, session_of
from tests.venue_server import TILL, VenueServer

FINISHED, PAPER = f"{PAD}/finished", f"{PAD}/fallback"
ROME = ZoneInfo("Europe/Rome")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)  # 13:00 in Rome


@pytest.fixture
async def server(tmp_path: Path, clock: Clock) -> AsyncIterator[VenueServer]:
    """Its clock stands still until it is moved."""
    running = VenueServer(tmp_path, clock=clock)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
async def anna(server: VenueServer) -> AsyncIterator[httpx2.AsyncClient]:
    async with browser(server, await session_of(server, "Anna", Role.STAFF)) as client:
        yield client


def numbers(page: httpx2.Response) -> list[str]:
    return re.findall(r'<span class="number">([^<]*)</span>', page.text)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("20", NOON - timedelta(minutes=20)),
        ("5 min ago", NOON - timedelta(minutes=5)),
        ("90m", NOON - timedelta(minutes=90)),
        ("12:30", NOON - timedelta(minutes=30)),
        ("13.10", NOON + timedelta(minutes=10)),
        ("14:30", NOON - timedelta(hours=22, minutes=30)),
    ],
)
def test_when_is_minutes_ago_or_a_clock_time(text: str, at: datetime) -> None:
    assert moment(text, NOON, ROME) == at


@pytest.mark.parametrize("text", ["noon", "25:00", "12:75", "-5", "1234", "٢٠"])
def test_other_times_are_refused_with_an_example(text: str) -> None:
    with pytest.raises(Invalid, match="14:30"):
        moment(text, NOON, ROME)


@pytest.mark.parametrize(
    ("text", "value", "within"),
    [("12", "12", "0.6"), ("12,50 €", "12.50", "0.625"), ("EUR 3.20", "3.20", "0.5")],
)
def test_amount_is_met_within_five_percent(text: str, value: str, within: str) -> None:
    about = sum_about(text)
    assert (about.value, about.within) == (Decimal(value), Decimal(within))


@pytest.mark.parametrize("text", ["much", "1.2.3", "12.345", "12345678"])
def test_other_amounts_are_refused_with_an_example(text: str) -> None:
    with pytest.raises(Invalid, match=r"12\.50"):
        sum_about(text)


async def test_lost_number_is_found_by_time_and_amount(
    server: VenueServer, anna: httpx2.AsyncClient, clock: Clock
) -> None:
    await server.place(number="11", total=Decimal("12.50"))
    clock.forward(minutes=30)
    await server.place(number="12", total=Decimal("12.40"), items=(item("Fries", quantity=2),))
    await server.place(number="13", total=Decimal("30"))
    clock.forward(minutes=20)
    page = await anna.get(FINISHED, params={"when": "22", "amount": "12,50"})
    assert numbers(page) == ["12"]
    for words in ("12.40 EUR", "2 × Fries", "placed 12:30"):
        assert words in page.text
    assert numbers(await anna.get(FINISHED, params={"amount": "12.50"})) == ["12", "11"]
    assert sorted(numbers(await anna.get(FINISHED, params={"when": "12:25"}))) == ["12", "13"]
    assert numbers(await anna.get(FINISHED, params={"when": "45"})) == ["11"]
    found = await anna.get(FINISHED, params={"q": "fries", "when": "20", "amount": "12"})
    assert numbers(found) == ["12"]


async def test_likeliest_time_comes_first(
    server: VenueServer, anna: httpx2.AsyncClient, clock: Clock
) -> None:
    for number in ("11", "12", "13"):
        await server.place(number=number)
        clock.forward(minutes=8)
    assert numbers(await anna.get(FINISHED, params={"when": "9"})) == ["13", "12", "11"]
    assert numbers(await anna.get(FINISHED, params={"when": "23"})) == ["11", "12", "13"]


async def test_times_are_the_venues_own(
    server: VenueServer, anna: httpx2.AsyncClient, clock: Clock
) -> None:
    change = partial(change_venue, venue="main", changes={"time_zone": "Europe/Rome"}, actor=TILL)
    await server.store.write(change)
    await server.place(number="41")
    clock.forward(hours=2)
    page = await anna.get(FINISHED, params={"when": "13:05"})
    assert numbers(page) == ["41"]
    assert "placed 13:00" in page.text
    clock.forward(days=2)
    page = await anna.get(FINISHED, params={"q": "41"})
    assert "placed 21 Nov 13:00" in page.text


async def test_nothing_found_says_what_to_try(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    await server.place(number="41", total=Decimal("5"))
    page = await anna.get(FINISHED, params={"q": "x", "when": "20", "amount": "99"})
    assert page.status_code == 200
    for words in ("No order fits", "give or take 15 minutes", "within 5 %", "fewer letters"):
        assert words in page.text
    page = await anna.get(FINISHED, params={"amount": "99"})
    assert "give or take 15 minutes" not in page.text


async def test_unreadable_clues_are_told_and_kept(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    page = await anna.get(FINISHED, params={"when": "<b>noon", "q": "tea"})
    assert page.status_code == 422
    assert "a time like 14:30" in page.text
    assert 'value="&lt;b&gt;noon"' in page.text
    assert 'value="tea"' in page.text


async def test_paper_list_holds_every_open_order(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    burger = item("Burger", quantity=2, notes="rare", modifiers=(Modifier(name="cheese"),))
    await server.place(first_name="Ada", last_name="Byron", number="41", items=(burger,))
    await server.place(
        number="42", table="7", note="Nuts!", fulfilment=Fulfilment.DINE_IN, status=Status.READY
    )
    await server.place(number="43", status=Status.COLLECTED)
    page = await anna.get(PAPER)
    for words in ("Ada B.", ">41<", "Burger", "cheese", "rare", "Table 7", "Nuts!", "As of"):
        assert words in page.text
    assert "<b>12:00</b>, 21 Nov 2026 · 2 open" in page.text
    assert ">43<" not in page.text
    assert page.text.count('class="box"') == 4
    assert 'http-equiv="refresh" content="30"' in page.text


async def test_paper_list_has_blank_lines_when_nothing_is_open(anna: httpx2.AsyncClient) -> None:
    page = await anna.get(PAPER)
    assert page.text.count('<tr class="blank">') == 18
    assert "blank lines to write on by hand" in page.text


async def test_paper_list_is_for_who_may_read_orders(server: VenueServer) -> None:
    async with browser(server, await session_of(server, "Vic", Role.VIEWER)) as vic:
        assert (await vic.get(PAPER)).status_code == 200
        assert (await vic.get("/staff/nowhere/fallback")).status_code == 404
    async with browser(server, "nobody") as stranger:
        assert (await stranger.get(PAPER)).url.path == "/staff/sign-in"
