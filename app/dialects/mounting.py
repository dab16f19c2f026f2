"""Where the foreign systems answer: each under a prefix of its own."""

from dataclasses import replace

from starlette.routing import BaseRoute, Mount

from app.dialects.systems import DIALECTS
from app.web.table import Entry


def mounts() -> list[BaseRoute]:
    return [Mount(dialect.prefix, app=dialect.app) for dialect in DIALECTS.values()]


def prefixed_tables() -> tuple[Entry, ...]:
    """Every foreign route with its prefix, for /openapi.json and /docs."""
    return tuple(
        replace(entry, path=dialect.prefix + entry.path, tag=dialect.name)
        for dialect in DIALECTS.values()
        for entry in dialect.table
    )
