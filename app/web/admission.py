"""May this caller do that? The one check between an address and its handler."""

from starlette.requests import HTTPConnection

from app.domain.board import Access
from app.domain.people import ANONYMOUS, Caller
from app.domain.problems import Forbidden, Unauthorized
from app.web.context import house
from app.web.table import Who


async def admit(connection: HTTPConnection, who: Who) -> Caller:
    """Who is asking, if they may. Raises Unauthorized, Forbidden, CrossOrigin; for a board also
    VenueNotFound and BoardNotFound."""
    if who == Who.PUBLIC:
        return ANONYMOUS
    if who == Who.BOARD:
        at = connection.path_params
        access = await house(connection).hub.access(at["venue"], at.get("board", ""))
        if access == Access.OPEN:
            return ANONYMOUS
        who = Who.BOARD_READ
    caller = await house(connection).auth.caller_of(connection)
    if not caller.credential:
        raise Unauthorized("Send a key as 'Authorization: Bearer rb_…', or sign in.")
    if not caller.may(who):
        raise Forbidden(f"This needs the scope {who}.")
    venue = connection.path_params.get("venue")
    if venue is not None and not caller.may_enter(venue):
        raise Forbidden("This key is not for that venue.")
    return caller
