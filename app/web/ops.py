"""Is it alive, is it able to keep orders: /healthz and /readyz."""

import shutil
import sqlite3
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app import __version__
from app.web.context import house
from app.web.native.answering import json_answer
from app.web.table import Entry, Who

LEAST_FREE_BYTES = 50 * 2**20


async def healthz(request: Request) -> Response:
    here = house(request)
    return json_answer({"status": "ok", "version": __version__, "build": here.build})


async def readyz(request: Request) -> Response:
    """503 with the reason while orders could not be kept."""
    store = house(request).store
    checks = {
        "database": await store.on_writer(_writable),
        "disk": _has_room(store.path.parent),
    }
    ready = all(checks.values())
    body = {"status": "ready" if ready else "not ready", "checks": checks}
    return json_answer(body, 200 if ready else 503)


def _has_room(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free >= LEAST_FREE_BYTES
    except OSError:
        return False


def _writable(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.Error:
        return False
    return True


async def go_to_staff(request: Request) -> Response:
    """Somebody typed nothing but the address."""
    return RedirectResponse(f"{house(request).settings.root_path}/staff", 303)


ROUTES = (
    Entry(method="GET", path="/", handler=go_to_staff, who=Who.PUBLIC, page=True),
    Entry(
        method="GET", path="/healthz", handler=healthz, who=Who.PUBLIC, summary="Is it alive?"
    ),
    Entry(
        method="GET", path="/readyz", handler=readyz, who=Who.PUBLIC,
        summary="Can it keep orders?",
    ),
)  # fmt: skip
