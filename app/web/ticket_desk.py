"""What guests' tickets need that outlives a request: the key of their links, and counts."""

from functools import partial
from typing import TYPE_CHECKING

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from app.commands.tickets import (
    OpenTicket,
    WaitingTimes,
    ask_to_be_told,
    open_ticket,
    say_here,
)
from app.domain.problems import TooManyRequests
from app.domain.tickets import topic_of
from app.store.database import Store

if TYPE_CHECKING:
    from app.commands.notify import Phones

PRESSES_PER_MINUTE = 12


class TicketDesk:
    """`phones` is None without an ntfy server."""

    def __init__(self, store: Store, key: bytes, phones: "Phones | None", ntfy_url: str | None):
        self.key = key
        self.phones = phones
        self._store = store
        self._ntfy_url = ntfy_url
        self._waiting = WaitingTimes()
        self._presses = FixedWindowRateLimiter(MemoryStorage())
        self._allowed = RateLimitItemPerMinute(PRESSES_PER_MINUTE)

    async def open(self, token: str) -> OpenTicket:
        """Raises TicketNotFound."""
        look = partial(open_ticket, key=self.key, token=token, waiting=self._waiting)
        return await self._store.read(look)

    async def say_here(self, token: str) -> None:
        """Raises TicketNotFound, TooManyRequests."""
        await self._count(token)
        await self._store.write(partial(say_here, key=self.key, token=token))

    async def ask_to_be_told(self, token: str, language: str) -> None:
        """Raises TicketNotFound, TooManyRequests."""
        await self._count(token)
        change = partial(ask_to_be_told, key=self.key, token=token, language=language)
        await self._store.write(change)

    def topic(self, venue: str, order: str) -> str | None:
        """Where the order's guest is told, None without an ntfy server; `venue` is the id."""
        return topic_of(self.key, venue, order) if self.phones else None

    def topic_url(self, venue: str, order: str) -> str | None:
        topic = self.topic(venue, order)
        return f"{self._ntfy_url}/{topic}" if topic else None

    async def _count(self, token: str) -> None:
        await self.open(token)  # first, so that made-up tokens fill no memory
        if not self._presses.hit(self._allowed, token):
            raise TooManyRequests("That was very often. Wait a minute.", retry_after=60)
