"""People for the tests, signed in without the time a real password takes."""

from functools import partial

from app.commands.people import add_user, sign_in
from app.domain.people import Role
from tests.venue_server import VenueServer

NO_HASH = "nobody can type this"


async def session_of(server: VenueServer, name: str, role: Role) -> str:
    """Adds a user and signs them in; the value of their cookie."""
    await server.store.write(partial(add_user, name=name, role=role, password_hash=NO_HASH))
    entered = await server.store.write(
        partial(sign_in, name=name, checked_hash=NO_HASH, fits=True, agent="Test browser")
    )
    return entered.secret
