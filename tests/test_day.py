"""Closing the day: nothing open, the CSV, the backup, the names; on the page and in the shell."""

import asyncio
import contextlib
import csv
import io
import sqlite3
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.commands import closing
from app.commands.closing import write_csv
from app.commands.day import Evening, close_day, evening
from app.commands.orders import NewOrder, place
from app.commands.status import Move, change_status
from app.domain.day import Step, bounds, csv_of, harmless, prep_minutes
from app.domain.orders import LineItem, Order, Status, new_id
from app.domain.people import Role, Scope
from app.domain.problems import Invalid, OrdersOpen, VenueNotFound
from app.domain.venues import Venue
from app.store.sqlite import FILE_NAME, open_store
from tests.clock import Clock
from tests.kitchen import COOK, Kitchen
from tests.staff_browser import PAD, browser, item, moves_of, now, session_of
from tests.venue_server import VenueServer

DAY = f"{PAD}/day"
ROME = Venue(id="0" * 24, slug="main", name="Main", time_zone="Europe/Rome", day_starts=time(5))


@pytest.fixture
async def anna(server: VenueServer) -> AsyncIterator[httpx2.AsyncClient]:
    async with browser(server, await session_of(server, "Anna", Role.ADMIN)) as client:
        yield client


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


# ---- the domain ------------------------------------------------------------------------------


def test_a_day_runs_from_boundary_to_boundary() -> None:
    night = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)  # 03:30 in Rome, before the day starts
    of = bounds(ROME, "", night)
    assert of.day == "2026-11-21"
    assert of.start == datetime(2026, 11, 21, 4, tzinfo=UTC)
    assert of.end == datetime(2026, 11, 22, 4, tzinfo=UTC)


def test_the_long_night_of_autumn_has_25_hours() -> None:
    of = bounds(ROME, "2026-10-24", datetime(2026, 11, 1, tzinfo=UTC))
    assert of.end - of.start == timedelta(hours=25)


@pytest.mark.parametrize(
    "day", ["2026-11-23", "yesterday", "2026-13-01", "9999-12-31", "0001-01-01"]
)
def test_days_to_come_and_no_days_are_refused(day: str) -> None:
    with pytest.raises(Invalid):
        bounds(ROME, day, datetime(2026, 11, 22, 12, tzinfo=UTC))


