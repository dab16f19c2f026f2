"""Messages to guests' phones, against a stand-in for the ntfy server on this machine."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.header import decode_header, make_header
from functools import partial
from pathlib import Path

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.commands.notify import TRY_AGAIN_AFTER, Phones
from app.commands.tickets import ask_to_be_told, ticket_key
from app.domain.orders import CancelledBy, Order, Status
from app.domain.tickets import token_of, topic_of
from app.store import tickets
from app.web.ticket_words import message
from tests.browser.wall import set_board
from tests.guest import NEVER, POISON, path, poisoned_line, token
from tests.kitchen import Kitchen
from tests.venue_server import VenueServer, serving

PATIENCE = 10


@dataclass(frozen=True, slots=True)
class Push:
    topic: str
    title: str
    text: str
    whole: str


@dataclass
class Ntfy:
    """Takes messages as an ntfy server does. `answers` are the next status codes, then 200."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    heard: asyncio.Queue[Push] = field(default_factory=asyncio.Queue)

    async def publish(self, request: Request) -> Response:
        text = (await request.body()).decode()
        title = str(make_header(decode_header(request.headers["title"])))
        whole = f"{request.url} {request.headers} {title} {text}"
        self.heard.put_nowait(Push(request.path_params["topic"], title, text, whole))
        return Response(status_code=self.answers.pop(0) if self.answers else 200)

    async def next(self) -> Push:
        async with asyncio.timeout(PATIENCE):
            return await self.heard.get()


@asynccontextmanager
async def running(ntfy: Ntfy, port: int = 0) -> AsyncIterator[None]:
    app = Starlette(routes=[Route("/{topic}", ntfy.publish, methods=["POST"])])
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(PATIENCE):
        while not server.started:  # noqa: ASYNC110 uvicorn tells nobody
            await asyncio.sleep(0)
    ntfy.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield
    finally:
        server.should_exit = True
        await task


@pytest.fixture
async def ntfy() -> AsyncIterator[Ntfy]:
    stand_in = Ntfy()
    async with running(stand_in):
        yield stand_in


async def wish(server: VenueServer, order: Order, language: str = "en") -> httpx2.Response:
    async with server.client() as guest:
        return await guest.post(f"{path(server, order)}/notify?lang={language}")


def topic(server: VenueServer, order: Order) -> str:
    return topic_of(server.house.tickets.key, order.venue, order.id)


async def looked_at(server: VenueServer, order: Order) -> None:
    """Wait until the order's last change was taken notice of."""
    sql = """SELECT orders.id FROM orders JOIN ticket_wishes ON order_id = orders.id
    WHERE orders.id = :id AND seen = seq AND ticket_wishes.due_at IS NULL"""
    async with asyncio.timeout(PATIENCE):
        while await server.store.read(lambda tx: tx.one(sql, id=order.id)) is None:  # noqa: ASYNC110 the task tells nobody
            await asyncio.sleep(0)


async def test_a_phone_is_told_once_when_the_order_is_ready(tmp_path: Path, ntfy: Ntfy) -> None:
    async with serving(tmp_path, ntfy_url=ntfy.url) as server:
        await server.http.post("/api/v1/venues/main/pickup-points", json={"name": "Window 2"})
        order = await server.place(number="41", name="Zoë")
        assert (await wish(server, order)).status_code == 303
        await server.move(order.id, Status.PREPARING)
        await server.move(order.id, Status.READY)
        push = await ntfy.next()
        assert push.topic == topic(server, order)
        assert push.title == "41 Zoë: Ready"
        assert push.text == "Your order is ready. Come and get it! → Window 2"
        await server.http.patch(f"/api/v1/venues/main/orders/{order.id}", json={"note": "x"})
        await looked_at(server, order)
        # Taken back and done again is news once more; then the guest is asked to the counter.
        await server.move(order.id, Status.PREPARING)
        await looked_at(server, order)
        await server.move(order.id, Status.READY)
        assert (await ntfy.next()).title == "41 Zoë: Ready"
        await server.move(order.id, Status.HELD)
        assert (await ntfy.next()).title == "41 Zoë: Please come to the counter"
        assert ntfy.heard.empty()


@pytest.mark.parametrize("turns", range(6))
async def test_it_stops_also_when_news_comes_in_the_same_moment(
    kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch, turns: int
) -> None:
    monkeypatch.setattr("app.commands.notify.GATHER_SECONDS", 0)
    monkeypatch.setattr("app.commands.notify.LOOK_SECONDS", PATIENCE)
    phones = Phones(kitchen.store, url="http://127.0.0.1:9", key=b"k", say=message)
    task = asyncio.create_task(phones.run())
    async with asyncio.timeout(PATIENCE):
        while not phones._news._waiters:  # noqa: ASYNC110 it tells nobody that it waits
            await asyncio.sleep(0)
    phones.wake()
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=1)
    assert done == {task}


