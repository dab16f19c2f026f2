"""A make-believe service: guests order, the kitchen cooks, names move across the board.

It uses the ordinary commands on the ordinary store, so all that is shown is the real thing.
"""

import asyncio
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random

from app.commands.orders import NewOrder, place
from app.commands.passwords import hash_password
from app.commands.people import add_user
from app.commands.status import Move, change_status
from app.commands.venues import add_point, change_venue
from app.domain.events import Actor
from app.domain.orders import CancelledBy, Fulfilment, LineItem, Modifier, Order, Status, new_id
from app.domain.people import Role
from app.domain.problems import Problem, WrongDatabase
from app.domain.times import utc_now
from app.store import orders, venues
from app.store.database import Reading, Store
from app.store.sqlite import FILE_NAME, open_store

NAME = "demo"
VENUE = "main"
SIGN = "demo-folder"  # the file that says a folder is the demo's own to empty
ACTOR = Actor(kind="system", name="Demo")
SECONDS_BETWEEN_STEPS = 1.5
FEWEST, MOST = 8, 16  # live orders

PEOPLE = (
    "Amara Okafor|Ben Fischer|Carla Rossi|Dmitri Volkov|Elena García|Farid Haddad|Grace Lee|"
    "Hugo Martin|Ines Costa|Jonas Weber|Kaito Sato|Lucia Bianchi|Maya Patel|Noah Smith|"
    "Olivia Brown|Paul Dubois|Quinn Murphy|Rosa Jiménez|Samir Khan|Tessa Novak|Umar Diallo|"
    "Vera Lindgren|Will Turner|Yara Silva|Zoe Clark"
)
# Name, price, station, and what may be asked for with it.
MENU = (
    ("Cheeseburger", "9.50", "Grill", ("no onion", "extra cheese", "well done")),
    ("Chicken wrap", "8.20", "Grill", ("spicy", "no mayo")),
    ("Halloumi bun", "8.90", "Grill", ("gluten-free bun",)),
    ("Fries", "3.80", "Fryer", ("large", "no salt")),
    ("Onion rings", "4.20", "Fryer", ()),
    ("Falafel bowl", "9.90", "Cold", ("no tahini", "extra hummus")),
    ("Caesar salad", "8.50", "Cold", ("dressing apart",)),
    ("Lemonade", "3.50", "Bar", ("no ice",)),
    ("Flat white", "3.40", "Bar", ("oat milk", "decaf")),
    ("Iced tea", "3.20", "Bar", ()),
)
NOTES = ("", "", "", "Birthday: please add a candle", "Allergic to nuts", "Cutlery for two")
# How long an order stays in a state at least, in steps, before it is its turn to move on.
LASTS = {Status.QUEUED: 3, Status.PREPARING: 6, Status.READY: 8, Status.HELD: 10}


def empty(folder: Path) -> None:
    """Empty the demo's folder. Raises WrongDatabase for one that holds somebody's real orders."""
    if (folder / FILE_NAME).exists() and not (folder / SIGN).exists():
        raise WrongDatabase(f"{folder} holds a real database; the demo needs a folder of its own.")
    (folder / SIGN).touch()
    for old in folder.glob(f"{FILE_NAME}*"):
        old.unlink()


def prepare(folder: Path) -> str:
    """Make the demo's database with some orders under way; the password of the user `demo`."""
    return asyncio.run(_prepare(folder, Random()))


async def run_demo(
    store: Store, *, seconds: float = SECONDS_BETWEEN_STEPS, chance: Random | None = None
) -> None:
    """Go on until cancelled."""
    demo = Demo(store, chance or Random(), seconds)
    while True:
        await asyncio.sleep(seconds)
        await demo.step()


async def _prepare(folder: Path, chance: Random) -> str:
    password = secrets.token_hex(4)
    # All this happened a while ago, so that the first of them move on at once.
    store = await open_store(folder, clock=lambda: utc_now() - timedelta(seconds=30))
    try:
        hashed = hash_password(password)
        await store.write(partial(add_user, name=NAME, role=Role.ADMIN, password_hash=hashed))
        changes = {"name": "The Demo Kitchen"}
        await store.write(partial(change_venue, venue=VENUE, changes=changes, actor=ACTOR))
        for point in ("Window 1", "Window 2"):
            await store.write(partial(add_point, venue=VENUE, name=point, actor=ACTOR))
        demo = Demo(store, chance, SECONDS_BETWEEN_STEPS)
        for status in (Status.READY, Status.PREPARING, Status.QUEUED, Status.PREPARING):
            for _ in range(2):
                await demo.place(status)
    finally:
        await store.close()
    return password


