"""What every handler may need, made once in main.py and kept on the application."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jinja2 import Environment
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse

from app.domain.people import Caller
from app.domain.point_screen import point_slug
from app.domain.screens import RollCall
from app.domain.times import utc_now
from app.feed.hub import Hub
from app.settings import Settings
from app.store.sqlite import SqliteStore
from app.web.auth import Auth
from app.web.pictures import Pictures
from app.web.ticket_desk import TicketDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """`build` names the program and its static files: a page of another build reloads itself."""

    settings: Settings
    store: SqliteStore
    hub: Hub
    auth: Auth
    templates: Environment
    tickets: TicketDesk
    roll: RollCall
    build: str
    clock: Callable[[], datetime] = utc_now
    started_at: datetime = field(default_factory=utc_now)
    pictures: Pictures = field(default_factory=Pictures)

    def static_url(self, name: str) -> str:
        return f"{self.settings.root_path}/static/{self.build}/{name}"

    def page(
        self,
        template: str,
        /,
        *,
        status: int = 200,
        headers: dict[str, str] | None = None,
        **data: object,
    ) -> HTMLResponse:
        """A rendered page; everything in `data` is escaped as text."""
        text = self.templates.get_template(template).render(house=self, **data)
        return HTMLResponse(text, status, headers)


def house(connection: HTTPConnection) -> House:
    found: House = connection.app.house
    return found


# The next two read the scope itself: Starlette's `state` looks for an attribute first and fails,
# which takes longer than all the rest.
def caller(connection: HTTPConnection) -> Caller:
    """Who is asking, as the route table's wrapper found out."""
    found: Caller = connection.scope["state"]["caller"]
    return found


def asked(connection: HTTPConnection) -> Any:
    """The query, read into the row's model."""
    return connection.scope["state"]["query"]


def board_asked(connection: HTTPConnection) -> tuple[str, str]:
    """Venue and slug of the board in the address: the default one, another, or the screen of a
    pickup point."""
    at = connection.path_params
    slug = point_slug(at["point"]) if "point" in at else at.get("board", "")
    return at["venue"], slug
