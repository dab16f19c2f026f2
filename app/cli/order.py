"""`readyboard order`: place and move orders from a shell or a script."""

import re
from datetime import datetime
from functools import partial
from typing import Any

import click

from app.cli import database
from app.cli.checking import checked
from app.cli.options import data_option, venue_option
from app.cli.table import plain, print_table
from app.domain.names import shown_name
from app.domain.orders import CancelledBy, Fulfilment, Order, Status
from app.domain.problems import OrderNotFound
from app.store.database import Outcome, Reading, Transaction

STATUSES = click.Choice([str(status) for status in Status])
AN_ITEM = re.compile(r"(?:(\d{1,4})\s*x\s+)?(.+)", re.I)  # "2 x Fries", "2x Fries", "Fries"


@click.group()
def order() -> None:
    """Place, move and list orders."""


@order.command()
@click.option("--name", help="board name, shown as it is")
@click.option("--first-name", help="with the last name shown as `John D.`")
@click.option("--last-name")
@click.option("--number", help="own number  [the next free one]")
@click.option("--ref", help="your own reference; the same one again is no second order")
@click.option("--status", type=STATUSES, help="[queued]")
@click.option("--fulfilment", type=click.Choice([str(kind) for kind in Fulfilment]))
@click.option("--table")
@click.option("--note")
@click.option("--item", "items", multiple=True, metavar='"2 x NAME"', help="may be repeated")
@venue_option
@data_option
def add(venue: str, data: str | None, items: tuple[str, ...], **fields: str | None) -> None:
    """Place an order; prints its number and id.

    \b
    readyboard order add --first-name John --last-name Doe --item "2 x Fries" --item Cola
    """
    from app.commands.orders import place
    from app.web.native.bodies import OrderBody

    body: dict[str, Any] = {key: value for key, value in fields.items() if value is not None}
    if items:
        body["items"] = [_item(text) for text in items]
    new = checked(OrderBody, body).new_order()
    placed = database.write(data, partial(place, venue=venue, new=new, actor=database.SHELL)).order
    click.echo(f"{_number(placed)}  {placed.id}")


@order.command()
@click.argument("order_or_number", metavar="ORDER")
@click.argument("status", type=STATUSES)
@click.option("--note", default="")
@click.option("--cancelled-by", type=click.Choice([str(by) for by in CancelledBy]))
@click.option("--point", metavar="NAME", help="pickup point to hand it out at")
@click.option("--part", metavar="STATION", help="move only this station's share")
@venue_option
@data_option
def move(
    order_or_number: str,
    status: str,
    note: str,
    cancelled_by: str | None,
    point: str | None,
    part: str | None,
    venue: str,
    data: str | None,
) -> None:
    """Move an order, named by its number while it is live or by its id.

    \b
    readyboard order move 41 ready
    """
    from app.web.native.bodies import StatusBody

    said = {"status": status, "note": note, "cancelled_by": cancelled_by, "pickup_point": point}
    wanted = checked(StatusBody, said | {"part": part}).move()
    moved = database.write(data, partial(_move, venue=venue, order=order_or_number, move=wanted))
    where = f" at {plain(moved.place)}" if moved.place else ""
    click.echo(f"{_number(moved)} is {moved.status}{where}.")


@order.command("list")
@click.option("--status", "statuses", multiple=True, type=STATUSES, help="may be repeated")
@click.option("--search", default="", help="in names, numbers, items and notes")
@click.option("--all", "ended_too", is_flag=True, help="collected and cancelled ones too")
@click.option("--limit", type=click.IntRange(1, 1000), default=200, show_default=True)
@venue_option
@data_option
def list_orders(
    statuses: tuple[str, ...],
    search: str,
    ended_too: bool,
    limit: int,
    venue: str,
    data: str | None,
) -> None:
    """List orders, the newest first.

    \b
    readyboard order list --status ready
    """
    from app.domain.orders import ENDED
    from app.store.orders import Search, search as find

    if not statuses and not ended_too:
        statuses = tuple(str(status) for status in Status if status not in ENDED)
    wanted = Search(statuses=statuses, text=search, limit=limit)
    orders = database.read(data, lambda db: find(db, _venue_id(db, venue), wanted))
    print_table(
        ("NUMBER", "NAME", "STATUS", "PLACE", "PLACED", "ID"),
        [
            (one.number, shown_name(one), one.status, one.place, _local(one), one.id)
            for one in orders
        ],
    )


def _move(tx: Transaction, *, venue: str, order: str, move: Any) -> Outcome[Order]:
    from app.commands.status import change_status
    from app.store import orders

    venue_id = _venue_id(tx, venue)
    found = orders.find(tx, venue_id, order) or orders.live_by_number(tx, venue_id, order)
    if found is None:
        raise OrderNotFound(f"There is no order and no live number '{order}' at this venue.")
    return change_status(tx, venue=venue, order=found.id, move=move, actor=database.SHELL)


def _venue_id(db: Reading, slug: str) -> str:
    from app.store import venues

    return venues.open_by_slug(db, slug).id


def _item(text: str) -> dict[str, Any]:
    found = AN_ITEM.fullmatch(text.strip())
    if found is None:
        raise click.BadParameter(f'{text!r}: write it like "2 x Fries".')
    return {"name": found[2], "quantity": int(found[1] or 1)}


def _number(order: Order) -> str:
    return plain(order.number or shown_name(order) or order.id)


def _local(order: Order) -> str:
    at: datetime = order.placed_at.astimezone()
    return at.strftime("%Y-%m-%d %H:%M")