@dataclass(slots=True)
class Demo:
    store: Store
    chance: Random
    seconds: float

    async def step(self) -> None:
        """One thing happens: a guest orders, or the order whose turn it is moves on. Staff may
        press at the same moment; whatever they made impossible is left alone."""
        live, now = await self.store.read(_live)
        late = self._most_overdue(live, now)
        if len(live) >= MOST or (late and len(live) >= FEWEST and self.chance.random() < 0.7):
            order = late or min(live, key=lambda order: order.moved_at)
            await self.move(order)
            if order.status != Status.QUEUED or len(live) >= MOST:
                return
            # A cook taking it up is nothing the board shows; there must be something to see.
        await self.place(Status.QUEUED)

    async def place(self, status: Status) -> None:
        live, now = await self.store.read(_live)
        new = self._new_order(now, status, {f"{o.first_name} {o.last_name}" for o in live})
        await self.store.write(partial(place, venue=VENUE, new=new, actor=ACTOR))

    async def move(self, order: Order) -> None:
        move = self._next_move(order)
        try:
            await self.store.write(
                partial(change_status, venue=VENUE, order=order.id, move=move, actor=ACTOR)
            )
        except Problem:
            return

    def _most_overdue(self, live: Iterable[Order], now: datetime) -> Order | None:
        def overdue(order: Order) -> timedelta:
            steps = LASTS.get(order.status, 4)
            return now - order.moved_at - timedelta(seconds=steps * self.seconds)

        due = [order for order in live if overdue(order) > timedelta(0)]
        return max(due, key=overdue, default=None)

    def _next_move(self, order: Order) -> Move:
        if order.status == Status.PREPARING:
            cooking = [p.station for p in order.parts if p.status != Status.READY]
            if len(cooking) > 1:
                return Move(status=Status.READY, part=cooking[0])
            return Move(status=Status.READY)
        if order.status == Status.READY and self.chance.random() < 0.06:
            return Move(status=Status.HELD, note="Please come to the counter")
        if order.status == Status.HELD and self.chance.random() < 0.5:
            return Move(status=Status.CANCELLED, cancelled_by=CancelledBy.ATTENDANT)
        if order.status in (Status.READY, Status.HELD):
            return Move(status=Status.COLLECTED)
        return Move(status=Status.PREPARING)

    def _new_order(self, now: datetime, status: Status, here: set[str]) -> NewOrder:
        first, last = self.chance.choice([p for p in PEOPLE.split("|") if p not in here]).split()
        dine_in = self.chance.random() < 0.2
        dishes = self.chance.sample(MENU, self.chance.choice((1, 1, 2, 2, 3)))
        return NewOrder(
            status=status,
            first_name=first,
            last_name=last,
            fulfilment=Fulfilment.DINE_IN if dine_in else Fulfilment.PICKUP,
            table=str(self.chance.randint(1, 20)) if dine_in else "",
            channel=self.chance.choice(("Kiosk", "Web", "Counter")),
            note=self.chance.choice(NOTES),
            items=tuple(self._item(now, *dish) for dish in dishes),
        )

    def _item(
        self, now: datetime, name: str, price: str, station: str, wishes: tuple[str, ...]
    ) -> LineItem:
        asked = [self.chance.choice(wishes)] if wishes and self.chance.random() < 0.4 else []
        return LineItem(
            id=new_id(now),
            name=name,
            quantity=self.chance.choice((1, 1, 1, 2)),
            unit_price=Decimal(price),
            station=station,
            modifiers=tuple(Modifier(name=wish) for wish in asked),
        )


def _live(db: Reading) -> tuple[list[Order], datetime]:
    venue = venues.by_slug(db, VENUE)
    return (orders.live(db, venue.id) if venue else []), db.now
