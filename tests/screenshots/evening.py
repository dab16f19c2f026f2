"""One busy evening, the same in every picture."""

from decimal import Decimal

from app.domain.orders import CancelledBy, LineItem, Modifier, Status, new_id
from app.domain.times import utc_now
from tests.venue_server import VenueServer

READY = (
    ("Ada", "Byron"),
    ("Grace", "Hopper"),
    ("Alan", "Turing"),
    ("Mary", "Somerville"),
    ("Emmy", "Noether"),
)
COOKING = (
    ("Joan", "Clarke"),
    ("Karen", "Jones"),
    ("Edith", "Clarke"),
    ("Ida", "Rhodes"),
    ("Lise", "Meitner"),
    ("Max", "Born"),
)
QUEUED = (
    ("Rosalind", "Franklin"),
    ("Chien-Shiung", "Wu"),
    ("Paul", "Dirac"),
    ("Hedy", "Lamarr"),
    ("Otto", "Hahn"),
)


async def set_the_table(server: VenueServer) -> None:
    """Venue, pickup windows and a live order in every state."""
    await server.http.patch("/api/v1/venues/main", json={"name": "Corner Kitchen"})
    for name in ("Window 1", "Window 2", "Window 3", "Window 4", "Window 5", "Window 6"):
        await server.http.post("/api/v1/venues/main/pickup-points", json={"name": name})
    for index, (first, last) in enumerate(QUEUED):
        await _place(server, first, last, index, Status.QUEUED)
    for index, (first, last) in enumerate(COOKING):
        order = await _place(server, first, last, index, Status.PREPARING)
        if index == 0:
            await server.move(order, "ready", part="Fryer")
    for index, (first, last) in enumerate(READY):
        order = await _place(server, first, last, index, Status.PREPARING)
        await server.move(order, "ready")
    held = await _place(server, "Niels", "Bohr", 1, Status.READY)
    await server.move(held, "held")
    gone = await _place(server, "Marie", "Curie", 2, Status.QUEUED)
    await server.move(gone, "cancelled", cancelled_by=CancelledBy.ATTENDANT)


async def _place(server: VenueServer, first: str, last: str, index: int, status: Status) -> str:
    burger = LineItem(
        id=new_id(utc_now()),
        name="Cheeseburger",
        quantity=1 + index % 2,
        unit_price=Decimal("9.50"),
        station="Grill",
        modifiers=(Modifier(name="no onion"),) if index % 3 == 0 else (),
    )
    fries = LineItem(
        id=new_id(utc_now()), name="Fries", unit_price=Decimal("3.80"), station="Fryer"
    )
    order = await server.place(
        first_name=first,
        last_name=last,
        status=status,
        items=(burger, fries) if index % 2 == 0 else (burger,),
        note="Allergic to nuts" if index == 1 else "",
        channel="kiosk" if index % 2 else "",
        table="12" if index == 2 else "",
    )
    return order.id