async def test_nobody_is_told_who_did_not_ask(tmp_path: Path, ntfy: Ntfy) -> None:
    async with serving(tmp_path, ntfy_url=ntfy.url) as server:
        silent, asking = await server.place(number="41"), await server.place(number="42")
        await wish(server, asking)
        await wish(server, asking)
        for order in (silent, asking):
            await server.move(order.id, Status.READY)
        assert (await ntfy.next()).title == "42: Ready"
        await looked_at(server, asking)
        assert ntfy.heard.empty()


async def test_the_message_holds_nothing_private(tmp_path: Path, ntfy: Ntfy) -> None:
    async with serving(tmp_path, ntfy_url=ntfy.url) as server:
        order = await server.place(**POISON, items=(poisoned_line(),))
        await wish(server, order)
        await server.move(order.id, Status.READY)
        push = await ntfy.next()
        whole = push.whole.casefold().replace(push.topic.casefold(), "")
        private = [*NEVER, order.id, token(server, order).casefold()]
        assert [word for word in private if word in whole] == []


async def test_the_message_follows_the_board_and_the_guests_language(
    tmp_path: Path, ntfy: Ntfy
) -> None:
    async with serving(tmp_path, ntfy_url=ntfy.url) as server:
        await set_board(server, shows="number")
        order = await server.place(number="41", name="Zoe")
        await wish(server, order, "fr")
        await server.move(order.id, Status.CANCELLED, cancelled_by=CancelledBy.ATTENDANT)
        push = await ntfy.next()
        assert push.title == "41: Merci de venir au comptoir"
        assert push.text == "Notre équipe vous y aidera."


async def test_what_the_guest_sees_already_is_not_told(tmp_path: Path, ntfy: Ntfy) -> None:
    async with serving(tmp_path, ntfy_url=ntfy.url) as server:
        ready, later = await server.place(status=Status.READY), await server.place(number="42")
        for order in (ready, later):
            await wish(server, order)
        await server.move(later.id, Status.READY)
        assert (await ntfy.next()).title == "42: Ready"
        assert ntfy.heard.empty()


async def test_a_wish_survives_a_restart(tmp_path: Path, ntfy: Ntfy) -> None:
    async with serving(tmp_path) as server:  # the next start has no ntfy server
        order = await server.place(number="41")
    async with serving(tmp_path, ntfy_url=ntfy.url) as server:
        await wish(server, order)
    async with serving(tmp_path) as server:
        await server.move(order.id, Status.READY)
    async with serving(tmp_path, ntfy_url=ntfy.url):
        assert (await ntfy.next()).title == "41: Ready"


