"""What makes the staff pages an app on a tablet's home screen: manifest, worker, offline page."""

import json

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from app.files import project_folder
from app.web.context import house
from app.web.staff.forms import POLICY

WALL = "#0b0f14"  # the dark ground of the pages and of the icon
ICONS = (
    ("icon.svg", "image/svg+xml", "any", "any"),
    ("icons/icon-192.png", "image/png", "192x192", "any"),
    ("icons/icon-512.png", "image/png", "512x512", "any"),
    ("icons/maskable-512.png", "image/png", "512x512", "maskable"),
)


async def show_manifest(request: Request) -> Response:
    here = house(request)
    staff = f"{here.settings.root_path}/staff"
    body = {
        "id": staff,
        "name": "Readyboard",
        "short_name": "Orders",
        "description": "Orders to make, hand out and call.",
        "start_url": staff,
        "scope": staff,
        "display": "standalone",
        "background_color": WALL,
        "theme_color": WALL,
        "icons": [
            {"src": here.static_url(name), "type": media, "sizes": sizes, "purpose": purpose}
            for name, media, sizes, purpose in ICONS
        ],
    }
    media = "application/manifest+json"
    return Response(json.dumps(body), media_type=media, headers={"Cache-Control": "no-cache"})


async def show_worker(request: Request) -> Response:
    """Under an address that never changes, so that a browser finds the next build's worker."""
    headers = {
        "Cache-Control": "no-cache",
        "Content-Security-Policy": "default-src 'none'; connect-src 'self'",
        "Service-Worker-Allowed": f"{house(request).settings.root_path}/staff",
    }
    return FileResponse(project_folder("static") / "worker.js", headers=headers)


async def show_offline(request: Request) -> Response:
    """Kept by the worker and shown when a page cannot be fetched."""
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": POLICY}
    return house(request).page("staff/offline.html", headers=headers)
