"""What every handler may need, made once in main.py and kept on the application."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from jinja2 import Environment
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse

from app.domain.people import Caller
from app.domain.times import utc_now
from app.feed.hub import Hub
from app.settings import Settings
from app.store.sqlite import SqliteStore
from app.web.auth import Auth


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """`build` names the program and its static files: a page of another build reloads itself."""

    settings: Settings
    store: SqliteStore
    hub: Hub
    auth: Auth
    templates: Environment
    build: str
    clock: Callable[[], datetime] = utc_now
    started_at: datetime = field(default_factory=utc_now)

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
    found: House = connection.app.state.house
    return found


def caller(connection: HTTPConnection) -> Caller:
    """Who is asking, as the route table's wrapper found out."""
    found: Caller = connection.state.caller
    return found
