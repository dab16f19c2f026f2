"""Wires the rooms together: the only place that knows them all."""

import asyncio
import gc
import logging
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import uvloop
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.banner import banner
from app.commands.clockwork import keep_house, pass_time
from app.commands.people import new_setup_token
from app.commands.snapshots import StoreSource
from app.commands.tickets import ticket_key
from app.demo import run_demo
from app.dialects.mounting import mounts, prefixed_tables, roots
from app.dialects.pages import ROUTES as SYSTEM_ROUTES
from app.domain.events import Event
from app.domain.problems import SetupDone
from app.domain.screens import RollCall
from app.domain.times import to_ms, utc_now
from app.feed.hub import Hub
from app.files import project_folder
from app.logs import configure_logs
from app.settings import Settings
from app.store.sqlite import SqliteStore, open_store
from app.web.auth import Auth
from app.web.context import House
from app.web.front import Front
from app.web.routes import TABLE, starlette_routes
from app.web.server import Server, bound, server_for
from app.web.static import build_of_files
from app.web.ticket_desk import TicketDesk
from app.web.ticket_words import message

if TYPE_CHECKING:
    from app.commands.notify import Phones

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


async def make_house(settings: Settings, *, clock: Clock = utc_now) -> House:
    """Open the store and put everything that needs it around it."""
    store = await open_store(settings.data, clock=clock)
    build = build_of_files()
    hub = Hub(
        StoreSource(store, settings.replay_events, settings.replay_hours),
        build=build,
        clock=lambda: to_ms(clock()),
        replay_events=settings.replay_events,
        retry_ms=settings.retry_ms,
        beat_seconds=settings.beat_seconds,
    )
    auth = Auth(store, settings, clock=clock)
    tickets = await _ticket_desk(store, settings)
    house = House(
        settings=settings,
        store=store,
        hub=hub,
        auth=auth,
        templates=make_templates(project_folder("templates")),
        tickets=tickets,
        roll=RollCall(clock()),
        build=build,
        clock=clock,
    )
    store.on_commit = _tell(hub, auth, tickets.phones)
    return house


async def _ticket_desk(store: SqliteStore, settings: Settings) -> TicketDesk:
    key, url = await store.write(ticket_key), settings.ntfy_url
    if not url:
        return TicketDesk(store, key, None, None)
    # Its HTTP client takes two megabytes, and most have no ntfy server.
    from app.commands.notify import Phones

    return TicketDesk(store, key, Phones(store, url=url, key=key, say=message), url)


def make_app(house: House) -> Front:
    own = (*TABLE, *SYSTEM_ROUTES)
    return Front(
        house,
        table=(*own, *prefixed_tables()),
        routes=starlette_routes(own, mounts()),
        middleware=roots(house.settings),
        lifespan=_lifespan,
    )


async def make_server(settings: Settings, *, clock: Clock = utc_now) -> tuple[Server, House]:
    house = await make_house(settings, clock=clock)
    return server_for(make_app(house), settings, house.hub), house


@cache
def make_templates(folder: Path) -> Environment:
    """One of a folder, because it keeps what it compiled."""
    # Autoescape everywhere: whatever a person typed is text, in every kind of template.
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _tell(hub: Hub, auth: Auth, phones: "Phones | None") -> Callable[[list[Event], bool], None]:
    ending: set[asyncio.Task[None]] = set()

    def after_commit(events: list[Event], credentials_changed: bool) -> None:
        if credentials_changed:
            auth.drop_cache()
            task = asyncio.ensure_future(hub.end_invalid(auth.still_valid))
            ending.add(task)
            task.add_done_callback(ending.discard)
        hub.publish(events)
        if phones is not None:
            phones.wake()

    return after_commit


@asynccontextmanager
async def _lifespan(app: Front) -> AsyncIterator[None]:
    house = app.house
    tasks = [
        asyncio.create_task(house.hub.beat(), name="heartbeat"),
        asyncio.create_task(pass_time(house.store), name="time"),
        asyncio.create_task(keep_house(house.store, house.settings), name="housekeeping"),
    ]
    if house.tickets.phones is not None:
        tasks.append(asyncio.create_task(house.tickets.phones.run(), name="phones"))
    for task in tasks:
        task.add_done_callback(_tell_of_crash)
    # What is there now stays: the collector need not look at it again for every new connection.
    gc.collect()
    gc.freeze()
    # What is made for a viewer mostly stays, and little of it is in circles: looking for those
    # after every 700 objects cost time just when thousands of screens come back.
    gc.set_threshold(10_000, 20, 20)
    gc.enable()
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await house.store.close()


def serve(settings: Settings, *, demo: bool = False) -> None:
    """Run until SIGTERM or SIGINT. The data folder is prepared and locked by the caller."""
    configure_logs(settings.log_level)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings, demo=demo))


async def _serve(settings: Settings, *, demo: bool) -> None:
    server, house = await make_server(settings)
    token = await _setup_token(house.store)
    tasks = [asyncio.create_task(_greet(server, settings, token), name="banner")]
    if demo:
        tasks.append(asyncio.create_task(run_demo(house.store), name="demo"))
    for task in tasks:
        task.add_done_callback(_tell_of_crash)
    try:
        await server.serve(bound(settings))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _tell_of_crash(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("The task %s ended", task.get_name(), exc_info=error)


async def _setup_token(store: SqliteStore) -> str | None:
    try:
        return await store.write(new_setup_token)
    except SetupDone:
        return None


async def _greet(server: Server, settings: Settings, token: str | None) -> None:
    await server.listening.wait()
    port = server.servers[0].sockets[0].getsockname()[1]
    sys.stdout.write(banner(settings, token, port=port, qr=sys.stdout.isatty()) + "\n")
    sys.stdout.flush()
