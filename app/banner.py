"""What a person reads when the server has started: where to go next."""

import fcntl
import io
import socket
import struct

import segno

from app import __version__
from app.settings import Settings

SIOCGIFADDR = 0x8915  # netdevice(7): the IPv4 address of one network interface
ANYWHERE = {"0.0.0.0", "::", ""}


def banner(
    settings: Settings, setup_token: str | None = None, *, port: int | None = None, qr: bool = False
) -> str:
    """`port`: the one really listened on, where the setting is 0. `qr`: draw codes for a phone,
    which only a terminal shows well."""
    port = settings.port if port is None else port
    home = settings.public_url or f"http://{_in_url(_host_to_show(settings.host))}:{port}"
    lines = [f"Readyboard {__version__}", ""]
    lines += _places(home)
    lines += [f"  Data   {settings.data}", ""]
    if settings.host in ANYWHERE and not settings.public_url:
        others = [f"http://{address}:{port}" for address in lan_addresses()]
        lines += [f"  On the network: {', '.join(others)}", ""] if others else []
        home = others[0] if others else home
    if setup_token:
        lines += ["  Make the first admin here; the link works once:"]
        lines += [f"  {home}/setup?token={setup_token}", ""]
    if settings.host in ANYWHERE and qr:
        staff = f"{home}/setup?token={setup_token}" if setup_token else f"{home}/staff/main"
        lines = [_code("Staff", staff), _code("Board", f"{home}/b/main"), *lines]
    elif is_loopback(settings.host) and not settings.public_url:
        lines += ["  Only this machine gets in; `make run HOST=0.0.0.0` lets TVs in", ""]
    return "\n".join(lines)


def lan_addresses() -> list[str]:
    """This machine's IPv4 addresses that others can reach, the usual way out first."""
    found = [address for address in map(_address_of, _interfaces()) if address]
    way_out = _way_out()
    return sorted({a for a in found if not is_loopback(a)}, key=lambda a: (a != way_out, a))


def _places(home: str) -> list[str]:
    return [
        f"  Board  {home}/b/main",
        f"  Staff  {home}/staff/main",
        f"  API    {home}/docs",
    ]


def _host_to_show(host: str) -> str:
    return "127.0.0.1" if host in ANYWHERE else host


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def is_loopback(host: str) -> bool:
    return host == "localhost" or host == "::1" or host.startswith("127.")


def _interfaces() -> list[str]:
    return [name for _, name in socket.if_nameindex()]


def _address_of(interface: str) -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        request = struct.pack("256s", interface.encode()[:15])
        try:
            answer = fcntl.ioctl(asked.fileno(), SIOCGIFADDR, request)
        except OSError:  # an interface without an IPv4 address
            return None
        return socket.inet_ntoa(answer[20:24])


def _way_out() -> str:
    """The address packets to elsewhere leave from. Connecting a datagram socket sends nothing;
    192.0.2.1 is reserved for documentation."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(("192.0.2.1", 9))
        except OSError:
            return ""
        return str(asked.getsockname()[0])


def _code(title: str, url: str) -> str:
    drawn = io.StringIO()
    segno.make(url, error="L", micro=False).terminal(drawn, border=2, compact=True)
    return f"{title}: {url}\n{drawn.getvalue()}"
