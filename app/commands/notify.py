"""Tells guests' phones through an ntfy server (https://ntfy.sh) that their order is ready.

What is to be told is read from the orders themselves, so that nothing is forgotten over a restart
and nothing is told that is no longer true. A message goes out after the commit, by a task of its
own: however slow or wrong the other server is, no order waits for it.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.header import Header
from functools import partial

import httpx2

from app.domain.board import Board
from app.domain.tickets import CALLING, State, Ticket, ends_at, is_open, ticket, topic_of
from app.store import orders, tickets, venues
from app.store.database import Done, Outcome, Store, Transaction, Unchanged
from app.store.tickets import Wish

log = logging.getLogger(__name__)
LOOK_SECONDS = 1.0
GATHER_SECONDS = 0.1  # many events in a rush are looked at once
TRY_AGAIN_AFTER = (15, 30, 60, 180, 600)  # seconds; then it is given up
ANSWER_SECONDS = 5.0
COME_BACK = (408, 425, 429)  # the only refusals that may be none a moment later

Say = Callable[[Ticket, str], tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """To be told of an order as it was at `seq`; `end`: when its link ends, so far as is known."""

    order: str
    seq: int
    state: State
    topic: str
    title: str
    text: str
    end: datetime | None


class Phones:
    """`url`: the ntfy server's. `say`: title and text of a ticket in a language."""

    def __init__(
        self,
        store: Store,
        *,
        url: str,
        key: bytes,
        say: Say,
        try_again_after: Sequence[float] = TRY_AGAIN_AFTER,
    ) -> None:
        self._store = store
        self._url = url
        self._key = key
        self._say = say
        self._try_again_after = try_again_after
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Something was committed."""
        self._news.set()

    async def run(self) -> None:
        """Look after every commit, and now and then for what is to be tried again."""
        async with httpx2.AsyncClient(timeout=ANSWER_SECONDS) as client:
            while True:
                self._news.clear()
                try:
                    await self.tell(client)
                except Exception:
                    log.exception("Guests' phones could not be told; trying again")
                    await asyncio.sleep(LOOK_SECONDS)
                await asyncio.sleep(GATHER_SECONDS)
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS):
                        await self._news.wait()

    async def tell(self, client: httpx2.AsyncClient) -> None:
        """Send every message that is due now."""
        while await self._store.read(lambda db: tickets.news(db, limit=1)):
            messages = await self._store.write(self._due)
            await asyncio.gather(*(self._send(client, message) for message in messages))

    def _due(self, tx: Transaction) -> Outcome[list[Message]]:
        """The messages to send now. Each is put off at once until it may be tried again, so that
        no other process sends it too, and a crash does not swallow it."""
        wishes = tickets.news(tx)
        due = [self._looked_at(tx, wish) for wish in wishes]
        messages = [message for message in due if message is not None]
        return Done(messages) if wishes else Unchanged(messages)

    def _looked_at(self, tx: Transaction, wish: Wish) -> Message | None:
        order = orders.find_anywhere(tx, wish.order)
        if order is None or not is_open(order, tx.now):
            tickets.drop_wish(tx, wish.order)
            return None
        board = venues.board(tx, order.venue) or Board()
        seen = ticket(order, board)
        if seen.state not in CALLING or seen.state == wish.told:
            told = wish.told if seen.state == wish.told else ""
            tickets.keep_wish(tx, wish, order.seq, ends_at(order), told=told)
            return None
        if wish.tries >= len(self._try_again_after):
            log.warning("The ntfy server cannot be reached; the guest of an order was not told")
            tickets.keep_wish(tx, wish, order.seq, ends_at(order), told=seen.state)
            return None
        due = tx.now + timedelta(seconds=self._try_again_after[wish.tries])
        tickets.keep_wish(tx, wish, order.seq, due, tries=wish.tries + 1)
        title, text = self._say(seen, wish.language)
        return Message(
            order=order.id,
            seq=order.seq,
            state=seen.state,
            topic=topic_of(self._key, order.venue, order.id),
            title=title,
            text=text,
            end=ends_at(order),
        )

    async def _send(self, client: httpx2.AsyncClient, message: Message) -> None:
        # ntfy reads a title beyond ASCII as RFC 2047 has it.
        title = message.title
        title = title if title.isascii() else Header(title, "utf-8", maxlinelen=10_000).encode()
        headers = {"Title": title, "Priority": "high"}
        try:
            answer = await client.post(
                f"{self._url}/{message.topic}", content=message.text.encode(), headers=headers
            )
        except httpx2.HTTPError as error:
            log.info("The ntfy server did not answer: %s", type(error).__name__)
            return
        if answer.status_code >= 500 or answer.status_code in COME_BACK:
            log.info("The ntfy server answers %s; trying again", answer.status_code)
            return
        if not answer.is_success:
            log.warning("The ntfy server refuses messages: it answers %s", answer.status_code)
        await self._store.write(partial(_told, message=message))


def _told(tx: Transaction, message: Message) -> Outcome[None]:
    tickets.note_told(tx, message.order, message.seq, message.state, message.end)
    return Done(None)
