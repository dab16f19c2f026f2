"""A guest's page of one order (/o/{token}): the page, its data, its streams and its two buttons."""

import json
from collections.abc import Awaitable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

from pydantic import ConfigDict
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.websockets import WebSocket

from app.commands.tickets import OpenTicket, ticket_snapshot
from app.domain.problems import Problem, TicketNotFound, TooManyRequests
from app.domain.tickets import State, Ticket, ticket_body
from app.domain.times import to_ms
from app.feed.frames import Position
from app.feed.tickets import TicketEncoding, tag_of
from app.feed.viewer import Viewer
from app.web.board_pages import A_YEAR, FRESH, page_policy
from app.web.board_style import colours_of
from app.web.context import House, house
from app.web.model import WireModel
from app.web.native.answering import json_answer
from app.web.native.bodies import FeedQuery
from app.web.streams import answer_feed, follow_socket
from app.web.table import Entry, SocketEntry, Who
from app.web.ticket_words import LANGUAGES, Words, called, language_for, wait_line, words_of

TICKET = "/o/{token}"
WORDS_OF_PAGE = ("wait", "wait_one", "your_order", "sound_on", "sound_off", "late", "stale")


class TicketBody(WireModel):
    """Everything there is to say of an order in public."""

    model_config = ConfigDict(extra="forbid")

    number: str | None
    name: str | None
    state: State
    place: str
    here: bool
    may_arrive: bool
    until: int | None
    wait: list[int] | None


class TicketAnswer(WireModel):
    model_config = ConfigDict(extra="forbid")

    at: int
    seq: int
    position: str
    build: str
    ticket: TicketBody


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketView:
    """`base` is the page's own address relative to itself; `query` keeps the guest's language."""

    base: str
    query: str
    language: str
    ticket: Ticket
    venue: str
    title: str
    wait: str
    revision: int
    colour: str
    data: str
    words: str
    topic_url: str
    app_url: str
    asked: bool


async def show_ticket(request: Request) -> Response:
    rooms, language = house(request), _language(request)
    try:
        found = await _open(request)
    except TicketNotFound as problem:
        return _instead(request, problem, language)
    headers = {
        **FRESH,
        "Content-Security-Policy": _policy(request, rooms),
        "Referrer-Policy": "no-referrer",
    }
    language = language or found.board.language
    view = _view(request, rooms, found, language if language in LANGUAGES else "en")
    words = words_of(view.language)
    return rooms.page("ticket.html", headers=headers, v=view, w=words, languages=LANGUAGES)


async def show_json(request: Request) -> Response:
    found = await _open(request)
    return json_answer(_data(house(request), found), headers=FRESH)


async def show_style(request: Request) -> Response:
    """The colours of the venue's board."""
    board = (await _open(request)).board
    text = house(request).templates.get_template("ticket.css").render(c=colours_of(board))
    current = request.query_params.get("r", "").partition(".")[0] == str(board.revision)
    headers = {"Cache-Control": A_YEAR.replace("public", "private")} if current else FRESH
    return Response(text, media_type="text/css", headers=headers)


async def feed(request: Request) -> Response:
    return await answer_feed(request, await _viewer(request))


async def socket(socket: WebSocket) -> None:
    await follow_socket(socket, await _viewer(socket))


async def take_here(request: Request) -> Response:
    return await _pressed(request, house(request).tickets.say_here(_token(request)))


async def take_notify(request: Request) -> Response:
    rooms, language = house(request), _language(request)
    if rooms.tickets.phones is None:
        return _instead(request, TicketNotFound(""), language)
    language = language or (await _open(request)).board.language
    return await _pressed(request, rooms.tickets.ask_to_be_told(_token(request), language))


async def _pressed(request: Request, change: Awaitable[None]) -> Response:
    """Back to the page after a button, or a calm word about why not."""
    try:
        await change
    except (TicketNotFound, TooManyRequests) as problem:
        return _instead(request, problem, _language(request))
    root = house(request).settings.root_path
    return RedirectResponse(f"{root}/o/{_token(request)}{_query(request)}", 303)


def _instead(request: Request, problem: Problem, language: str) -> Response:
    """The same page for a forged link and one that is over: nobody learns which orders exist."""
    words = words_of(language or "en")
    back = _token(request) + _query(request) if isinstance(problem, TooManyRequests) else ""
    return house(request).page(
        "ticket_gone.html",
        status=problem.status,
        headers={**FRESH, "Content-Security-Policy": _policy(request, house(request))},
        language=language or "en",
        w=words,
        why="often" if back else "ended",
        back=back,
    )


