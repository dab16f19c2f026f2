"""Venues, boards and pickup points over the native API, and who may see which."""

import pytest

from app.domain.people import Scope
from app.web.native.answers import BoardAnswer, PointsAnswer, VenueAnswer, VenuesAnswer
from tests.venue_server import VenueServer
from tests.wire import Feed

VENUE = "/api/v1/venues/main"
POINTS = f"{VENUE}/pickup-points"


async def test_a_fresh_folder_holds_the_venue_main(server: VenueServer) -> None:
    found = (await server.http.get("/api/v1/venues")).json()
    VenuesAnswer.model_validate(found)
    assert [venue["slug"] for venue in found["venues"]] == ["main"]


async def test_a_venue_is_added_and_has_a_board(server: VenueServer) -> None:
    body = {"slug": "bar", "name": "The Bar", "time_zone": "Europe/Rome", "day_starts": "05:00"}
    added = await server.http.post("/api/v1/venues", json=body)
    VenueAnswer.model_validate(added.json())
    assert (added.status_code, added.json()["day_starts"]) == (201, "05:00")
    assert (await server.http.get("/b/bar.json")).json()["board"]["title"] == "The Bar"
    again = await server.http.post("/api/v1/venues", json=body)
    assert (again.status_code, again.json()["type"]) == (409, "name-taken")


async def test_a_page_of_ours_is_no_name_for_a_venue(server: VenueServer) -> None:
    answer = await server.http.post("/api/v1/venues", json={"slug": "people", "name": "P"})
    assert answer.status_code == 409


async def test_a_venues_settings_are_changed(server: VenueServer) -> None:
    body = {"name": "Corner", "opening_hours": {"mon": [["09:00", "17:30"]]}, "lead_minutes": 5}
    changed = (await server.http.patch(VENUE, json=body)).json()
    assert (changed["name"], changed["lead_minutes"]) == ("Corner", 5)
    assert (await server.http.get(VENUE)).json() == changed


async def test_a_boards_settings_are_changed(server: VenueServer) -> None:
    changed = (await server.http.patch(f"{VENUE}/board", json={"layout": "eatsa"})).json()
    BoardAnswer.model_validate(changed)
    assert (changed["layout"], changed["revision"]) == ("eatsa", 2)
    assert (await server.http.get(f"{VENUE}/board")).json() == changed


async def test_a_pickup_point_is_given_when_an_order_is_ready(server: VenueServer) -> None:
    await server.http.post(POINTS, json={"name": "Window 1"})
    order = await server.place(first_name="Ada")
    await server.move(order.id, "ready")
    found = (await server.http.get(POINTS)).json()
    PointsAnswer.model_validate(found)
    [point] = found["pickup_points"]
    assert (point["state"], point["order"]) == ("occupied", order.id)
    assert (await server.http.get("/b/main.json")).json()["cards"][0]["place"] == "Window 1"
    busy = await server.http.patch(f"{POINTS}/{point['id']}", json={"disabled": True})
    assert (busy.status_code, busy.json()["type"]) == (409, "pickup-point-in-use")


async def test_an_unknown_pickup_point_is_not_found(server: VenueServer) -> None:
    answer = await server.http.patch(f"{POINTS}/nowhere", json={"name": "X"})
    assert answer.json()["type"] == "pickup-point-not-found"


async def test_a_key_of_one_venue_sees_no_other(server: VenueServer) -> None:
    await server.http.post("/api/v1/venues", json={"slug": "bar", "name": "Bar"})
    key = await server.make_key(Scope.ORDERS_READ, Scope.ORDERS_WRITE, venues=["bar"])
    async with server.client(key) as client:
        found = (await client.get("/api/v1/venues")).json()["venues"]
        assert [venue["slug"] for venue in found] == ["bar"]
        for path in (f"{VENUE}/orders", f"{VENUE}/events?poll=1", VENUE):
            assert (await client.get(path)).status_code == 403
        assert (await client.post("/api/v1/venues/bar/orders", json={})).status_code == 201


async def test_a_key_of_one_venue_adds_no_other(server: VenueServer) -> None:
    async with server.client(await server.make_key(Scope.ADMIN, venues=["main"])) as client:
        answer = await client.post("/api/v1/venues", json={"slug": "bar", "name": "Bar"})
    assert (answer.status_code, answer.json()["type"]) == (403, "forbidden")
    assert len((await server.http.get("/api/v1/venues")).json()["venues"]) == 1


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("POST", f"{VENUE}/orders", Scope.ORDERS_READ),
        ("GET", f"{VENUE}/orders", Scope.ORDERS_WRITE),
        ("PATCH", VENUE, Scope.ORDERS_WRITE),
        ("POST", POINTS, Scope.ORDERS_WRITE),
        ("GET", f"{VENUE}/events", Scope.BOARD_READ),
    ],
)
async def test_a_wrong_scope_is_forbidden(
    server: VenueServer, method: str, path: str, scope: Scope
) -> None:
    async with server.client(await server.make_key(scope)) as client:
        answer = await client.request(method, path, json={} if method != "GET" else None)
    assert (answer.status_code, answer.json()["type"]) == (403, "forbidden")


@pytest.mark.parametrize("path", ["/b/main.json", "/b/main.txt", "/b/main/feed?poll=1"])
async def test_a_paired_board_needs_a_credential(server: VenueServer, path: str) -> None:
    await server.http.patch(f"{VENUE}/board", json={"access": "paired"})
    async with server.client() as nobody:
        refused = await nobody.get(path)
    assert (refused.status_code, refused.json()["type"]) == (401, "unauthorized")
    assert refused.headers["access-control-allow-origin"] == "*"
    async with server.client(await server.make_key(Scope.BOARD_READ)) as screen:
        assert (await screen.get(path)).status_code == 200
    async with server.client(await server.make_key(Scope.ORDERS_WRITE)) as till:
        assert (await till.get(path)).status_code == 403


async def test_a_paired_boards_page_asks_to_sign_in(server: VenueServer) -> None:
    await server.http.patch(f"{VENUE}/board", json={"access": "paired"})
    async with server.client() as nobody:
        page = await nobody.get("/b/main?plain=1")
    assert page.status_code == 303
    assert page.headers["location"] == "/staff/sign-in?next=%2Fb%2Fmain%3Fplain%3D1"
    assert (await server.http.get("/b/main")).status_code == 200


async def test_the_machine_readable_board_is_open_to_pages_of_any_site(
    server: VenueServer,
) -> None:
    async with server.client() as nobody:
        for path in ("/b/main.json", "/b/main.txt", "/b/main/feed?poll=1", "/b/none.json"):
            assert (await nobody.get(path)).headers["access-control-allow-origin"] == "*"
    async with Feed(server) as feed:
        assert feed.head["access-control-allow-origin"] == "*"
