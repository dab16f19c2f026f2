"""What a game may change: log an order, and say where it is now."""

from dataclasses import replace
from typing import Any

from app.commands.orders import NewOrder, Placed, place
from app.commands.status import change_status
from app.dialects.hyra.asking import Workspace
from app.dialects.hyra.bodies import HyraChangeBody, HyraOrderBody
from app.dialects.hyra.people import Involved, Person, involved_in
from app.dialects.hyra.searching import FIRST_NUMBER
from app.dialects.hyra.words import NAME
from app.domain.events import Actor
from app.domain.orders import LineItem, Order, new_id
from app.domain.problems import OrderNotFound
from app.store import orders
from app.store.database import Outcome, Transaction


def log_order(tx: Transaction, *, at: Workspace, body: HyraOrderBody) -> Outcome[Placed]:
    customer = Person(body.customer, body.customer_name)
    cashier = Person(body.actor, body.actor_name)
    involved = Involved(customer, cashier)
    meaning = at.vocabulary.meanings[body.status]
    new = NewOrder(
        status=meaning.status,
        cancelled_by=meaning.cancelled_by,
        native=at.vocabulary.words.native(body.status),
        name=body.customer_name or None,
        number_base=FIRST_NUMBER,
        items=tuple(LineItem(id=new_id(tx.now), name=item) for item in body.items),
        tags=involved.tags(),
        extras=involved.extras(),
    )
    return place(tx, venue=at.venue.slug, new=new, actor=cashier.as_actor, dialect=NAME)


def move_order(
    tx: Transaction, *, at: Workspace, order_id: str, body: HyraChangeBody, actor: Actor
) -> Outcome[Order]:
    """`actor`: who it was where the game names no preparer. Raises OrderNotFound."""
    order = orders.find(tx, at.venue.id, order_id)
    if order is None:
        raise OrderNotFound("There is no such order in this workspace.")
    preparer = None if body.preparer is None else Person(body.preparer, body.preparer_name)
    move = at.vocabulary.words.move(
        body.status,
        at.vocabulary.meanings[body.status],
        changes=_with_preparer(order, preparer, body.status),
    )
    return change_status(
        tx,
        venue=at.venue.slug,
        order=order.id,
        move=move,
        actor=actor if preparer is None else preparer.as_actor,
        dialect=NAME,
    )


def _with_preparer(order: Order, preparer: Person | None, word: str) -> dict[str, Any]:
    """Whoever prepared it is lost when a new colleague is looked for, and stays findable."""
    before = involved_in(order)
    if preparer is None and (before.preparer is None or word != "finding_new_colleague"):
        return {}
    after = replace(before, preparer=preparer)
    own = [tag for tag in order.tags if tag.startswith(f"{NAME}.")]
    return {"extras": after.extras(), "tags": after.tags(own)}