async def _open(connection: HTTPConnection) -> OpenTicket:
    return await house(connection).tickets.open(_token(connection))


async def _viewer(connection: HTTPConnection) -> Viewer:
    """Sees the frames of its own order only. Raises TicketNotFound."""
    rooms, found = house(connection), await _open(connection)
    slug = found.venue.slug
    load = partial(rooms.store.read, partial(ticket_snapshot, venue=slug))
    channel = await rooms.hub.channel(("tickets", slug), TicketEncoding(rooms.build), load)
    return rooms.hub.viewer(channel, wanted=[frozenset({tag_of(found.order)})])


def _token(connection: HTTPConnection) -> str:
    token: str = connection.path_params["token"]
    return token


def _language(request: Request) -> str:
    """Empty if neither the guest nor the browser asks for one that we have."""
    accepted = request.headers.get("accept-language", "")
    return language_for(request.query_params.get("lang", ""), accepted)


def _query(request: Request) -> str:
    chosen = request.query_params.get("lang", "")
    return f"?lang={chosen}" if chosen in LANGUAGES else ""


def _data(rooms: House, found: OpenTicket) -> dict[str, Any]:
    venue = found.venue
    return {
        "at": to_ms(found.at),
        "seq": venue.seq,
        "position": str(Position(venue.slug, venue.epoch, venue.seq)),
        "build": rooms.build,
        "ticket": ticket_body(found.ticket),
    }


def _view(request: Request, rooms: House, found: OpenTicket, language: str) -> TicketView:
    ticket, words = found.ticket, words_of(language)
    topic_url = rooms.tickets.topic_url(found.venue.id, found.order) or ""
    return TicketView(
        base=_token(request),
        query=_query(request),
        language=language,
        ticket=ticket,
        venue=found.venue.name,
        title=f"{words[ticket.state]} · {called(ticket, words)}",
        wait=wait_line(ticket.wait, words),
        revision=found.board.revision,
        colour=colours_of(found.board).panel,
        data=json.dumps(_data(rooms, found)),
        words=json.dumps(_words_of_page(words)),
        topic_url=topic_url,
        app_url=_app_url(topic_url),
        asked=found.asked,
    )


def _words_of_page(words: Words) -> dict[str, str]:
    states = [word for state in State for word in (str(state), f"{state}_text")]
    return {name: words[name] for name in (*WORDS_OF_PAGE, *states)}


def _app_url(topic_url: str) -> str:
    """What the ntfy app for Android subscribes to by itself."""
    parts = urlsplit(topic_url)
    plain = "" if parts.scheme == "https" else "?secure=false"
    return f"ntfy://{parts.netloc}{quote(parts.path)}{plain}" if topic_url else ""


def _policy(request: Request, rooms: House) -> str:
    policy = page_policy(request, rooms, scripts=True)
    return policy.replace("form-action 'none'", "form-action 'self'")


ROUTES: tuple[Entry | SocketEntry, ...] = (
    Entry(
        method="GET", path=TICKET + ".json", handler=show_json, who=Who.PUBLIC,
        summary="A guest's ticket: one order as its guest may see it", answer=TicketAnswer,
    ),
    Entry(
        method="GET", path=TICKET + "/ticket.css", handler=show_style, who=Who.PUBLIC,
        media="text/css", page=True,
    ),
    Entry(
        method="GET", path=TICKET + "/feed", handler=feed, who=Who.PUBLIC, query=FeedQuery,
        summary="The ticket as SSE: hello, ticket, gone, notice, beat",
        media="text/event-stream",
    ),
    SocketEntry(
        path=TICKET + "/ws", handler=socket, who=Who.PUBLIC, query=FeedQuery,
        summary="The ticket over WebSocket",
    ),
    Entry(
        method="POST", path=TICKET + "/here", handler=take_here, who=Who.PUBLIC, page=True
    ),
    Entry(
        method="POST", path=TICKET + "/notify", handler=take_notify, who=Who.PUBLIC, page=True
    ),
    Entry(method="GET", path=TICKET, handler=show_ticket, who=Who.PUBLIC, page=True),
)  # fmt: skip
