"""Our own address as others reach us, and what we believe of a Host header: anything else may be an
attack on what we write into a page."""

import re
from urllib.parse import urlsplit

from starlette.requests import Request

from app.banner import ANYWHERE, is_loopback, lan_addresses
from app.web.context import house

HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?")


def home_of(request: Request) -> str:
    """Our own address as a phone reaches it: the setting, else the one this page was asked at, or
    the machine's name on the network where that was its name for itself."""
    settings = house(request).settings
    if settings.public_url:
        return settings.public_url
    asked = request.headers.get("host", "")
    if not HOST.fullmatch(asked):
        asked = "{}:{}".format(*request.scope["server"])
    home = f"{request.scope['scheme']}://{asked}"
    parts = urlsplit(home)
    on_itself = settings.host in ANYWHERE and is_loopback(parts.hostname or "")
    if on_itself and (found := lan_addresses()):
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{found[0]}{port}"
    return home
