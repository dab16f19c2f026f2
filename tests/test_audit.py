"""Who did what: the log in words, filtered, by pages, as CSV."""

import csv
import io
import re
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import httpx2
import pytest

from app.commands.anonymise import anonymise
from app.commands.day import note_step
from app.commands.orders import NewOrder, delete, place
from app.commands.venues import add_point, change_board, change_venue
from app.domain.day import Step
from app.domain.events import Actor
from app.domain.orders import Native, Status
from app.domain.people import Role
from app.domain.times import DAY
from app.web.staff import audit
from tests.staff_browser import PAD, browser, press, session_of
from tests.venue_server import TILL, VenueServer

AUDIT = f"{PAD}/audit"


@pytest.fixture
async def anna(server: VenueServer) -> AsyncIterator[httpx2.AsyncClient]:
    async with browser(server, await session_of(server, "Anna", Role.ADMIN)) as client:
        yield client


def told(page: httpx2.Response) -> list[list[str]]:
    """The cells of each line, without markup."""
    rows = re.findall(r"<tr>\n(.*?)</tr>", page.text, re.DOTALL)
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in rows]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in line] for line in cells]


async def test_log_tells_who_when_what_and_which_order(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    order = await server.place(name="Zoe")
    await press(anna, order, "ready")
    page = await anna.get(AUDIT)
    newest, oldest = told(page)
    assert newest[1:] == ["Anna", order.number, "Queued → Ready"]
    assert oldest[1:] == ["Till (API key)", order.number, "placed the order: Queued"]
    assert re.fullmatch(r"\d\d \w{3} \d\d:\d\d:\d\d", newest[0])
    assert f'href="{PAD}/orders/{order.id}"' in page.text


async def test_every_kind_of_event_has_its_words(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    by: dict[str, Any] = {"venue": "main", "actor": TILL}
    write, order = server.store.write, await server.place(name="Zoe")
    await write(partial(add_point, name="Window 1", **by))
    await write(partial(change_venue, changes={"name": "Corner"}, **by))
    await write(partial(change_board, board="", changes={"title": "Hello"}, **by))
    await write(partial(delete, order=order.id, **by))
    before = server.house.clock() + DAY
    await write(partial(anonymise, before=before, **by))
    for step in Step:
        await write(partial(note_step, day="", step=step, told={}, **by))
    words = [line[3] for line in told(await anna.get(AUDIT))]
    assert words[4:] == [
        "took the names out of 1 orders",
        "deleted the order",
        "changed the board",
        "changed the settings of the venue",
        "changed the pickup point Window 1",
        "placed the order: Queued",
    ]
    assert words[0].startswith("closed 20")
    assert words[3].startswith("took the CSV of 20")


async def test_filters_narrow_by_who_kind_number_and_time(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    first, second = await server.place(name="Zoe", number="41"), await server.place(number="412")
    await press(anna, first, "ready")
    await server.move(second.id, "ready")
    assert len(told(await anna.get(AUDIT))) == 4
    assert [line[1] for line in told(await anna.get(AUDIT, params={"who": TILL.id or ""}))] == [
        "Till (API key)"
    ] * 3
    assert len(told(await anna.get(AUDIT, params={"kind": "status"}))) == 2
    for number in ("41", "#41"):
        lines = told(await anna.get(AUDIT, params={"number": number}))
        assert [line[2] for line in lines] == ["41", "41"]
    now = server.house.clock()
    early = (now - DAY).strftime("%Y-%m-%dT%H:%M")
    late = (now + DAY).strftime("%Y-%m-%dT%H:%M")
    assert len(told(await anna.get(AUDIT, params={"since": early, "until": late}))) == 4
    empty = await anna.get(AUDIT, params={"since": late})
    assert "Nothing fits." in empty.text
    assert (await anna.get(AUDIT, params={"since": "noon"})).status_code == 422
    assert (await anna.get(AUDIT, params={"kind": "magic"})).status_code == 422
    assert (await anna.get(AUDIT, params={"before": "x"})).status_code == 422
    assert len(told(await anna.get(AUDIT, params={"who": "", "number": ""}))) == 4


async def test_who_did_it_without_an_id_is_found_by_name(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    odd = Actor(kind="system", name='com"mand % line')
    await server.store.write(partial(place, venue="main", new=NewOrder(), actor=odd))
    await server.place()
    lines = told(await anna.get(AUDIT, params={"who": odd.name}))
    assert len(lines) == 1
    assert told(await anna.get(AUDIT, params={"who": "%"})) == []


async def test_pages_follow_each_other_without_gap_or_double(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    new = [partial(place, venue="main", new=NewOrder(name=f"N{n}"), actor=TILL) for n in range(230)]
    await server.store.write_all(new)
    page, seen = await anna.get(AUDIT, params={"kind": "placed"}), []
    while True:
        seen += [line[2] for line in told(page)]
        older = re.search(r'href="([^"]*)">Older', page.text)
        if older is None:
            break
        assert "kind=placed" in older[1]
        page = await anna.get(older[1].replace("&amp;", "&"))
    assert len(seen) == len(set(seen)) == 230
    assert ">Newest<" in page.text


async def test_through_which_system_is_told(server: VenueServer, anna: httpx2.AsyncClient) -> None:
    new = NewOrder(native=Native(dialect="hyra", value="CREATED"))
    change = partial(place, venue="main", new=new, actor=TILL, dialect="hyra")
    await server.store.write(change)
    [line] = told(await anna.get(AUDIT))
    assert line[1] == "Till (API key) through hyra"


async def test_csv_holds_all_that_fits_and_no_formula(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    evil = Actor(kind="key", id="evil", name="=cmd()")
    await server.store.write(
        partial(place, venue="main", new=NewOrder(status_note="@x"), actor=evil)
    )
    await server.place()
    answer = await anna.get(f"{AUDIT}.csv", params={"who": "evil"})
    assert answer.headers["content-disposition"].startswith("attachment;")
    [row] = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert (row["who"], row["by"], row["through"]) == ("'=cmd()", "key", "native")
    assert (row["what"], row["note"]) == ("placed the order: Queued", "'@x")


async def test_csv_is_read_in_stretches_without_a_gap(
    server: VenueServer, anna: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "A_STRETCH", 2)
    for _ in range(5):
        await server.place()
    lines = (await anna.get(f"{AUDIT}.csv")).text.removeprefix("\ufeff")
    assert [row["seq"] for row in csv.DictReader(io.StringIO(lines))] == ["5", "4", "3", "2", "1"]
    monkeypatch.setattr(audit, "MOST_STRETCHES", 2)
    assert len((await anna.get(f"{AUDIT}.csv")).text.splitlines()) == 1 + 4


async def test_order_page_leads_to_its_part_of_the_log(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    await server.place(number="41", status=Status.COLLECTED)
    order = await server.place(name="Zoe", number="41")
    page = await anna.get(f"{PAD}/orders/{order.id}")
    link = re.search(rf'href="({AUDIT}\?[^"]*)"', page.text)
    assert link
    assert [line[2] for line in told(await anna.get(link[1]))] == ["41"]
    assert len(told(await anna.get(AUDIT, params={"number": "41"}))) == 2


async def test_log_is_for_admins(server: VenueServer) -> None:
    async with browser(server, await session_of(server, "Sam", Role.STAFF)) as sam:
        order = await server.place(name="Zoe", number="41")
        assert (await sam.get(AUDIT)).status_code == 403
        assert (await sam.get(f"{AUDIT}.csv")).status_code == 403
        assert "/audit" not in (await sam.get(f"{PAD}/orders/{order.id}")).text


async def test_log_of_no_venue_is_not_found(anna: httpx2.AsyncClient) -> None:
    assert (await anna.get("/staff/nowhere/audit")).status_code == 404
