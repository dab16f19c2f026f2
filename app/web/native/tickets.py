"""/api/v1/venues/{venue}/orders/{order}/ticket: what a till prints for the guest."""

from starlette.requests import Request
from starlette.responses import Response

from app.domain.problems import TicketNotFound
from app.web.context import house
from app.web.native.answering import json_answer
from app.web.native.answers import TicketLinkAnswer
from app.web.native.orders import ORDER, open_order
from app.web.table import Entry, Who
from app.web.ticket_links import link_of


async def read_ticket(request: Request) -> Response:
    """The link, to be printed as a QR code, and the topic of an ntfy server if there is one."""
    slug, order_id = request.path_params["venue"], request.path_params["order"]
    here = house(request)
    order = await here.store.read(lambda tx: open_order(tx, slug, order_id))
    link = link_of(request, order)
    if link is None:
        raise TicketNotFound("The order ended more than an hour ago, and its ticket with it.")
    return json_answer({"url": link, "topic": here.tickets.topic_url(order.venue, order.id)})


ROUTES = (
    Entry(
        method="GET", path=ORDER + "/ticket", handler=read_ticket, who=Who.READ,
        summary="The guest's own page of an order: its link, and where their phone is told",
        answer=TicketLinkAnswer, problems=(404,),
    ),
)  # fmt: skip
