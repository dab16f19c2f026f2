"""The servers that are compared, each in a process of its own on the first core."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from string import Template

from tests.bench.machine import server_core, start_on
from tests.bench.standing import prepare

CONFIGURATION = Path(__file__).with_name("nchan.conf")
STANDING = 60  # orders on the board
CALLERS = 64
STOPS_WITHIN_SECONDS = 20
NCHAN = "ngx_nchan_module.so"
MODULE_FOLDERS = ("/usr/lib/nginx/modules", "/usr/lib64/nginx/modules", "/usr/share/nginx/modules")
# As long as one of our own frames about an order.
FRAME = (
    '{"seq":61,"at":1795249400054,"card":{"key":"4a0faa7d","number":"4","name":"~%d~","column":'
    '"preparing","place":"","stations_ready":[],"since":1795249399606,"until":null,"wait":null}}'
)


@dataclass(frozen=True, slots=True)
class Target:
    """A server that runs. `view` and `socket` are the paths of its viewers, `change` is what the
    tool needs to make changes."""

    pid: int
    port: int
    view: str
    socket: str
    change: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shop:
    """Where tools were built and servers may write. `files`: open files each may have."""

    folder: Path
    files: int

    @property
    def fan(self) -> Path:
        return self.folder / "fan"

    def new_folder(self, name: str) -> Path:
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder


Serve = Callable[[Shop], AbstractContextManager[Target]]


class NotHere(Exception):
    """A server that cannot be compared with, because it is not on this machine."""


@contextmanager
def running(command: list[str], log: Path) -> Iterator[subprocess.Popen[str]]:
    """A child on the servers' core, gone afterwards; what it logs is shown if it fails."""
    with log.open("w") as errors:
        child = start_on(server_core(), command, errors)
    try:
        yield child
    except Exception as error:
        error.add_note(f"{command[:4]} said: {log.read_text()[-2000:]}")
        raise
    finally:
        child.terminate()
        try:
            child.wait(STOPS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        assert child.stdout is not None
        child.stdout.close()


def first_line(child: subprocess.Popen[str], pattern: str) -> re.Match[str]:
    """Raises RuntimeError if the child ends without a line of that kind."""
    assert child.stdout is not None
    for line in child.stdout:
        if found := re.search(pattern, line):
            return found
    raise RuntimeError("The server did not start.")


@contextmanager
def floor(shop: Shop, *options: str) -> Iterator[Target]:
    command = [str(shop.folder / "floor"), *options]
    with running(command, shop.folder / "floor.log") as child:
        yield _plain(child.pid, int(first_line(child, r"^\d+")[0]), "/", "/")


@contextmanager
def durable_floor(shop: Shop) -> Iterator[Target]:
    with floor(shop, "--sync", str(shop.folder / "floor.log-file")) as target:
        yield target


@contextmanager
def coalescing_floor(shop: Shop) -> Iterator[Target]:
    with floor(shop, "--coalesce") as target:
        yield target


@contextmanager
def naive(shop: Shop, *, durable: bool = False, share: bool = False) -> Iterator[Target]:
    command = [sys.executable, "-m", "tests.bench.naive", *(["--share"] if share else [])]
    if durable:
        command += ["--store", str(shop.new_folder("naive") / "events.db")]
    with running(command, shop.folder / "naive.log") as child:
        yield _plain(child.pid, int(first_line(child, r"^\d+")[0]), "/", "/")


def nginx() -> tuple[str, Path]:
    """The program and the module. Raises NotHere."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    module = next((p for f in MODULE_FOLDERS if (p := Path(f) / NCHAN).exists()), None)
    if program is None or module is None:
        raise NotHere("nginx with nchan (Debian: apt-get install nginx-light libnginx-mod-nchan)")
    return program, module


@contextmanager
def nchan(shop: Shop) -> Iterator[Target]:
    program, module = nginx()
    folder, port = shop.new_folder("nchan"), free_port()
    configuration = Template(CONFIGURATION.read_text()).substitute(
        module=module,
        files=shop.files,
        connections=shop.files - 100,
        who="user root;" if os.getuid() == 0 else "",
        port=port,
    )
    (folder / "nginx.conf").write_text(configuration)
    command = [program, "-p", str(folder), "-c", "nginx.conf", "-e", "error.log"]
    with running(command, folder / "nginx.log") as child:
        wait_for(port)
        yield _plain(child.pid, port, "/publish", "/view")


@contextmanager
def readyboard(shop: Shop, *, module: str = "app", moves: bool = False) -> Iterator[Target]:
    """`moves`: changes are moves of 64 orders, each by its own caller, instead of new names for
    one of the standing orders."""
    folder = shop.new_folder("readyboard")
    kitchen = prepare(folder, CALLERS if moves else STANDING)
    command = [sys.executable, "-m", module, "serve", "--port", "0", "--data", str(folder)]
    with running(command, shop.folder / "readyboard.log") as child:
        port = int(first_line(child, r"API .*:(\d+)/")[1])
        orders = "/api/v1/venues/main/orders"
        change = ["--header", f"Authorization: Bearer {kitchen.key}"]
        change += ["--header", "Content-Type: application/json"]
        if moves:
            for order in kitchen.orders:
                change += ["--to", f"{orders}/{order}/status"]
            for status in ("preparing", "ready"):
                change += ["--body", f'{{"status":"{status}"}}']
        else:
            change += ["--method", "PATCH", "--to", f"{orders}/{kitchen.orders[0]}"]
            change += ["--body", '{"name":"~%d~"}']
        yield Target(child.pid, port, "/b/main/feed", "/b/main/ws", tuple(change))


portable = partial(readyboard, module="tests.bench.portable")
moving_readyboard = partial(readyboard, moves=True)
durable_naive = partial(naive, durable=True)
sharing_naive = partial(durable_naive, share=True)


def _plain(pid: int, port: int, publish: str, view: str) -> Target:
    return Target(pid, port, view, view, ("--to", publish, "--body", FRAME))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def wait_for(port: int) -> None:
    """Until something listens there. Raises TimeoutError."""
    for _ in range(1000):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    raise TimeoutError(f"Nothing listens on port {port}.")
