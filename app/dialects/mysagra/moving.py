"""An order's later moves: status, one station's status, deletion."""

from app.commands.orders import delete
from app.commands.status import Move, change_status
from app.dialects.mysagra.errors import no_record
from app.dialects.mysagra.finding import order_at
from app.dialects.mysagra.payloads import station_id
from app.dialects.mysagra.words import MEANINGS, NAME, WORDS, native_of
from app.domain.events import Actor
from app.domain.orders import Order, Part
from app.domain.problems import OrderNotFound
from app.domain.venues import Venue
from app.store.database import Done, Outcome, Reading, Transaction, Unchanged


def patch(
    tx: Transaction, *, venue: Venue, shown: str, word: str, actor: Actor
) -> Outcome[Order | None]:
    """Any word to any other; it draws no ticket. Cancelling a PENDING order deletes it: None.
    Raises Refusal, Wrong."""
    order = _found(tx, venue, shown, "id")
    if word == "CANCELLED" and WORDS.word_of(order) == "PENDING":
        delete(tx, venue=venue.slug, order=order.id, actor=actor, dialect=NAME)
        return Done(None)
    move = WORDS.move(word, MEANINGS[word], confirms=False)
    return change_status(tx, venue=venue.slug, order=order.id, move=move, actor=actor, dialect=NAME)


def patch_station(
    tx: Transaction, *, venue: Venue, shown: str, station: str, word: str, actor: Actor
) -> Outcome[Order]:
    """One station's share; the order's own word is derived by MySagra's rule. Raises Refusal,
    Wrong."""
    order = _found(tx, venue, shown, "orderId")
    part = part_at(order, station)
    if WORDS.part_word(part) == word:
        return Unchanged(order)
    meaning = MEANINGS[word]
    move = Move(
        status=meaning.status,
        cancelled_by=meaning.cancelled_by,
        part=part.station,
        native=WORDS.native(word),
        native_of=native_of,
        confirms=False,
    )
    return change_status(tx, venue=venue.slug, order=order.id, move=move, actor=actor, dialect=NAME)


def remove(tx: Transaction, *, venue: Venue, shown: str, actor: Actor) -> Outcome[Order]:
    """Gone from everywhere. Raises OrderNotFound, Wrong."""
    order = order_at(tx, venue.id, shown)
    return delete(tx, venue=venue.slug, order=order.id, actor=actor, dialect=NAME)


def part_at(order: Order, station: str) -> Part:
    """The order's share at a station, by the id that clients know the station by."""
    for part in order.parts:
        if station_id(order, part.station) == station:
            return part
    raise no_record()


def _found(tx: Reading, venue: Venue, shown: str, name: str) -> Order:
    try:
        return order_at(tx, venue.id, shown, name)
    except OrderNotFound:
        raise no_record() from None
