"""The staff pages over HTTP, as a browser with its scripts switched off sees them."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import httpx2
import pytest

from app.commands.orders import NewOrder, Placed, place
from app.commands.status import Move, change_status
from app.commands.venues import add_point
from app.domain.events import SYSTEM
from app.domain.orders import Fulfilment, Modifier, Status
from app.domain.people import Role
from app.domain.times import utc_now
from app.store import venues
from tests.staff_browser import PAD, browser, in_column, item, moves_of, now, press, session_of
from tests.venue_server import TILL, VenueServer


@pytest.fixture
async def anna(server: VenueServer) -> AsyncIterator[httpx2.AsyncClient]:
    async with browser(server, await session_of(server, "Anna", Role.STAFF)) as client:
        yield client


async def test_card_shows_all_the_kitchen_needs(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    await server.place(
        first_name="Mario",
        last_name="Rossi",
        note="Allergic to nuts",
        channel="Kiosk",
        table="7",
        fulfilment=Fulfilment.DINE_IN,
        items=(
            item("Margherita", quantity=2, notes="well done", modifiers=(Modifier(name="basil"),)),
        ),
    )
    shown = in_column((await anna.get(PAD)).text, "progress")
    for word in ("Mario R.", "Margherita", ">2<", "basil", "well done", "Allergic to nuts"):
        assert word in shown
    for word in ("Kiosk", "Table 7", "0 min", "Queued", ">Start<"):
        assert word in shown


@pytest.mark.parametrize("page", [PAD, f"{PAD}/fallback"])
async def test_orders_of_one_moment_stand_as_they_were_placed(
    server: VenueServer, anna: httpx2.AsyncClient, page: str
) -> None:
    names = [f"Guest {letter}" for letter in "ABCDEFGHIJ"]
    changes = [
        partial(place, venue="main", new=NewOrder(name=name), actor=SYSTEM) for name in names
    ]
    placed = [one for one in await server.store.write_all(changes) if isinstance(one, Placed)]
    assert len({one.order.placed_at for one in placed}) == 1
    shown = re.findall(r"Guest [A-J]\b", (await anna.get(page)).text)
    assert list(dict.fromkeys(shown)) == names


async def test_orders_sent_away_in_one_moment_stand_as_they_were_placed(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    orders = [await server.place(name=f"Guest {letter}") for letter in "ABCDEFGHIJ"]
    move = Move(status=Status.CANCELLED)
    away = [
        partial(change_status, venue="main", order=order.id, move=move, actor=SYSTEM)
        for order in orders
    ]
    await server.store.write_all(away)
    shown = re.findall(r"Guest [A-J]\b", in_column((await anna.get(PAD)).text, "host"))
    assert list(dict.fromkeys(shown)) == [order.name for order in orders]


async def test_orders_stand_in_their_columns(server: VenueServer, anna: httpx2.AsyncClient) -> None:
    later = utc_now() + timedelta(hours=3)
    await server.place(name="Asked", status=Status.PLACED)
    await server.place(name="Later", scheduled_at=later)
    for name, status in (("Cooked", "preparing"), ("Done", "ready"), ("Kept", "held")):
        await server.move((await server.place(name=name)).id, status)
    away = await server.place(name="Away", fulfilment=Fulfilment.DELIVERY)
    await server.move(away.id, Status.OUT_FOR_DELIVERY)
    sorry = await server.place(name="Sorry")
    await server.move(sorry.id, Status.CANCELLED)
    html = (await anna.get(PAD)).text
    where = {"new": ("Asked", "Later"), "progress": ("Cooked",), "ready": ("Done", "Away")}
    for column, names in (where | {"host": ("Kept", "Sorry")}).items():
        for name in names:
            assert name in in_column(html, column)
    assert later.strftime("for %H:%M") in in_column(html, "new")


async def test_bump_leads_from_new_to_collected(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    order = await server.place(status=Status.PLACED)
    for status in ("queued", "preparing", "ready", "collected"):
        page = (await anna.get(PAD)).text
        assert f'name="do" value="{status}"' in page
        answer = await press(anna, await now(server, order), status)
        assert answer.status_code == 200
        assert (await now(server, order)).status == status
    assert await moves_of(server, order) == ["Anna"] * 4


async def test_delivery_is_sent_out_before_it_is_delivered(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    order = await server.place(fulfilment=Fulfilment.DELIVERY)
    await server.move(order.id, "ready")
    assert ">Sent out<" in (await anna.get(PAD)).text
    await press(anna, await now(server, order), "out_for_delivery")
    assert ">Delivered<" in (await anna.get(PAD)).text


async def test_two_devices_at_once_make_one_move(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    order = await server.place(name="Zoe")
    async with browser(server, await session_of(server, "Ben", Role.STAFF)) as ben:
        pages = await asyncio.gather(
            press(anna, order, "preparing"), press(ben, order, "preparing")
        )
    movers = await moves_of(server, order)
    assert len(movers) == 1
    told = [page.text for page in pages if "Already done by" in page.text]
    assert len(told) == 1
    assert f"Already done by {movers[0]}: #1 Zoe is Preparing." in told[0]


async def test_undo_bar_names_who_did_it_and_takes_it_back(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    order = await server.place(name="Zoe")
    page = (await press(anna, order, "preparing")).text
    assert "Anna moved #1 Zoe to Preparing" in page
    pair = re.search(rf'value="({order.id}\.\d+)"', page.split('id="bar"')[1])
    assert pair
    page = (await anna.post(f"{PAD}/bulk", data={"do": "recall", "order": pair[1]})).text
    assert "Anna took back #1 Zoe: Queued" in page
    assert (await now(server, order)).status == Status.QUEUED


async def test_undo_leaves_alone_what_someone_else_moved_since(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    order = await server.place()
    await press(anna, order, "preparing")
    pair = f"{order.id}.{(await now(server, order)).seq}"
    await server.move(order.id, "ready")
    page = (await anna.post(f"{PAD}/bulk", data={"do": "recall", "order": pair})).text
    assert "Nothing was moved" in page
    assert (await now(server, order)).status == Status.READY


async def test_finished_order_is_recalled_from_the_list(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    order = await server.place(name="Zoe", items=(item("Tea"),))
    await server.move(order.id, "ready")
    ended = await server.move(order.id, "collected")
    page = (await anna.get(f"{PAD}/finished")).text
    assert "Zoe" in page
    assert "1 × Tea" in page
    assert ">Recall<" in page
    answer = await press(anna, ended, "recall", query="?back=finished")
    assert answer.url.path == f"{PAD}/finished"
    assert (await now(server, order)).status == Status.READY


async def test_lost_number_is_found_by_name_among_all_orders(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    await server.place(name="Zoe", phone="0170 1234")
    await server.place(name="Hugo")
    page = (await anna.get(f"{PAD}/finished", params={"q": "0170"})).text
    assert "Zoe" in page
    assert "Hugo" not in page


async def test_recall_of_what_never_moved_is_refused_calmly(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    answer = await press(anna, await server.place(), "recall")
    assert answer.status_code == 409
    assert "no move that could be undone" in answer.text


@pytest.mark.parametrize(("by", "told"), [("customer", "customer"), ("staff", "attendant")])
async def test_cancel_says_by_whom(
    server: VenueServer, anna: httpx2.AsyncClient, by: str, told: str
) -> None:
    order = await server.place()
    page = (await press(anna, order, f"cancel:{by}")).text
    assert f"Cancelled by {by}" in page
    assert (await now(server, order)).cancelled_by == told


async def test_who_cancelled_is_put_right_afterwards(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    order = await server.place()
    await press(anna, order, "cancel:staff")
    await press(anna, await now(server, order), "cancel:customer")
    page = (await anna.get(f"{PAD}/orders/{order.id}")).text
    assert "<b>Anna</b> Queued → Cancelled by staff" in page
    assert "<b>Anna</b> Cancelled by customer" in page


async def test_held_order_waits_for_its_customer(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    order = await server.place(name="Zoe")
    await press(anna, order, "held")
    assert "Customer is here" in in_column((await anna.get(PAD)).text, "host")
    await press(anna, await now(server, order), "reserving")
    moved = await now(server, order)
    assert (moved.status, moved.customer_here) == (Status.RESERVING, True)
    assert "Customer is here" in in_column((await anna.get(PAD)).text, "progress")


async def test_pickup_point_is_chosen_by_hand(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    for name in ("Window 1", "Window 2"):
        await server.store.write(partial(add_point, venue="main", name=name, actor=TILL))
    order = await server.move((await server.place()).id, "ready")
    assert order.place == "Window 1"
    points = await server.store.read(lambda db: venues.points(db, order.venue))
    page = (await anna.get(PAD)).text
    assert f"point:{points[1].id}" in page
    assert f"point:{points[0].id}" not in page
    await press(anna, order, f"point:{points[1].id}")
    assert (await now(server, order)).place == "Window 2"
    page = (await anna.get(f"{PAD}/orders/{order.id}")).text
    assert "<b>Anna</b> pickup point: Window 2" in page


async def test_order_without_a_free_pickup_point_is_flagged(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    await server.store.write(partial(add_point, venue="main", name="Window 1", actor=TILL))
    for _ in range(2):
        await server.move((await server.place()).id, "ready")
    assert (await anna.get(PAD)).text.count("No pickup point free") == 1


async def test_stations_bump_their_own_share(server: VenueServer, anna: httpx2.AsyncClient) -> None:
    lines = (item("Burger", station="Grill"), item("Salad", station="Cold & raw"))
    order = await server.place(items=lines)
    whole = (await anna.get(PAD)).text
    assert "Cold &amp; raw" in whole
    at = {"station": "Cold & raw"}
    own = in_column((await anna.get(PAD, params=at)).text, "progress")
    assert "Salad" in own
    assert "Burger" not in own
    query = "?station=Cold+%26+raw"
    answer = await press(anna, order, "part:ready:Cold & raw", query=query)
    assert answer.url.params["station"] == "Cold & raw"
    assert "Salad" in in_column(answer.text, "ready")
    moved = await now(server, order)
    assert (moved.status, moved.some_ready) == (Status.PREPARING, True)


async def test_station_sees_whole_orders_while_they_are_not_in_the_kitchen(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    lines = (item("Burger", station="Grill"), item("Salad", station="Cold"))
    await server.place(items=lines, status=Status.PLACED)
    shown = in_column((await anna.get(PAD, params={"station": "Grill"})).text, "new")
    assert 'value="queued">Accept<' in shown
    assert "Salad" not in shown


async def test_search_finds_by_number_name_or_item(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    await server.place(name="Zoe", items=(item("Flat white"),))
    await server.place(name="Hugo", items=(item("Tea"),))
    for text in ("zoe", "FLAT", "1"):
        page = in_column((await anna.get(PAD, params={"q": text})).text, "progress")
        assert ("Zoe" in page, "Hugo" in page) == (True, False)


async def test_walk_up_order_takes_one_post(server: VenueServer, anna: httpx2.AsyncClient) -> None:
    page = (await anna.post(f"{PAD}/orders", data={"name": ""})).text
    assert "Anna placed #1" in page
    page = (await anna.post(f"{PAD}/orders", data={"name": "Zoe", "note": "no ice"})).text
    assert "Anna placed #2 Zoe" in page
    assert "no ice" in in_column(page, "progress")


async def test_bulk_bump_moves_each_to_its_own_next_step(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    queued = await server.place()
    ready = await server.move((await server.place()).id, "ready")
    stale = await server.place()
    await server.move(stale.id, "preparing")
    ended = await server.move((await server.place()).id, "collected")
    pairs = [f"{order.id}.{order.seq}" for order in (queued, ready, stale, ended)]
    page = (await anna.post(f"{PAD}/bulk", data={"do": "bump", "order": pairs})).text
    assert "Anna moved 2 orders" in page
    statuses = [(await now(server, order)).status for order in (queued, ready, stale, ended)]
    assert statuses == ["preparing", "collected", "preparing", "collected"]
    pairs = [f"{order.id}.{(await now(server, order)).seq}" for order in (queued, ready)]
    page = (await anna.post(f"{PAD}/bulk", data={"do": "recall", "order": pairs})).text
    assert "Anna took back 2 orders" in page


async def test_bulk_bump_at_a_station_moves_its_share(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    lines = (item("Burger", station="Grill"), item("Salad", station="Cold"))
    order = await server.place(items=lines)
    data = {"do": "bump", "order": f"{order.id}.{order.seq}"}
    page = (await anna.post(f"{PAD}/bulk?station=Grill", data=data)).text
    assert "Anna moved #1 on at Grill: Preparing" in page
    parts = {part.station: part.status for part in (await now(server, order)).parts}
    assert parts == {"Grill": "preparing", "Cold": "queued"}


async def test_history_tells_who_did_what(server: VenueServer, anna: httpx2.AsyncClient) -> None:
    lines = (item("Burger", station="Grill"), item("Salad", station="Cold"))
    order = await server.place(name="Zoe", items=lines)
    await server.move(order.id, "ready", part="Cold")
    await press(anna, await now(server, order), "ready")
    await press(anna, await now(server, order), "recall")
    data = {"do": "held", "note": "Guest went out"}
    page = (await anna.post(f"{PAD}/orders/{order.id}?back=order", data=data)).text
    changed = f"/api/v1/venues/main/orders/{order.id}"
    await server.http.patch(changed, json={"first_name": "Zoe"})
    page = (await anna.get(f"{PAD}/orders/{order.id}")).text
    for line in (
        "<b>Till (API key)</b> placed the order: Queued",
        "<b>Till (API key)</b> Cold: Ready",
        "<b>Anna</b> Preparing → Ready",
        "<b>Anna</b> took the last move back: Ready → Partly ready",
        "<q>Guest went out</q>",
        "<b>Test (API key)</b> changed first name",
    ):
        assert line in page


async def test_names_are_text(server: VenueServer, anna: httpx2.AsyncClient) -> None:
    order = await server.place(name="<script>alert(1)</script>", note='"><img src=x>')
    for path in (PAD, f"{PAD}/orders/{order.id}", f"{PAD}/finished?q=script"):
        page = await anna.get(path)
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "&lt;script&gt;" in page.text
        assert "script-src 'self'" in page.headers["content-security-policy"]
        assert page.headers["cache-control"] == "no-store"


async def test_script_gets_a_bar_and_the_middle_of_the_pad(
    server: VenueServer, anna: httpx2.AsyncClient
) -> None:
    order = await server.place(name="Zoe")
    anna.headers["X-Live"] = "1"
    bar = await press(anna, order, "ready")
    assert bar.text.lstrip().startswith('<div class="bar"')
    late = await press(anna, order, "ready")
    assert late.status_code == 409
    assert "Already done by Anna" in late.text
    middle = (await anna.get(f"{PAD}/pad")).text
    assert middle.lstrip().startswith('<div id="pad"')
    assert f'data-id="{order.id}"' in in_column(middle, "ready")
