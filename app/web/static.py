"""Files of the pages, under an address that names the build: cached for ever, never stale."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from app import __version__
from app.domain.problems import NotFound
from app.files import project_folder
from app.web.context import house
from app.web.squeezing import squeezed
from app.web.table import Entry, Who

TEXTS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
FOR_EVER = "public, max-age=31536000, immutable"


@cache
def build_of_files() -> str:
    """12 hex characters that change with the program's version, pages, scripts and styles."""
    found = hashlib.sha256(__version__.encode())
    for folder in (project_folder("static"), project_folder("templates")):
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            found.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return found.hexdigest()[:12]


async def static_file(request: Request) -> Response:
    """A page of an older build gets today's file, but must not keep it."""
    file = _file(Path(request.path_params["path"]))
    if file is None:
        raise NotFound("There is no such file.")
    current = request.path_params["build"] == house(request).build
    headers = {"Cache-Control": FOR_EVER if current else "no-cache"}
    media = TEXTS.get(file.suffix)
    if media is None:
        return FileResponse(file, headers=headers)
    return squeezed(request, Response(file.read_bytes(), headers=headers, media_type=media))


def _file(wanted: Path) -> Path | None:
    if ".." in wanted.parts or wanted.is_absolute():
        return None
    file = project_folder("static") / wanted
    try:
        return file if file.is_file() else None
    except OSError:  # a name longer than the file system's longest
        return None


async def favicon(request: Request) -> Response:
    return FileResponse(
        project_folder("static") / "icon.svg", headers={"Cache-Control": "max-age=86400"}
    )


ROUTES = (
    Entry(
        method="GET", path="/static/{build}/{path:path}", handler=static_file, who=Who.PUBLIC,
        page=True,
    ),
    Entry(method="GET", path="/favicon.ico", handler=favicon, who=Who.PUBLIC, page=True),
)  # fmt: skip
