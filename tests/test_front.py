"""What holds for every answer, whatever a handler does."""

import logging
from collections.abc import AsyncIterator
from contextlib import nullcontext

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from app.web.front import Front
from tests.venue_server import VenueServer


async def break_off(_: Request) -> StreamingResponse:
    async def body() -> AsyncIterator[bytes]:
        yield b"begun"
        raise RuntimeError("secret inside")

    return StreamingResponse(body())


async def test_an_answer_that_breaks_off_is_logged_with_its_address(
    server: VenueServer, caplog: pytest.LogCaptureFixture
) -> None:
    front = Front(server.house, (), [Route("/breaks", break_off)], [], lambda _: nullcontext())
    transport = httpx2.ASGITransport(app=front)
    async with httpx2.AsyncClient(transport=transport, base_url="http://x", verify=False) as http:
        with caplog.at_level(logging.ERROR), pytest.raises(RuntimeError):
            await http.get("/breaks")
    assert "GET /breaks broke off" in caplog.text
