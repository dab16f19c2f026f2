"""The link to an order's ticket, as an address and as a QR code: for staff, slips and tills."""

import io
from urllib.parse import urlsplit

import segno
from starlette.requests import Request

from app.banner import ANYWHERE, lan_addresses
from app.domain.orders import Order
from app.domain.tickets import is_open, token_of
from app.web.context import house
from app.web.hosts import HOST

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def link_of(request: Request, order: Order) -> str | None:
    """The whole address of the order's ticket; None once it has ended."""
    here = house(request)
    if not is_open(order, here.clock()):
        return None
    return f"{home_of(request)}/o/{token_of(here.tickets.key, order.venue, order.id)}"


def home_of(request: Request) -> str:
    """Our own address as a guest's phone reaches it: the setting, else the one this page was asked
    at, or the machine's name on the network where that was its name for itself."""
    settings = house(request).settings
    if settings.public_url:
        return settings.public_url
    asked = request.headers.get("host", "")
    if not HOST.fullmatch(asked):
        asked = "{}:{}".format(*request.scope["server"])
    home = f"{request.scope['scheme']}://{asked}"
    parts = urlsplit(home)
    if parts.hostname in LOOPBACK and settings.host in ANYWHERE and (found := lan_addresses()):
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{found[0]}{port}"
    return home


def qr_svg(text: str) -> bytes:
    """Dark on white whatever stands behind it, with the quiet zone that readers need."""
    drawn = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(drawn, kind="svg", border=4, dark="#000000", light="#ffffff", omitsize=True)
    return drawn.getvalue()
