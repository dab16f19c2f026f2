"""The public board as a page, a plain page, its style sheet, JSON and text."""

import re

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from app.domain.board import Board, Sound
from app.feed.hub import BoardState
from app.web.board_style import colours_of, sizes_of
from app.web.board_view import text_of, view_of
from app.web.context import House, house
from app.web.table import Entry, Who

HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?")
FRESH = {"Cache-Control": "no-store"}
A_YEAR = "public, max-age=31536000, immutable"


async def show_board(request: Request) -> Response:
    """The board page; `?plain=1` is the same without a script, renewing itself."""
    rooms = house(request)
    plain = request.query_params.get("plain") == "1"
    headers = {
        "Content-Security-Policy": page_policy(request, rooms, scripts=not plain),
        "Cache-Control": "no-store",
    }
    state = await _state(request)
    view, scripts = view_of(state, plain=plain), scripts_of(state.board)
    template = "board_plain.html" if plain else "board.html"
    return rooms.page(template, headers=headers, view=view, scripts=scripts)


async def show_style(request: Request) -> Response:
    """Sizes and colours of a board; its address carries the revision, so it may be kept."""
    state = await _state(request)
    css = house(request).templates.get_template("board.css")
    text = css.render(s=sizes_of(state.board), c=colours_of(state.board))
    current = request.query_params.get("r", "").partition(".")[0] == str(state.board.revision)
    return Response(
        text,
        media_type="text/css",
        headers={"Cache-Control": A_YEAR if current else "no-store"},
    )


async def show_json(request: Request) -> Response:
    return JSONResponse((await _state(request)).hello, headers=FRESH)


async def show_text(request: Request) -> Response:
    return PlainTextResponse(text_of(await _state(request)), headers=FRESH)


async def _state(request: Request) -> BoardState:
    at = request.path_params
    return await house(request).hub.board_state(at["venue"], at.get("board", ""))


def scripts_of(board: Board) -> list[str]:
    """The scripts of a board's page; what a silent board does not need is not loaded."""
    return ["board.js"] if board.sound == Sound.OFF else ["board.js", "sound.js"]


def page_policy(request: Request, rooms: House, *, scripts: bool) -> str:
    """Content-Security-Policy of a board page: nothing inline, nothing from elsewhere. Older
    engines do not count a WebSocket to the same host as 'self', so it is named."""
    host = request.headers.get("host", "")
    sockets = f" ws://{host} wss://{host}" if HOST.fullmatch(host) else ""
    rules = [
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        f"frame-ancestors {rooms.settings.frame_ancestors}",
    ]
    if scripts:
        rules += ["script-src 'self'", f"connect-src 'self'{sockets}"]
    return "; ".join(rules)


def _rows(prefix: str, of: str) -> list[Entry]:
    """The rows of one board address, those with a suffix first."""
    return [
        Entry(
            method="GET",
            path=f"{prefix}.json",
            handler=show_json,
            who=Who.BOARD,
            summary=f"{of} as JSON",
            open_to_all=True,
        ),
        Entry(
            method="GET",
            path=f"{prefix}.txt",
            handler=show_text,
            who=Who.BOARD,
            summary=f"{of} as text",
            media="text/plain",
            open_to_all=True,
        ),
        Entry(
            method="GET",
            path=f"{prefix}/board.css",
            handler=show_style,
            who=Who.BOARD,
            media="text/css",
            page=True,
        ),
        Entry(method="GET", path=prefix, handler=show_board, who=Who.BOARD, page=True),
    ]


# `/b/{venue}/{board}` also matches the feed's addresses, so those stand before this table.
ROUTES: list[Entry] = [
    *_rows("/b/{venue}", "The venue's board"),
    *_rows("/b/{venue}/{board}", "One of the venue's boards"),
]
