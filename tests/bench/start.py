"""What there is before anyone looks: the start, the memory of an idle server, the board's page."""

import gzip
import re
import socket
import sys
import time
from compileall import compile_dir
from dataclasses import dataclass

from tests.bench.machine import ROOT, private_bytes
from tests.bench.servers import STANDING, Shop, free_port, running
from tests.bench.standing import prepare

BOARD = "/b/main"
LINKED = re.compile(rb'(?:src|href)="(/static/[^"]+)"')
SETTLES_SECONDS = 2.0
LONGEST_START = 30.0


@dataclass(frozen=True, slots=True)
class Start:
    """`page` is the board with 60 orders, `everything` that and all files it loads: bytes on the
    wire, heads included, as a browser asks for them that has none yet."""

    seconds: float
    idle_bytes: int
    page_bytes: int
    everything_bytes: int


def measure(shop: Shop) -> Start:
    # As pip does where it is installed. A start that compiles everything takes a third longer, and
    # some shells forbid Python to keep what it compiled.
    compile_dir(ROOT / "app", quiet=1)
    folder, port = shop.new_folder("start"), free_port()
    prepare(folder, STANDING)
    command = [sys.executable, "-m", "app", "serve", "--port", str(port), "--data", str(folder)]
    started = time.perf_counter()
    with running(command, shop.folder / "start.log") as child:
        page = _first_answer(port, started + LONGEST_START)
        seconds = time.perf_counter() - started
        linked = {address.decode() for address in LINKED.findall(_plain(page))}
        everything = len(page) + sum(len(fetch(port, address)) for address in linked)
        # Idle is when what starting took has been given back.
        time.sleep(SETTLES_SECONDS)
        return Start(seconds, private_bytes(child.pid), len(page), everything)


def _first_answer(port: int, deadline: float) -> bytes:
    while True:
        try:
            return fetch(port, BOARD)
        except ConnectionRefusedError:
            if time.perf_counter() > deadline:
                raise
            time.sleep(0.002)


def fetch(port: int, path: str) -> bytes:
    """The whole answer as it came. Raises ConnectionRefusedError, RuntimeError if it is not 200."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        asked = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n"
        connection.sendall(f"{asked}Connection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    if not answer.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"{path}: {answer[:200]!r}")
    return answer


def _plain(page: bytes) -> bytes:
    """The page's text; compressed or not is the server's choice."""
    head, _, body = page.partition(b"\r\n\r\n")
    if b"content-encoding: gzip" in head.lower():
        return gzip.decompress(body)
    return body
