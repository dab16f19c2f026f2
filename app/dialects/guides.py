"""What a person enters in a foreign system's client, with this server's own addresses filled in."""

from urllib.parse import urlsplit

from app.banner import lan_addresses
from app.dialects.systems import DIALECTS
from app.domain.venues import Venue
from app.settings import Settings

EVERYWHERE = ("0.0.0.0", "::")


def guide_lines(system: str, venue: Venue, settings: Settings) -> list[str]:
    """Plain text lines, for a terminal."""
    dialect = DIALECTS[system]
    rows = guide_rows(system, venue, settings)
    wide = max((len(name) for name, _ in rows), default=0)
    return [
        f"{dialect.title} clients of the venue {venue.slug}:",
        "",
        *(f"  {name.ljust(wide)}  {value}" for name, value in rows),
        "",
        *dialect.guide.notes,
        "A key, shown once:",
        *(
            f"  readyboard key create --for {one.name} --venue {venue.slug}    # {one.about}"
            for one in dialect.credentials
        ),
    ]


def guide_rows(system: str, venue: Venue, settings: Settings) -> list[tuple[str, str]]:
    """Pairs of the client's field and what to enter there."""
    dialect = DIALECTS[system]
    base = root_of(system, venue, settings)
    parts = urlsplit(base)
    words = {
        "base": base,
        "host": parts.hostname or "",
        "port": str(parts.port or (443 if parts.scheme == "https" else 80)),
        "id": str(venue.dialects.get(system, {}).get(dialect.own_id, "")),
        "venue": venue.slug,
    }
    return [(name, value.format(**words)) for name, value in dialect.guide.fields]


def root_of(system: str, venue: Venue, settings: Settings) -> str:
    """The best address for the system's clients: a root of its own if the settings give it one,
    else its prefix on our own address."""
    for host, port, root in settings.addresses:
        if root and root.system == system and root.venue in (None, venue.slug):
            return f"http://{_reachable(host)}:{port}"
    own_host, own_port, _ = settings.addresses[0]
    for host, root in settings.host_roots.items():
        if root.system == system and root.venue in (None, venue.slug):
            return f"http://{host}:{own_port}"
    home = settings.public_url or f"http://{_reachable(own_host)}:{own_port}"
    at_root = settings.root is not None and settings.root.system == system
    return home if at_root else f"{home}/{system}"


def _reachable(host: str) -> str:
    if host not in EVERYWHERE:
        return f"[{host}]" if ":" in host else host
    return next(iter(lan_addresses()), "127.0.0.1")
