"""Connecting by API and on the staff page."""

import re

import httpx2
import pytest

from app.domain.people import Role
from app.settings import SYSTEMS
from tests.dialects.doors import door
from tests.staff_browser import browser as browser_of, session_of
from tests.venue_server import VenueServer

PATH = "/api/v1/venues/main/systems"


async def test_every_system_is_listed_and_off_at_first(server: VenueServer) -> None:
    listed = (await server.http.get(PATH)).json()["systems"]
    assert [(one["system"], one["settings"]["on"]) for one in listed] == [
        (system, False) for system in SYSTEMS
    ]


async def test_a_system_is_switched_on_and_answers(server: VenueServer) -> None:
    async with door(server, "eatsa") as nobody:
        assert (await nobody.get("/v1/stores")).status_code in (401, 404)
    changed = await server.http.patch(f"{PATH}/eatsa", json={"store_id": "cb8c37f2"})
    assert changed.json()["settings"]["store_id"] == "cb8c37f2"
    assert changed.json()["settings"]["on"]
    venue = (await server.http.get("/api/v1/venues/main")).json()
    assert venue["dialects"]["eatsa"]["store_id"] == "cb8c37f2"


@pytest.mark.parametrize(
    ("system", "body", "status", "kind"),
    [
        ("square", {"on": True}, 404, "not-found"),
        ("eatsa", {"on": "perhaps"}, 422, "invalid-request"),
        ("eatsa", {"rubbish": 1}, 422, "invalid-request"),
        ("tastyigniter", {"location_id": "x"}, 422, "invalid-request"),
    ],
)
async def test_wrong_settings_are_refused_in_our_own_shape(
    server: VenueServer, system: str, body: dict[str, object], status: int, kind: str
) -> None:
    answer = await server.http.patch(f"{PATH}/{system}", json=body)
    assert (answer.status_code, answer.json()["type"]) == (status, kind)


async def test_an_admin_connects_on_the_staff_page(server: VenueServer) -> None:
    async with browser_of(server, await session_of(server, "Ada", Role.ADMIN)) as browser:
        page = await browser.get("/staff/main/systems")
        assert page.status_code == 200
        assert page.text.count("Switch on") == len(SYSTEMS)
        await browser.post("/staff/main/systems/hyra", data={"do": "switch", "on": "true"})
        saved = await browser.post(
            "/staff/main/systems/hyra",
            data={"do": "save", "on": "true", "workspace_id": "my-cafe", "requests_per_minute": ""},
        )
        assert saved.status_code in (200, 303)
        page = await browser.get("/staff/main/systems")
        assert 'value="my-cafe"' in page.text
        made = await browser.post("/staff/main/systems/keys", data={"client": "hyra"})
        secret = re.search(r'id="secret">([^<]+)<', made.text)
        assert secret is not None
        assert secret[1] not in (await browser.get("/staff/main/systems")).text
        assert await _status(server, "hyra", Authorization=f"Bearer {secret[1]}") != 401
        wrong = await browser.post(
            "/staff/main/systems/hyra",
            data={"do": "save", "on": "true", "requests_per_minute": "many"},
        )
        assert wrong.status_code == 422


async def _status(server: VenueServer, system: str, **headers: str) -> int:
    async with door(server, system, **headers) as client:
        answer: httpx2.Response = await client.get("/players/orders/my-cafe")
    return answer.status_code
