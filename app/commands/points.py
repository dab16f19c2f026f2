"""Pickup points: given in turn when an order becomes ready, freed when it leaves ready."""

from dataclasses import replace

from app.commands.ledger import Ledger
from app.domain.events import Kind
from app.domain.orders import ENDED, Order, Status
from app.domain.problems import PointInUse, PointNotFound
from app.domain.venues import PickupPoint
from app.store import orders, venues


def settle(ledger: Ledger, order: Order, wanted: str | None) -> tuple[Order, bool]:
    """Give or take the order's pickup point as its status asks. `wanted`: a point's id or name.

    Answers the order and whether a point became free. Raises PointNotFound, PointInUse.
    """
    if order.status in ENDED:
        return release_all(ledger, order)
    if order.status != Status.READY:
        return release(ledger, order)
    if wanted is not None:
        return _take(ledger, order, _wanted(ledger, order, wanted))
    if order.point is not None:
        return order, False
    return _take_next(ledger, order), False


def hand_on(ledger: Ledger) -> None:
    """Give freed points to the orders that have been ready the longest without one."""
    while order := orders.waiting_for_point(ledger.tx, ledger.venue.id):
        given = _take_next(ledger, order)
        if given.point is None:
            return
        given = given.but(updated_at=ledger.now)
        ledger.save(Kind.EDITED, given, {"pickup_point": given.point})


def release(ledger: Ledger, order: Order) -> tuple[Order, bool]:
    """Free whatever point the order holds; whether there was one."""
    if order.point is None:
        return order.but(wants_point=False) if order.wants_point else order, False
    point = venues.point(ledger.tx, ledger.venue.id, order.point)
    if point is not None and point.order == order.id:
        venues.change_point(ledger.tx, replace(point, order=None, reserved=False))
    return order.but(point=None, place="", wants_point=False), True


def release_all(ledger: Ledger, order: Order) -> tuple[Order, bool]:
    """Free also a point that was only reserved for the order: it needs none any more."""
    order, freed = release(ledger, order)
    reserved = venues.point_of(ledger.tx, order.id)
    if reserved is None:
        return order, freed
    venues.change_point(ledger.tx, replace(reserved, order=None, reserved=False))
    return order, True


def reserve(ledger: Ledger, order: Order) -> PickupPoint:
    """Keep a point for an order that is not ready yet; the one it has, if any. Raises PointInUse
    when none is free."""
    point = venues.point_of(ledger.tx, order.id)
    if point is not None:
        return point
    free = _next_free(ledger)
    if free is None:
        raise PointInUse("Every pickup point is taken or disabled.")
    kept = replace(free, order=order.id, reserved=True)
    venues.change_point(ledger.tx, kept)
    return kept


def retake(ledger: Ledger, order: Order, point_id: str | None) -> tuple[Order, bool]:
    """After a recall: the point it had, if that is still free; else the next in turn."""
    point = venues.point(ledger.tx, ledger.venue.id, point_id) if point_id else None
    return settle(ledger, order, point.id if point is not None and point.free else None)


def _wanted(ledger: Ledger, order: Order, wanted: str) -> PickupPoint:
    point = venues.point(ledger.tx, ledger.venue.id, wanted)
    if point is None:
        raise PointNotFound(f"There is no pickup point '{wanted}'.")
    if not point.free and point.order != order.id:
        raise PointInUse(f"Pickup point '{point.name}' is {point.state}.")
    return point


def _take(ledger: Ledger, order: Order, point: PickupPoint) -> tuple[Order, bool]:
    if order.point == point.id:
        return order, False
    order, freed = release_all(ledger, order)  # also one that was kept for it elsewhere
    venues.change_point(ledger.tx, replace(point, order=order.id, reserved=False))
    return order.but(point=point.id, place=point.name, wants_point=False), freed


def _take_next(ledger: Ledger, order: Order) -> Order:
    points = [p for p in venues.points(ledger.tx, ledger.venue.id) if not p.disabled]
    point = next((p for p in points if p.order == order.id), None) or _next_free(ledger)
    if point is None:
        return order.but(wants_point=bool(points))
    return _take(ledger, order, point)[0]


def _next_free(ledger: Ledger) -> PickupPoint | None:
    """The next in turn after the one given last."""
    free = [p for p in venues.points(ledger.tx, ledger.venue.id) if p.free]
    if not free:
        return None
    last = venues.last_point(ledger.tx, ledger.venue.id)
    point = next((p for p in free if p.position > last), free[0])
    venues.set_last_point(ledger.tx, ledger.venue.id, point.position)
    return point
