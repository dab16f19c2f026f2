"""The public board as a page, a plain page, its style sheet, JSON and text."""

from functools import partial

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from app.domain.board import Board, Sound
from app.domain.problems import NotFound
from app.feed.hub import BoardState
from app.store import venues
from app.store.database import Reading
from app.web.board_style import colours_of, sizes_of
from app.web.board_view import text_of, view_of
from app.web.board_words import RIGHT_TO_LEFT
from app.web.context import House, board_asked, house
from app.web.hosts import HOST
from app.web.qr import qr_svg
from app.web.screens import post_of
from app.web.squeezing import squeezed
from app.web.table import Entry, Who

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
    post = None if plain else await post_of(request, state.venue.slug, state.board.slug)
    if post is not None:
        scripts.append("screen.js")
    template = "board_plain.html" if plain else "board.html"
    page = rooms.page(template, headers=headers, view=view, scripts=scripts, post=post)
    return squeezed(request, page)


async def show_style(request: Request) -> Response:
    """Sizes and colours of a board; its address carries the revision, so it may be kept."""
    state = await _state(request)
    text = style_sheet(house(request).templates, state.board)
    current = request.query_params.get("r", "").partition(".")[0] == str(state.board.revision)
    headers = {"Cache-Control": A_YEAR if current else "no-store"}
    return squeezed(request, Response(text, headers=headers, media_type="text/css"))


async def show_logo(request: Request) -> Response:
    """A picture of the venue's, under a name made from its bytes."""
    at = request.path_params
    found = await house(request).store.read(partial(_image, venue=at["venue"], name=at["name"]))
    return Response(found[1], media_type=found[0], headers={"Cache-Control": A_YEAR})


async def show_order_code(request: Request) -> Response:
    """The QR code of the address where guests order."""
    address = (await _state(request)).board.order_url
    if not address:
        raise NotFound("This board has no address to order at.")
    return svg_answer(address)


def svg_answer(text: str) -> Response:
    return Response(qr_svg(text), media_type="image/svg+xml", headers=FRESH)


def _image(tx: Reading, venue: str, name: str) -> tuple[str, bytes]:
    found = venues.by_slug(tx, venue)
    image = venues.image(tx, found.id, name) if found else None
    if image is None:
        raise NotFound("There is no such picture.")
    return image


async def show_json(request: Request) -> Response:
    return JSONResponse((await _state(request)).hello, headers=FRESH)


async def show_text(request: Request) -> Response:
    return PlainTextResponse(text_of(await _state(request)), headers=FRESH)


async def _state(request: Request) -> BoardState:
    return await house(request).hub.board_state(*board_asked(request))


def style_sheet(templates: Environment, board: Board) -> str:
    languages = {board.language, board.second_language}
    return templates.get_template("board.css").render(
        s=sizes_of(board),
        c=colours_of(board),
        board=board,
        right_to_left=not RIGHT_TO_LEFT.isdisjoint(languages),
    )


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
        rules += ["script-src 'self'", f"connect-src 'self'{sockets}", "media-src 'self'"]
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
        Entry(
            method="GET",
            path=f"{prefix}/order",
            handler=show_order_code,
            who=Who.BOARD,
            media="image/svg+xml",
            page=True,
        ),
        Entry(method="GET", path=prefix, handler=show_board, who=Who.BOARD, page=True),
    ]


# `/b/{venue}/{board}` also matches the feed's addresses, so those stand before this table.
ROUTES: list[Entry] = [
    Entry(
        method="GET",
        path="/b/{venue}/logo/{name}",
        handler=show_logo,
        who=Who.PUBLIC,
        media="image/png",
        page=True,
    ),
    Entry(
        method="GET",
        path="/b/{venue}/{board}/logo/{name}",
        handler=show_logo,
        who=Who.PUBLIC,
        media="image/png",
        page=True,
    ),
    *_rows("/b/{venue}", "The venue's board"),
    *_rows("/b/{venue}/{board}", "One of the venue's boards"),
]
