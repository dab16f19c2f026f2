"""The guest's ticket on paper: its QR code, and a slip to print."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from app.domain.board import Board
from app.domain.orders import Order
from app.domain.problems import OrderNotFound, TicketNotFound
from app.domain.tickets import Ticket, ticket
from app.domain.venues import Venue
from app.store import orders, venues
from app.store.database import Reading
from app.web.context import house
from app.web.qr import qr_svg
from app.web.staff.forms import page
from app.web.ticket_links import link_of
from app.web.ticket_words import words_of


async def show_code(request: Request) -> Response:
    _, _, order, _ = await _look(request)
    return Response(
        qr_svg(_link(request, order)),
        media_type="image/svg+xml",
        headers={"Cache-Control": "no-store"},
    )


async def show_slip(request: Request) -> Response:
    """Says no more than the guest's page does, in the language of the venue's board."""
    venue, board, order, shown = await _look(request)
    return page(
        request,
        "slip",
        venue=venue,
        ticket=shown,
        order_id=order.id,
        link=_link(request, order),
        language=board.language,
        w=words_of(board.language),
    )


def _link(request: Request, order: Order) -> str:
    link = link_of(request, order)
    if link is None:
        raise TicketNotFound("The order ended more than an hour ago, and its ticket with it.")
    return link


async def _look(request: Request) -> tuple[Venue, Board, Order, Ticket]:
    at = request.path_params
    return await house(request).store.read(partial(_read, slug=at["venue"], order_id=at["order"]))


def _read(db: Reading, slug: str, order_id: str) -> tuple[Venue, Board, Order, Ticket]:
    venue = venues.open_by_slug(db, slug)
    order = orders.find(db, venue.id, order_id)
    if order is None:
        raise OrderNotFound("This order is not here. It may have been deleted.")
    board = venues.board(db, venue.id) or Board()
    return venue, board, order, ticket(order, board)