@pytest.mark.parametrize("cell", ["=1+1", "+49", "-2", "@cmd", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless("Fries") == "Fries"


async def test_csv_quotes_what_people_typed_and_names_nobody(kitchen: Kitchen) -> None:
    await kitchen.set(time_zone="Europe/Rome")
    lines = (
        LineItem(id=new_id(kitchen.clock()), name='Pizza "due", piccante', quantity=2),
        LineItem(id=new_id(kitchen.clock()), name="=HYPERLINK(1)\nx", notes="for Zoe"),
    )
    order = await kitchen.place(
        first_name="Zoe",
        phone="555",
        number="=41",
        channel="@web",
        items=lines,
        total=Decimal("-3.50"),
    )
    kitchen.clock.forward(minutes=7, seconds=30)
    order = await kitchen.move(order, "ready")
    text = csv_of([order], await kitchen.venue())
    [row] = rows_of(text)
    assert (row["number"], row["channel"], row["total"]) == ("'=41", "'@web", "-3.50")
    assert row["items"] == '2 × Pizza "due", piccante; 1 × =HYPERLINK(1)\nx'
    assert (row["pieces"], row["prep_minutes"], row["status"]) == ("3", "7.5", "ready")
    assert (row["placed"], row["ready"]) == (
        "2026-11-21T13:00:00+01:00",
        "2026-11-21T13:07:30+01:00",
    )
    assert "Zoe" not in text
    assert "555" not in text


async def test_orders_belong_to_the_day_they_are_wanted_on(kitchen: Kitchen) -> None:
    tomorrow = kitchen.clock() + timedelta(days=1)
    today = await kitchen.place()
    later = await kitchen.place(scheduled_at=tomorrow)
    seen = await kitchen.store.read(partial(evening, venue="main"))
    assert [order.id for order in seen.orders] == [today.id]
    assert [order.id for order in seen.open] == [today.id]
    kitchen.clock.forward(days=1)
    seen = await kitchen.store.read(partial(evening, venue="main"))
    assert [order.id for order in seen.orders] == [later.id]
    assert {order.id for order in seen.open} == {today.id, later.id}
    with pytest.raises(VenueNotFound):
        await kitchen.store.read(partial(evening, venue="nowhere"))


async def test_report_counts_what_was_done(kitchen: Kitchen, clock: Clock) -> None:
    for minutes in (4, 6, 20):
        order = await kitchen.place("Grill", total=Decimal("10"))
        clock.forward(minutes=minutes)
        await kitchen.move(await kitchen.move(order, "ready"), "collected")
    await kitchen.move(await kitchen.place("Grill", total=Decimal("99")), "cancelled")
    report = (await kitchen.store.read(partial(evening, venue="main"))).report
    assert (report.orders, report.collected, report.cancelled, report.open) == (4, 3, 1, 0)
    assert (report.amount, report.pieces) == (Decimal(30), 3)
    assert (report.prep_minutes, report.slowest_minutes) == (6.0, 20.0)


async def test_an_order_never_ready_has_no_preparation(kitchen: Kitchen) -> None:
    assert prep_minutes(await kitchen.place()) is None
    report = (await kitchen.store.read(partial(evening, venue="main"))).report
    assert (report.prep_minutes, report.slowest_minutes) == (None, None)


async def test_closing_names_what_is_open(kitchen: Kitchen) -> None:
    orders = []
    for _ in range(10):
        orders.append(await kitchen.place())
        kitchen.clock.forward(seconds=1)
    close = partial(close_day, venue="main", day="", actor=COOK)
    with pytest.raises(OrdersOpen) as refusal:
        await kitchen.store.write(close)
    assert refusal.value.detail.startswith(f"10 orders are still open: #{orders[0].number}, ")
    assert "and 2 more" in refusal.value.detail
    for order in orders:
        await kitchen.move(order, "collected")
    assert (await kitchen.store.write(close)).collected == 10


# ---- the page --------------------------------------------------------------------------------


async def test_a_day_that_ends_while_it_is_closed_is_closed_whole(
    kitchen: Kitchen, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await kitchen.move(await kitchen.place(), "collected")

    def write_slowly(file: Path, seen: Evening) -> None:
        write_csv(file, seen)
        clock.forward(days=1)

    monkeypatch.setattr(closing, "write_csv", write_slowly)
    day = closing.Closing(data=tmp_path, venue="main", day="", actor=COOK)
    await closing.close_all(kitchen.store, day)
    assert (tmp_path / "backups" / "readyboard-2026-11-21.db").is_file()
    done = await kitchen.store.read(partial(evening, venue="main", day="2026-11-21"))
    assert set(done.steps) == set(Step)


async def test_a_whole_evening_on_the_page(
    server: VenueServer, anna: httpx2.AsyncClient, tmp_path: Path
) -> None:
    first = await server.place(first_name="Zoltan", last_name="Quagmire", items=(item("Burger"),))
    second = await server.place(first_name="Ada", phone="555-0199")
    page = await anna.get(DAY)
    assert "2 orders are still open" in page.text
    assert f"/orders/{first.id}" in page.text
    refused = await anna.post(DAY, data={"do": "close"})
    assert refused.status_code == 409
    assert "2 orders are still open: #" in refused.text
    await server.move(second.id, "cancelled")
    page = await anna.post(DAY, data={"do": "collect"})
    assert "1 order is collected now." in page.text
    assert "no order is open" in page.text
    assert await moves_of(server, first) == ["Anna"]
    page = await anna.post(DAY, data={"do": "csv"})
    assert 'http-equiv="refresh"' in page.text
    answer = await anna.get(f"{DAY}/csv")
    assert answer.headers["content-disposition"].startswith('attachment; filename="main-')
    assert [row["status"] for row in rows_of(answer.text)] == ["collected", "cancelled"]
    assert "Zoltan" not in answer.text
    page = await anna.post(DAY, data={"do": "backup"})
    assert "backups/readyboard-" in page.text
    [file] = (tmp_path / "backups").iterdir()
    assert file.name in page.text
    assert (await anna.get(f"{DAY}/backup")).content == file.read_bytes()
    page = await anna.post(DAY, data={"do": "anonymise"})
    assert page.status_code == 422
    assert "Tick the box first" in page.text
    page = await anna.post(DAY, data={"do": "anonymise", "sure": "true"})
    assert "No ended order holds a name." in page.text
    assert (await now(server, first)).last_name == ""
    assert b"Quagmire" not in (tmp_path / FILE_NAME).read_bytes()
    page = await anna.post(DAY, data={"do": "close"})
    assert "This day is closed" in page.text
    assert page.text.count("by Anna") >= 5
    seen = await server.store.read(partial(evening, venue="main"))
    assert set(seen.steps) == set(Step)
    assert seen.steps[Step.CLOSE].body["collected"] == 1


async def test_backup_holds_the_day_before_its_names_went(
    server: VenueServer, anna: httpx2.AsyncClient, tmp_path: Path
) -> None:
    order = await server.place(first_name="Zoltan", status=Status.COLLECTED)
    await anna.post(DAY, data={"do": "backup"})
    await anna.post(DAY, data={"do": "anonymise", "sure": "true"})
    [file] = (tmp_path / "backups").iterdir()
    with contextlib.closing(sqlite3.connect(file)) as db:
        [(body,)] = db.execute("SELECT body FROM orders WHERE id = ?", (order.id,))
    assert "Zoltan" in body


async def test_all_may_be_cancelled_at_once(server: VenueServer, anna: httpx2.AsyncClient) -> None:
    orders = [await server.place(), await server.place()]
    page = await anna.post(DAY, data={"do": "cancel"})
    assert "2 orders are cancelled now." in page.text
    assert [(await now(server, order)).status for order in orders] == [Status.CANCELLED] * 2


async def test_another_day_has_its_own_page(server: VenueServer, anna: httpx2.AsyncClient) -> None:
    seen = await server.store.read(partial(evening, venue="main"))
    before = (datetime.fromisoformat(seen.day.day) - timedelta(days=1)).date().isoformat()
    assert f"?day={before}" in (await anna.get(DAY)).text
    page = await anna.post(DAY, data={"do": "close", "day": before})
    assert page.url.params["day"] == before
    assert "This day is closed" in page.text
    assert "This day is closed" not in (await anna.get(DAY)).text
    assert (await anna.get(DAY, params={"day": "soon"})).status_code == 422
    assert (await anna.get(f"{DAY}/backup")).status_code == 404
    assert (await anna.post(DAY, data={"do": "party"})).status_code == 422


async def test_closing_is_for_admins(server: VenueServer) -> None:
    async with browser(server, await session_of(server, "Sam", Role.STAFF)) as sam:
        for path in (DAY, f"{DAY}/csv", f"{DAY}/backup"):
            assert (await sam.get(path)).status_code == 403
        assert (await sam.post(DAY, data={"do": "close"})).status_code == 403


async def test_key_of_one_venue_gets_no_backup_of_all(server: VenueServer) -> None:
    key = await server.make_key(Scope.ADMIN, venues=["main"])
    async with server.client(key) as till:
        assert (await till.get(f"{DAY}/csv")).status_code == 200
        assert (await till.get(f"{DAY}/backup")).status_code == 403
        assert (await till.post(DAY, data={"do": "backup"})).status_code == 403


# ---- the shell -------------------------------------------------------------------------------

Verb = Callable[..., Result]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with one collected order."""

    async def prepare() -> None:
        store = await open_store(tmp_path)
        await _place(store, Status.COLLECTED)
        await store.close()

    asyncio.run(prepare())
    return tmp_path


async def _place(store: object, status: Status) -> Order:
    assert hasattr(store, "write")
    new = NewOrder(first_name="Zoltan", last_name="Quagmire", total=Decimal("8.50"))
    placed = await store.write(partial(place, venue="main", new=new, actor=COOK))
    move = Move(status=status)
    change = partial(change_status, venue="main", order=placed.order.id, move=move, actor=COOK)
    moved: Order = await store.write(change)
    return moved


@pytest.fixture
def verb(data: Path) -> Verb:
    def run(*words: str) -> Result:
        return CliRunner().invoke(main, [*words, "--data", str(data)])

    return run


def test_day_close_does_all_steps(verb: Verb, data: Path) -> None:
    shown = verb("day", "close", "main")
    assert shown.exit_code == 0, shown.stderr
    for words in ("Orders            1", "Total             8.50 EUR", "taken out of 1 orders"):
        assert words in shown.stdout
    names = sorted(path.name.split("-")[0] for path in (data / "backups").iterdir())
    assert names == ["main", "readyboard"]
    assert b"Quagmire" not in (data / FILE_NAME).read_bytes()
    report = verb("day", "report", "main").stdout
    for step in ("Csv", "Backup", "Anonymise", "Close"):
        assert f"{step:<18}" in report


def test_day_close_is_refused_while_work_is_left(verb: Verb, data: Path) -> None:
    async def more() -> None:
        store = await open_store(data)
        await _place(store, Status.READY)
        await store.close()

    asyncio.run(more())
    refused = verb("day", "close", "main")
    assert refused.exit_code == 2
    assert "1 order is still open" in refused.stderr
    assert not (data / "backups").exists()


def test_day_close_may_keep_the_names(verb: Verb, data: Path) -> None:
    table = data / "books.csv"
    shown = verb("day", "close", "main", "--keep-names", "--csv", str(table))
    assert shown.exit_code == 0, shown.stderr
    assert [row["total"] for row in rows_of(table.read_text("utf-8"))] == ["8.50"]
    assert b"Quagmire" in b"".join(path.read_bytes() for path in data.glob(f"{FILE_NAME}*"))


def test_export_csv_goes_to_the_screen_or_a_file(verb: Verb, data: Path) -> None:
    shown = verb("export", "csv")
    assert [row["status"] for row in rows_of(shown.stdout)] == ["collected"]
    saved = verb("export", "csv", "--output", str(data / "day.csv"))
    assert "(1 orders)" in saved.stdout
    assert (data / "day.csv").read_bytes().startswith(b"\xef\xbb\xbfnumber,")


def test_anonymise_verb_says_what_it_did(verb: Verb, data: Path) -> None:
    assert verb("anonymise", "main").exit_code == 2
    assert verb("anonymise", "main", "--day", "never").exit_code == 2
    assert verb("anonymise", "nowhere", "--day", "2026-01-01").exit_code == 2
    shown = verb("anonymise", "main", "--before", "2026-01-01")
    assert "out of 0 orders" in shown.stdout
    today = verb("day", "report", "main").stdout.split()[1]
    shown = verb("anonymise", "main", "--day", today)
    assert "out of 1 orders (2 events)" in shown.stdout
    assert b"Quagmire" not in (data / FILE_NAME).read_bytes()


def test_long_work_shows_how_far_it_is(verb: Verb, data: Path) -> None:
    async def many() -> None:
        store = await open_store(data)
        new = NewOrder(first_name="Zoltan", status=Status.COLLECTED)
        await store.write_all([partial(place, venue="main", new=new, actor=COOK)] * 250)
        await store.close()

    asyncio.run(many())
    today = verb("day", "report", "main").stdout.split()[1]
    shown = verb("anonymise", "main", "--day", today, "--no-rewrite")
    assert "200 orders done, 51 left" in shown.stderr
    assert "out of 251 orders" in shown.stdout
