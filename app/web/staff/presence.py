"""Who else has this venue's pad open."""

from collections.abc import Iterable

from app.domain.people import Caller
from app.store import people
from app.store.database import Reading

MOST_NAMED = 5


def others(db: Reading, credentials: Iterable[str], me: Caller) -> tuple[str, ...]:
    """The names of the signed-in people behind these credentials, without one's own other
    tablets; of many only the first few and how many more."""
    sessions = (people.session_by_id(db, one.removeprefix("session:")) for one in credentials)
    ids = {session.user for session in sessions if session}
    mine = me.user.id if me.user else None
    found = [user for one in ids - {mine} if (user := people.user_by_id(db, one))]
    names = sorted(user.name for user in found)
    more = len(names) - MOST_NAMED
    return (*names[:MOST_NAMED], f"{more} more") if more > 0 else tuple(names)
