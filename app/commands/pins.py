"""PINs on a shared tablet: who has one, which tablets take them, and signing in by one.

A PIN opens far less than a password: only on a tablet that was allowed, for half a day, and never
what admins set.
"""

from dataclasses import dataclass
from datetime import timedelta

from app.commands.people import SignedIn, count_failure, find_user, open_session, still_open
from app.domain.orders import new_id
from app.domain.people import Role, User, new_secret
from app.domain.problems import Invalid, NotFound, Unauthorized
from app.store import people, pins
from app.store.database import Done, Outcome, Reading, Transaction, Unchanged
from app.store.pins import Tablet

PIN_SESSION_LASTS = timedelta(hours=12)
LONGEST_NAME = 80
WRONG = "That PIN is wrong."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTablet:
    """`secret` is the cookie's value and is stored nowhere."""

    tablet: Tablet
    secret: str


def set_pin(tx: Transaction, *, user: str, pin_hash: str) -> Outcome[User]:
    """`user` is an id or a name; what they opened with an older PIN ends. Raises UserNotFound,
    Invalid for a guest."""
    found = find_user(tx, user)
    if found.role == Role.CUSTOMER:
        raise Invalid("Guests have no PIN.", errors=[{"path": "user", "message": "is a guest"}])
    pins.save_pin(tx, found.id, pin_hash)
    _end(tx, found)
    return Done(found)


def remove_pin(tx: Transaction, *, user: str) -> Outcome[User]:
    found = find_user(tx, user)
    if not pins.remove_pin(tx, found.id):
        return Unchanged(found)
    _end(tx, found)
    return Done(found)


def allow_tablet(tx: Transaction, *, name: str, allowed_by: str) -> Outcome[NewTablet]:
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        message = f"A tablet's name has 1 to {LONGEST_NAME} letters, on one line."
        raise Invalid(message, errors=[{"path": "name", "message": message}])
    tablet = Tablet(id=new_id(tx.now), name=name, allowed_by=allowed_by, created_at=tx.now)
    secret = new_secret()
    pins.add_tablet(tx, tablet, secret)
    return Done(NewTablet(tablet=tablet, secret=secret))


def revoke_tablet(tx: Transaction, *, tablet: str) -> Outcome[Tablet]:
    """Signs everybody out on it at once."""
    found = pins.tablet_by_id(tx, tablet)
    if found is None:
        raise NotFound("There is no such tablet. It may have been revoked.")
    pins.delete_tablet(tx, found.id)
    tx.credentials_changed = True
    return Done(found)


def sign_in_by_pin(
    tx: Transaction, *, tablet: str, user: str, checked_hash: str, fits: bool, agent: str = ""
) -> Outcome[SignedIn]:
    """The end of a sign-in, as `people.sign_in` is with a password. `tablet` is an id. Wrong PINs
    lock the person out on that tablet alone: a stranger at one must not stop the others."""
    lock = lock_name(tablet, user)
    still_open(tx, lock)
    person = people.user_by_id(tx, user)
    known = pins.tablet_by_id(tx, tablet) is not None
    if person is None or person.disabled or not fits or not known:
        return count_failure(tx, lock, WRONG)
    if pins.pin_hash(tx, person.id) != checked_hash:  # changed meanwhile
        return count_failure(tx, lock, WRONG)
    people.forget_lock_out(tx, lock)
    return Done(open_session(tx, person, agent, PIN_SESSION_LASTS, tablet))


def stored_pin(db: Reading, *, tablet: str, user: str) -> str:
    """What a PIN is held against outside the writer; empty for who has none. Raises LockedOut,
    and Unauthorized once the tablet is revoked."""
    still_open(db, lock_name(tablet, user))
    if pins.tablet_by_id(db, tablet) is None:
        raise Unauthorized("This tablet may no longer be used with PINs.")
    return pins.pin_hash(db, user)


def lock_name(tablet: str, user: str) -> str:
    """With a line break, which nobody can type as a name."""
    return f"pin\n{tablet}\n{user}"


def _end(tx: Transaction, user: User) -> None:
    pins.end_pin_sessions(tx, user.id)
    tx.credentials_changed = True
