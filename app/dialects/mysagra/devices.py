"""Printers and cash registers, and opening a drawer."""

from dataclasses import replace
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.commands.menu import save_thing, set_printer_status
from app.commands.printing import open_drawer
from app.dialects.mysagra.answering import Sent, actor, answer, asked, row, sent_body
from app.dialects.mysagra.asking import is_operator
from app.dialects.mysagra.errors import Refusal, Wrong
from app.dialects.mysagra.finding import thing_of
from app.dialects.mysagra.ids import shown_id, shown_or_none
from app.dialects.mysagra.words import NAME
from app.dialects.reading import validated
from app.domain.menu import CashRegister, Printer, PrinterStatus
from app.domain.orders import new_id
from app.domain.venues import Venue
from app.store import menu
from app.store.database import Reading
from app.web.context import house
from app.web.native.types import Line, Name

Port = Annotated[int, Field(ge=1, le=65535)]


class PrinterBody(Sent):
    name: Name
    ip: Line | None = None
    mac: Line | None = None
    port: Port = 9100
    description: Line | None = None
    status: PrinterStatus = PrinterStatus.OFFLINE


class PrinterStatusBody(Sent):
    status: PrinterStatus


class RegistersQuery(Sent):
    enabled: Literal["true", "false"] | None = None
    include: Literal["printer"] | None = None


async def list_printers(request: Request) -> Response:
    look = partial(menu.printers, venue_id=request.state.venue.id)
    return answer([_printer(one) for one in await house(request).store.read(look)])


async def read_printer(request: Request) -> Response:
    return answer(_printer(await thing_of(request, Printer)))


async def add_printer(request: Request) -> Response:
    body = validated(PrinterBody, await sent_body(request))
    made = Printer(id=new_id(house(request).clock()), venue="", **body.model_dump())
    venue = request.state.venue.slug
    change = partial(save_thing, venue=venue, thing=made, actor=actor(request), dialect=NAME)
    await house(request).store.write(change)
    return answer(_printer(made), 201)


async def put_printer(request: Request) -> Response:
    body = validated(PrinterBody, await sent_body(request))
    known = await thing_of(request, Printer)
    return await _tell(request, replace(known, **body.model_dump()))


async def patch_printer(request: Request) -> Response:
    """Takes the status and nothing else, as printer services send it after a probe."""
    sent = await sent_body(request)
    if isinstance(sent, dict) and (other := sorted(set(sent) - {"status"})):
        raise Wrong("unrecognized_keys", [], f"Unrecognized key: {other[0][:80]}", keys=other[:20])
    body = validated(PrinterStatusBody, sent)
    known = await thing_of(request, Printer)
    return await _tell(request, replace(known, status=body.status))


async def list_registers(request: Request) -> Response:
    query, venue = asked(request, RegistersQuery), request.state.venue
    if query.enabled != "true" and is_operator(request):
        message = "Operators can only access enabled cash registers"
        raise Refusal(403, message, "ForbiddenError")

    def look(tx: Reading) -> list[dict[str, Any]]:
        return [
            _register(tx, venue, one, query.include)
            for one in menu.registers(tx, venue.id)
            if query.enabled in (None, str(one.enabled).lower())
        ]

    return answer(await house(request).store.read(look))


async def read_register(request: Request) -> Response:
    include, venue = asked(request, RegistersQuery).include, request.state.venue
    found = await thing_of(request, CashRegister)
    return answer(await house(request).store.read(lambda tx: _register(tx, venue, found, include)))


async def open_one(request: Request) -> Response:
    found = await thing_of(request, CashRegister)
    venue = request.state.venue.slug
    change = partial(open_drawer, venue=venue, register=found, actor=actor(request), dialect=NAME)
    await house(request).store.write(change)
    return answer({"id": shown_id(found.id), "defaultPrinterId": shown_or_none(found.printer)}, 201)


async def _tell(request: Request, printer: Printer) -> Response:
    change = partial(
        set_printer_status,
        venue=request.state.venue.slug,
        printer=printer,
        actor=actor(request),
        dialect=NAME,
    )
    return answer(_printer(await house(request).store.write(change)))


def _printer(one: Printer) -> dict[str, Any]:
    names = ("name", "ip", "mac", "port", "description", "status")
    return {"id": shown_id(one.id)} | {name: getattr(one, name) for name in names}


def _register(tx: Reading, venue: Venue, one: CashRegister, include: str | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": shown_id(one.id),
        "name": one.name,
        "enabled": one.enabled,
        "defaultPrinterId": shown_or_none(one.printer),
    }
    if include == "printer":
        known = menu.printer(tx, venue.id, one.printer) if one.printer else None
        told["defaultPrinter"] = _printer(known) if known else None
    return told


PRINTER = "/v1/printers/{id}"
REGISTERS = "/v1/cash-registers"
ROUTES = (
    row("GET", "/v1/printers", list_printers, "staff+printer", "List the printers"),
    row("POST", "/v1/printers", add_printer, "menu", "Add a printer", body=PrinterBody, status=201),
    row("GET", PRINTER, read_printer, "staff+printer", "Read a printer"),
    row("PUT", PRINTER, put_printer, "menu+printer", "Replace a printer", body=PrinterBody),
    row("PATCH", PRINTER, patch_printer, "menu+printer", "Its status", body=PrinterStatusBody),
    row(
        "GET", REGISTERS, list_registers, "staff+printer", "List the cash registers",
        query=RegistersQuery,
    ),
    row(
        "GET", REGISTERS + "/{id}", read_register, "staff+printer", "Read a cash register",
        query=RegistersQuery,
    ),
    row(
        "POST", REGISTERS + "/{id}/open-drawer", open_one, "staff", "Open a drawer", status=201,
    ),
)  # fmt: skip