async def test_orders_go_on_while_the_ntfy_server_is_away(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with serving(tmp_path, ntfy_url="http://127.0.0.1:9") as server:
        order = await server.place()
        await wish(server, order)
        moved = await server.move(order.id, Status.READY)
        async with asyncio.timeout(PATIENCE):
            while "did not answer" not in caplog.text:  # noqa: ASYNC110
                await asyncio.sleep(0)
        assert (await server.move(order.id, Status.PREPARING)).seq == moved.seq + 1
        assert topic(server, order) not in caplog.text


async def test_a_page_says_how_to_subscribe(tmp_path: Path) -> None:
    async with serving(tmp_path, ntfy_url="http://ntfy.lan:2586") as server:
        order = await server.place()
        at, name = path(server, order), topic(server, order)
        before = (await server.http.get(at)).text
        assert "Tell my phone" in before
        assert name not in before
        back = await wish(server, order, "it")
        assert back.headers["location"] == f"{at}?lang=it"
        after = (await server.http.get(at)).text
        assert f'href="http://ntfy.lan:2586/{name}"' in after
        assert f'href="ntfy://ntfy.lan:2586/{name}?secure=false"' in after
        till = (await server.http.get(f"/api/v1/venues/main/orders/{order.id}/ticket")).json()
        assert till["topic"] == f"http://ntfy.lan:2586/{name}"


async def test_without_an_ntfy_server_there_is_no_such_button(server: VenueServer) -> None:
    order = await server.place()
    assert "Tell my phone" not in (await server.http.get(path(server, order))).text
    assert (await wish(server, order)).status_code == 404
    assert await server.store.read(lambda tx: tickets.wished(tx, order.id)) is False


async def test_topics_cannot_be_guessed() -> None:
    one = topic_of(bytes(32), "venue", "order 1")
    assert len(one) == 24
    assert one.replace("-", "").replace("_", "").isalnum()
    assert (
        len({one, topic_of(bytes(32), "venue", "order 2"), topic_of(b"1" * 32, "venue", "order 1")})
        == 3
    )


# ---- trouble, step by step -----------------------------------------------------------------------


@pytest.fixture
async def asked(kitchen: Kitchen) -> Order:
    """An order whose guest asked, on a store that nobody else looks at."""
    order = await kitchen.place(number="41")
    key = await kitchen.store.write(ticket_key)
    link = token_of(key, order.venue, order.id)
    await kitchen.store.write(partial(ask_to_be_told, key=key, token=link, language="en"))
    return order


@dataclass
class Teller:
    """Looks once, when it is told to."""

    kitchen: Kitchen
    ntfy: Ntfy

    async def look(self) -> list[str]:
        """What was sent."""
        store = self.kitchen.store
        key = await store.write(ticket_key)
        async with httpx2.AsyncClient(verify=False) as client:
            await Phones(store, url=self.ntfy.url, key=key, say=message).tell(client)
        return [self.ntfy.heard.get_nowait().title for _ in range(self.ntfy.heard.qsize())]


@pytest.fixture
def teller(kitchen: Kitchen, ntfy: Ntfy) -> Teller:
    return Teller(kitchen, ntfy)


async def wishes(kitchen: Kitchen) -> int:
    return len(await kitchen.store.read(lambda tx: tx.all("SELECT * FROM ticket_wishes")))


@pytest.mark.parametrize("trouble", [500, 503, 429])
async def test_trouble_is_tried_again_later_and_not_for_ever(
    kitchen: Kitchen, teller: Teller, asked: Order, trouble: int
) -> None:
    await kitchen.move(asked, "ready")
    teller.ntfy.answers = [trouble] * 100
    for wait in TRY_AGAIN_AFTER:
        assert await teller.look() == ["41: Ready"]
        assert await teller.look() == []
        kitchen.clock.forward(seconds=wait)
    assert await teller.look() == []
    kitchen.clock.forward(hours=1)
    assert await teller.look() == []


async def test_what_was_told_at_the_second_try_is_not_told_a_third_time(
    kitchen: Kitchen, teller: Teller, asked: Order
) -> None:
    await kitchen.move(asked, "ready")
    teller.ntfy.answers = [502]
    assert await teller.look() == ["41: Ready"]
    kitchen.clock.forward(minutes=1)
    assert await teller.look() == ["41: Ready"]
    kitchen.clock.forward(hours=1)
    assert await teller.look() == []


async def test_a_refusal_is_final(
    kitchen: Kitchen, teller: Teller, asked: Order, caplog: pytest.LogCaptureFixture
) -> None:
    await kitchen.move(asked, "ready")
    teller.ntfy.answers = [403]
    assert await teller.look() == ["41: Ready"]
    assert "it answers 403" in caplog.text
    kitchen.clock.forward(hours=1)
    assert await teller.look() == []


async def test_what_is_no_longer_true_is_not_told(
    kitchen: Kitchen, teller: Teller, asked: Order
) -> None:
    await kitchen.move(asked, "ready")
    teller.ntfy.answers = [500]
    assert await teller.look() == ["41: Ready"]
    await kitchen.move(asked, "preparing")
    kitchen.clock.forward(minutes=1)
    assert await teller.look() == []
    await kitchen.move(asked, "ready")
    await kitchen.move(asked, "collected")
    assert await teller.look() == []


async def test_wishes_are_forgotten_with_their_order(
    kitchen: Kitchen, teller: Teller, asked: Order
) -> None:
    await kitchen.move(asked, "collected")
    await teller.look()
    assert await wishes(kitchen) == 1  # it may be taken back within the hour
    kitchen.clock.forward(hours=1)
    await teller.look()
    assert await wishes(kitchen) == 0


async def test_the_wish_of_a_deleted_order_goes(
    kitchen: Kitchen, teller: Teller, asked: Order
) -> None:
    await kitchen.delete(asked)
    assert await teller.look() == []
    assert await wishes(kitchen) == 0


async def test_a_fault_of_ours_does_not_end_the_task(
    tmp_path: Path, ntfy: Ntfy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.commands.notify.LOOK_SECONDS", 0.01)
    real, calls = Phones.tell, 0

    async def stumbling(self: Phones, client: httpx2.AsyncClient) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise RuntimeError("ours")
        await real(self, client)

    monkeypatch.setattr(Phones, "tell", stumbling)
    async with serving(tmp_path, ntfy_url=ntfy.url) as server:
        order = await server.place(number="41")
        await wish(server, order)
        await server.move(order.id, Status.READY)
        assert (await ntfy.next()).title == "41: Ready"
