"""The Lua module that games require, with this server's address in it, and a sample exporter."""

import asyncio
import re

from starlette.requests import Request
from starlette.responses import Response

from app.dialects.hyra.errors import HyraErrorAnswer
from app.dialects.shape import OPEN, base_url
from app.files import project_folder
from app.web.table import Entry

MEDIA = "text/plain; charset=utf-8"
PLACEHOLDER = "http://localhost:8080/hyra"
# A Host header may hold anything, and this goes into a program.
SAFE = re.compile(r"https?://[A-Za-z0-9.:_~%/\[\]-]+")


async def module_source(request: Request) -> Response:
    text = await asyncio.to_thread(_read, "orderlog.lua")
    base = base_url(request)
    if SAFE.fullmatch(base):
        text = text.replace(PLACEHOLDER, base)
    return Response(text, media_type=MEDIA)


async def exporter_source(request: Request) -> Response:
    return Response(await asyncio.to_thread(_read, "orderlog-exporter.lua"), media_type=MEDIA)


def _read(name: str) -> str:
    return (project_folder("static") / "hyra" / name).read_text("utf-8")


ROUTES = (
    Entry(
        method="GET", path="/orderlog.lua", handler=module_source, who=OPEN, media=MEDIA,
        summary="The order logging module for Roblox games, with this server's address",
        refusal=HyraErrorAnswer,
    ),
    Entry(
        method="GET", path="/orderlog-exporter.lua", handler=exporter_source, who=OPEN,
        media=MEDIA, summary="A sample exporter for games of several scripts",
        refusal=HyraErrorAnswer,
    ),
)  # fmt: skip
