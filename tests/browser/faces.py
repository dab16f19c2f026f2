"""Every page a person may see, on one busy evening: what to open, on which screens, as whom."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest_asyncio

from app.commands.venues import add_board, change_board
from app.domain.orders import Status
from app.domain.people import Role
from tests.screenshots.evening import set_the_table
from tests.staff_browser import session_of
from tests.venue_server import TILL, VenueServer

WALL, STANDING, TABLET, PHONE = (1920, 1080), (1080, 1920), (1024, 768), (390, 844)
CUBBY = (1024, 600)
WALLS, HANDS = (WALL, STANDING, TABLET, PHONE), (PHONE, TABLET)


@dataclass(frozen=True)
class Face:
    """`path` may name `{ready}`, `{held}` (order ids) or `{ready_ticket}` and so on; `signed_in`
    pages are opened as an admin. `plain` pages follow no colour scheme of the device."""

    name: str
    path: str
    sizes: tuple[tuple[int, int], ...] = HANDS
    signed_in: bool = True
    plain: bool = False


def _wall(name: str, path: str, *sizes: tuple[int, int]) -> Face:
    return Face(name, path, sizes or (WALL,), signed_in=False, plain=True)


FACES = (
    _wall("board", "/b/main", *WALLS),
    _wall("board-day", "/b/main/day"),
    _wall("board-contrast", "/b/main/contrast"),
    _wall("board-alias", "/b/main/alias"),
    _wall("board-arabic", "/b/main/arabic"),
    _wall("board-ready", "/b/main/ready", WALL, STANDING),
    _wall("board-strict", "/b/main/strict"),
    _wall("board-plain", "/b/main?plain=1", WALL, PHONE),
    _wall("point", "/b/main/point/Window 1", CUBBY, PHONE),
    _wall("point-free", "/b/main/point/Window 6", CUBBY),
    _wall("tv", "/tv", WALL, PHONE),
    _wall("ticket-preparing", "{preparing_ticket}", PHONE),
    _wall("ticket-ready", "{ready_ticket}", PHONE, TABLET),
    _wall("ticket-host", "{held_ticket}", PHONE),
    Face("sign-in", "/staff/sign-in", signed_in=False),
    Face("docs", "/docs", signed_in=False),
    Face("pad", "/staff/main", (*HANDS, (1280, 800))),
    Face("order", "/staff/main/orders/{ready}"),
    Face("slip", "/staff/main/orders/{ready}/slip"),
    Face("finished", "/staff/main/finished"),
    Face("menu", "/staff/main/menu"),
    Face("boards", "/staff/main/boards"),
    Face("board-editor", "/staff/main/boards/default", (*HANDS, (1440, 900))),
    Face("screens", "/staff/main/screens"),
    Face("pair", "/staff/pair"),
    Face("day", "/staff/main/day"),
    Face("audit", "/staff/main/audit"),
    Face("fallback", "/staff/main/fallback"),
    Face("settings", "/staff/main/settings"),
    Face("systems", "/staff/main/systems"),
    Face("people", "/staff/people"),
    Face("account", "/staff/account"),
)
BOARDS: dict[str, dict[str, Any]] = {
    "day": {"theme": "day", "ready_colour": "amber", "title": "Beer tent"},
    "contrast": {"theme": "contrast", "ready_colour": "green"},
    "alias": {"shows": "alias", "ready_colour": "green"},
    "arabic": {"language": "ar", "ready_colour": "amber"},
    "ready": {"lanes": "ready"},
    "strict": {"layout": "eatsa"},
}


@dataclass(frozen=True)
class Evening:
    server: VenueServer
    session: str
    places: dict[str, str]

    def address(self, face: Face) -> str:
        return self.server.url + face.path.format(**self.places)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def evening(tmp_path_factory: Any) -> AsyncIterator[Evening]:
    folder: Path = tmp_path_factory.mktemp("evening")
    server = VenueServer(folder)
    await server.start()
    await set_the_table(server)
    for slug, settings in BOARDS.items():
        add = partial(add_board, venue="main", board=slug, settings={}, actor=TILL)
        await server.store.write(add)
        change = partial(change_board, venue="main", board=slug, changes=_typed(settings))
        await server.store.write(partial(change, actor=TILL))
    session = await session_of(server, "Anna", Role.ADMIN)
    yield Evening(server, session, await _places(server))
    await server.stop()


def _typed(settings: dict[str, Any]) -> dict[str, Any]:
    from app.web.native.bodies import BoardBody

    return BoardBody.model_validate(settings).changes()


async def _places(server: VenueServer) -> dict[str, str]:
    """Ids and tickets of one order in each state."""
    found: dict[str, str] = {}
    for status in (Status.PREPARING, Status.READY, Status.HELD):
        query = {"status": status, "limit": 1}
        orders = (await server.http.get("/api/v1/venues/main/orders", params=query)).json()
        order = orders["orders"][0]["id"]
        ticket = (await server.http.get(f"/api/v1/venues/main/orders/{order}/ticket")).json()
        path = "/o/" + ticket["url"].rpartition("/o/")[2]
        found |= {str(status): order, f"{status}_ticket": path}
    return found
