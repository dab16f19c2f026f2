"""The link to a ticket on paper: for staff, for tills, and at which address."""

from dataclasses import replace
from pathlib import Path

import pytest
from starlette.requests import Request

from app.domain.orders import Status
from app.domain.people import Role
from app.main import make_app
from app.web.hosts import home_of
from tests.guest import path
from tests.staff_browser import browser, session_of
from tests.venue_server import VenueServer, serving

API = "/api/v1/venues/main/orders"


async def test_staff_and_tills_are_given_the_link(server: VenueServer) -> None:
    order = await server.place(name="Zoe", phone="+39 333 666 0000", note="Poisonnote")
    link = f"{server.url}{path(server, order)}"
    answer = (await server.http.get(f"{API}/{order.id}/ticket")).json()
    assert answer == {"url": link, "topic": None}
    async with browser(server, await session_of(server, "Anna", Role.VIEWER)) as staff:
        assert link in (await staff.get(f"/staff/main/orders/{order.id}")).text
        slip = (await staff.get(f"/staff/main/orders/{order.id}/slip")).text
        code = await staff.get(f"/staff/main/orders/{order.id}/ticket.svg")
    assert link in slip
    assert "Zoe" in slip
    assert "Poison" not in slip
    assert "333 666" not in slip
    assert code.headers["content-type"] == "image/svg+xml"
    assert code.text.count("<path") == 2  # the white ground and the code


async def test_links_for_paper_need_a_reader(server: VenueServer) -> None:
    order = await server.place()
    async with server.client() as nobody:
        assert (await nobody.get(f"{API}/{order.id}/ticket")).status_code == 401
        for rest in ("slip", "ticket.svg"):
            away = await nobody.get(f"/staff/main/orders/{order.id}/{rest}")
            assert (away.status_code, "/staff/sign-in" in away.headers["location"]) == (303, True)
    assert (await server.http.get(f"{API}/nothing/ticket")).status_code == 404
    over = await server.place(status=Status.COLLECTED)
    async with browser(server, await session_of(server, "Anna", Role.VIEWER)) as staff:
        assert (await staff.get(f"/staff/main/orders/{over.id}/slip")).status_code == 200
        assert (await staff.get("/staff/main/orders/nothing/slip")).status_code == 404


async def test_the_public_address_is_on_every_link(tmp_path: Path) -> None:
    async with serving(tmp_path, public_url="https://board.example.com/sub") as server:
        order = await server.place()
        at = path(server, order)
        link = (await server.http.get(f"{API}/{order.id}/ticket")).json()["url"]
        assert link == f"https://board.example.com/sub{at}"
        back = await server.http.post(f"{at}/here")
        assert back.headers["location"] == f"/sub{at}"


@pytest.mark.parametrize("host", ["", "[::1", "a b", "x" * 300, 'evil"><script>'])
async def test_no_host_header_breaks_the_link(server: VenueServer, host: str) -> None:
    order = await server.place()
    answer = await server.http.get(f"{API}/{order.id}/ticket", headers={"Host": host})
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert answer.json()["url"] == f"{server.url}{path(server, order)}"


@pytest.mark.parametrize(
    ("host", "asked", "home"),
    [
        ("0.0.0.0", "localhost:8080", "http://192.0.2.7:8080"),
        ("0.0.0.0", "[::1]", "http://192.0.2.7"),
        ("0.0.0.0", "till.lan:8080", "http://till.lan:8080"),
        ("127.0.0.1", "localhost:8080", "http://localhost:8080"),
    ],
)
async def test_a_page_opened_as_localhost_still_prints_what_phones_can_reach(
    server: VenueServer, monkeypatch: pytest.MonkeyPatch, host: str, asked: str, home: str
) -> None:
    monkeypatch.setattr("app.web.hosts.lan_addresses", lambda: ["192.0.2.7"])
    settings = server.house.settings.model_copy(update={"host": host})
    app = make_app(replace(server.house, settings=settings))
    scope = {"type": "http", "scheme": "http", "headers": [(b"host", asked.encode())], "app": app}
    assert home_of(Request(scope)) == home
