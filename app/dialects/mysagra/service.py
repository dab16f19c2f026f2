"""Whether it is well, pictures, and the day's closure."""

from functools import partial
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from app.commands.printing import close_day
from app.dialects.mysagra.answering import Sent, actor, answer, row, sent_body
from app.dialects.mysagra.bodies import Cuid
from app.dialects.mysagra.errors import no_reference, not_found
from app.dialects.mysagra.ids import stored_ids
from app.dialects.mysagra.report import report
from app.dialects.mysagra.words import NAME
from app.dialects.reading import validated
from app.domain.menu import CashRegister
from app.domain.times import iso
from app.domain.venues import Venue
from app.store import menu
from app.store.database import Reading
from app.web.context import house

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg"})


class ClosureBody(Sent):
    cashRegister: Cuid | None = None


async def tell_health(request: Request) -> Response:
    here = house(request)
    now = here.clock()
    uptime = (now - here.started_at).total_seconds()
    return answer({"status": "ok", "timestamp": iso(now), "uptime": round(uptime, 3)})


async def close_the_day(request: Request) -> Response:
    """One report of all orders since the day began, of one register's if it is named. It is also
    printed."""
    body, venue = validated(ClosureBody, await sent_body(request)), request.state.venue
    look = partial(_report, venue=venue, shown=body.cashRegister)
    told = await house(request).store.read(look)
    printed = {"cashRegister": body.cashRegister, "report": told}
    change = partial(close_day, venue=venue.slug, body=printed, actor=actor(request), dialect=NAME)
    await house(request).store.write(change)
    return answer([told], 201)


async def read_upload(request: Request) -> Response:
    """A picture that a category or banner names, from the folder `uploads` of the data folder."""
    folder = house(request).settings.data / "uploads"
    file = _picture(folder, request.path_params["path"])
    if file is None:
        raise not_found("File")
    headers = {
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "no-cache",
    }
    return FileResponse(file, headers=headers)


def _picture(folder: Path, path: str) -> Path | None:
    try:
        file = (folder / path).resolve()
        fits = file.is_relative_to(folder.resolve()) and file.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return None
    return file if fits and file.suffix.lower() in PICTURES else None


def _report(tx: Reading, venue: Venue, shown: str | None) -> dict[str, Any]:
    if shown is None:
        return report(tx, venue, None)
    known = (menu.one(tx, venue.id, CashRegister, one) for one in stored_ids(shown))
    register = next((one for one in known if one is not None), None)
    if register is None:
        raise no_reference("Cash register")
    return report(tx, venue, register)


ROUTES = (
    row("GET", "/health", tell_health, "anyone", "Whether the server is well"),
    row("GET", "/uploads/{path:path}", read_upload, "anyone", "A picture of the menu"),
    row(
        "POST", "/v1/reports/general-closure", close_the_day, "staff", "Close the day",
        body=ClosureBody, status=201,
    ),
)  # fmt: skip
