"""Who asks, and for which workspace."""

from dataclasses import dataclass
from functools import partial

from starlette.requests import Request

from app.dialects.hyra.settings import Settings
from app.dialects.hyra.words import NAME, VOCABULARIES, Vocabulary
from app.dialects.shape import BOUND_TO, OPEN, throttle
from app.domain.people import ANONYMOUS, Caller
from app.domain.problems import Forbidden, Unauthorized, VenueNotFound
from app.domain.venues import Venue
from app.store import venues
from app.web.context import caller, house
from app.web.table import Entry


@dataclass(frozen=True, slots=True)
class Workspace:
    """A venue as its games see it."""

    venue: Venue
    vocabulary: Vocabulary


async def admit(request: Request, entry: Entry) -> Caller:
    """By `Authorization: Bearer <key>`, except for the Lua files. Raises Unauthorized."""
    if entry.who == OPEN:
        return ANONYMOUS
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Unauthorized("Send your API key as Authorization: Bearer <key>.")
    return await house(request).auth.caller_of_secret(secret.strip(), NAME)


async def workspace(request: Request) -> Workspace:
    """The one in the address. Raises VenueNotFound, Forbidden, TooManyRequests."""
    look = partial(venues.by_foreign_id, dialect=NAME, value=request.path_params["workspace_id"])
    venue = await house(request).store.read(look)
    if venue is None or not _is_open(request, venue):
        raise VenueNotFound("There is no such workspace.")
    if not caller(request).may_enter(venue.slug):
        raise Forbidden("This API key is for another workspace.")
    request.state.venue = venue
    throttle(request, venue)
    settings = Settings.model_validate(venue.dialects[NAME])
    return Workspace(venue, VOCABULARIES[settings.completed_means])


def _is_open(request: Request, venue: Venue) -> bool:
    """Connected, and not behind a root that is another venue's."""
    return venue.dialects[NAME]["on"] and request.scope.get(BOUND_TO) in (None, venue.slug)
