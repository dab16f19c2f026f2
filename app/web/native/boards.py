"""The boards of a venue and their settings."""

from dataclasses import asdict
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.commands import venues as commands
from app.domain.board import Board, Theme
from app.domain.problems import BoardNotFound, Invalid
from app.store import venues
from app.store.database import Reading
from app.web.board_style import weak_pairs
from app.web.context import caller, house
from app.web.native.answering import json_answer
from app.web.native.answers import BoardAnswer, BoardsAnswer
from app.web.native.bodies import BoardBody, NewBoardBody
from app.web.table import Entry, Who

VENUE = "/api/v1/venues/{venue}"


async def list_boards(request: Request) -> Response:
    slug = request.path_params["venue"]
    found = await house(request).store.read(
        lambda tx: venues.boards(tx, venues.open_by_slug(tx, slug).id)
    )
    return json_answer({"boards": [asdict(board) for board in found]})


async def add_board(request: Request) -> Response:
    body: NewBoardBody = request.state.body
    settings = body.changes()
    slug = settings.pop("slug")
    refuse_weak_colours(Board(**settings))
    change = partial(commands.add_board, board=slug, settings=settings, **_where(request))
    return json_answer(asdict(await house(request).store.write(change)), 201)


async def read_board(request: Request) -> Response:
    which = _which(request)
    return json_answer(asdict(await house(request).store.read(lambda tx: _board(tx, **which))))


async def change_board(request: Request) -> Response:
    body: BoardBody = request.state.body
    which, changes = _which(request), body.changes()
    change = partial(
        commands.change_board,
        board=which["board"],
        changes=changes,
        check=refuse_weak_colours,
        **_where(request),
    )
    return json_answer(asdict(await house(request).store.write(change)))


async def remove_board(request: Request) -> Response:
    change = partial(commands.remove_board, board=request.path_params["board"], **_where(request))
    await house(request).store.write(change)
    return Response(status_code=204)


def refuse_weak_colours(board: Board) -> None:
    """Raises Invalid for own colours that cannot be read (board.md 5.4)."""
    if board.theme == Theme.OWN and (weak := weak_pairs(board)):
        errors = [{"path": "own_wall", "message": message} for message in weak]
        raise Invalid("These colours cannot be read: " + "; ".join(weak) + ".", errors=errors)


def _board(tx: Reading, venue: str, board: str) -> Board:
    """Raises VenueNotFound, BoardNotFound."""
    found = venues.board(tx, venues.open_by_slug(tx, venue).id, board)
    if found is None:
        raise BoardNotFound(f"Venue '{venue}' has no board '{board}'.")
    return found


def _which(request: Request) -> dict[str, str]:
    at = request.path_params
    return {"venue": at["venue"], "board": at.get("board", "")}


def _where(request: Request) -> dict[str, Any]:
    return {"venue": request.path_params["venue"], "actor": caller(request).actor}


def _rows(path: str, of: str) -> tuple[Entry, ...]:
    return (
        Entry(
            method="GET", path=path, handler=read_board, who=Who.BOARD_READ,
            summary=f"Read the settings of {of}", answer=BoardAnswer, problems=(404,),
        ),
        Entry(
            method="PATCH", path=path, handler=change_board, who=Who.ADMIN,
            summary=f"Change the settings of {of}; its screens follow at once",
            body=BoardBody, answer=BoardAnswer, problems=(404,),
        ),
    )  # fmt: skip


ROUTES = (
    *_rows(VENUE + "/board", "the venue's default board"),
    Entry(
        method="GET", path=VENUE + "/boards", handler=list_boards, who=Who.BOARD_READ,
        summary="List the boards, the default one first", answer=BoardsAnswer, problems=(404,),
    ),
    Entry(
        method="POST", path=VENUE + "/boards", handler=add_board, who=Who.ADMIN, status=201,
        summary="Add a board at /b/{venue}/{slug}", body=NewBoardBody, answer=BoardAnswer,
        problems=(404, 409),
    ),
    *_rows(VENUE + "/boards/{board}", "a board"),
    Entry(
        method="DELETE", path=VENUE + "/boards/{board}", handler=remove_board, who=Who.ADMIN,
        status=204, summary="Remove a board", problems=(404,),
    ),
)  # fmt: skip
