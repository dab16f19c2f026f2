"""May this caller do that? The one check between an address and its handler."""

from starlette.requests import HTTPConnection

from app.domain.board import Access
from app.domain.people import ANONYMOUS, Caller
from app.domain.problems import Forbidden, Unauthorized
from app.web.context import board_asked, house
from app.web.table import Who


async def admit(connection: HTTPConnection, who: Who) -> Caller:
    """Who is asking, if they may. Raises Unauthorized, Forbidden, CrossOrigin; for a board also
    VenueNotFound, BoardNotFound and PointNotFound."""
    if who == Who.PUBLIC:
        return ANONYMOUS
    auth = house(connection).auth
    if who == Who.SCREEN:
        return await auth.screen_on_duty(connection)
    if who == Who.BOARD:
        access = await house(connection).hub.access(*board_asked(connection))
        if access == Access.OPEN:
            return ANONYMOUS
        who, caller = Who.BOARD_READ, await auth.reader_of(connection)
    else:
        caller = await auth.caller_of(connection)
    if not caller.credential:
        raise Unauthorized("Send a key as 'Authorization: Bearer rb_…', or sign in.")
    if not caller.may(who):
        raise Forbidden(f"This needs the scope {who}.")
    venue = connection.path_params.get("venue")
    if venue is not None and not caller.may_enter(venue):
        raise Forbidden("This key is not for that venue.")
    return caller
