"""What a paired screen says of itself every 30 seconds, and where it belongs."""

from dataclasses import dataclass
from functools import partial

from pydantic import ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.commands.screens import board_of, note_seen
from app.domain.screens import Report, Screen, engine_of
from app.feed.frames import parse_position
from app.web.auth import SCREEN_COOKIE
from app.web.context import House, caller, house
from app.web.model import WireModel
from app.web.native.types import Seq, ShortText, Whole
from app.web.table import Entry, Who

FRESH = {"Cache-Control": "no-store"}


class ReportBody(WireModel):
    """Times in ms. Unknown fields are let through: a page of a newer or older build reports too,
    until it has reloaded itself."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    position: ShortText = ""
    silent: Seq = 0
    drift: Whole = 0
    transport: ShortText = ""
    drawn: int = Field(0, strict=True, ge=0, le=10_000)
    build: ShortText = ""
    visible: bool = Field(True, strict=True)
    sound: ShortText = ""
    width: int = Field(0, strict=True, ge=0, le=100_000)
    height: int = Field(0, strict=True, ge=0, le=100_000)


class Placement(WireModel):
    """The screen's name, and the address of the board it belongs to: another one once somebody
    has moved it."""

    name: str
    address: str


async def take_report(request: Request) -> Response:
    here, screen = house(request), caller(request).screen
    assert screen is not None
    placement = Placement(name=screen.name, address=await board_address(here, screen))
    answer = JSONResponse(placement.model_dump(), headers=FRESH)
    if here.roll.take(screen, _report(request, screen)):
        await here.store.write(partial(note_seen, screen=screen.id))
        # Browsers keep a cookie for 400 days at most, and a screen may run for longer.
        here.auth.set_cookie(answer, request, request.cookies[SCREEN_COOKIE], SCREEN_COOKIE)
    return answer


async def board_address(here: House, screen: Screen) -> str:
    board = await here.store.read(partial(board_of, screen=screen))
    return path_of(here, screen.venue, board)


def path_of(here: House, venue: str, board: str) -> str:
    return f"{here.settings.root_path}/b/{venue}" + (f"/{board}" if board else "")


@dataclass(frozen=True, slots=True)
class Post:
    """What the page of a screen's own board needs to report: the screen's id, and the address
    where it belongs."""

    screen: str
    address: str


async def post_of(request: Request, venue: str, board: str) -> Post | None:
    """None for strangers, and for a screen on another board than its own: there its browser is
    one like any other, and nobody who looks at a second board is sent back to the first."""
    here = house(request)
    screen = (await here.auth.screen_of(request)).screen
    if screen is None:
        return None
    address = await board_address(here, screen)
    return Post(screen.id, address) if address == path_of(here, venue, board) else None


def _report(request: Request, screen: Screen) -> Report:
    body: ReportBody = request.state.body
    position = parse_position(body.position)
    ours = position is not None and position.venue == screen.venue
    said = body.model_dump(exclude={"position"})
    return Report(
        at=house(request).clock(),
        seq=position.seq if position and ours else None,
        engine=engine_of(request.headers.get("user-agent", "")),
        **said,
    )


ROUTES: tuple[Entry, ...] = (
    Entry(
        method="POST",
        path="/tv/report",
        handler=take_report,
        who=Who.SCREEN,
        summary="A paired screen reports for duty, and learns its name and where its board is",
        body=ReportBody,
        answer=Placement,
    ),
)
