"""`readyboard serve` and `readyboard demo`."""

import gc
import socket
from contextlib import suppress
from pathlib import Path

import click

from app.cli.options import load, settings_options
from app.settings import Settings, default_data_folder
from app.store import folder


@click.command()
@settings_options
def serve(**flags: str | None) -> None:
    """Start the server and stay until it is told to stop.

    \b
    readyboard serve --data ./data
    readyboard serve --host 0.0.0.0 --port 80 --public-url http://board.lan
    """
    _serve(load(**flags).settings, demo=False)


@click.command()
@settings_options
def demo(**flags: str | None) -> None:
    """Start with a make-believe service, so that names move within five seconds.

    It has a folder of its own, emptied at every start.

    \b
    readyboard demo --port 8081
    """
    flags["data"] = flags.get("data") or str(default_data_folder().with_name("readyboard-demo"))
    _serve(load(**flags).settings, demo=True)


def _serve(settings: Settings, *, demo: bool) -> None:
    # Little of what is imported is garbage; to look for it took a tenth of the start.
    gc.disable()
    from app.main import serve as run

    folder.prepare(settings.data)
    with folder.serving(settings.data):
        for host, port, _ in settings.addresses:
            _check_port(host, port)
        if demo:
            _make_demo(settings.data)
        # uvicorn stops in good order on Ctrl-C and then raises the signal once more.
        with suppress(KeyboardInterrupt):
            run(settings, demo=demo)


def _make_demo(data: Path) -> None:
    from app.demo import NAME, empty, prepare

    empty(data)
    password = prepare(data)
    click.echo(f"The demo's staff sign-in: name {NAME}, password {password}\n")


def _check_port(host: str, port: int) -> None:
    """A port in use, or one that is not ours to take, in one line instead of a log."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as error:
        from app.cli import Refusal

        reason = (error.strerror or str(error)).lower()
        hint = f" Try --port {port + 1}." if 0 < port < 65535 else ""
        raise Refusal(f"Cannot listen on {host}, port {port}: {reason}.{hint}") from error
