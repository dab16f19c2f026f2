"""Users, sessions and the set-up link: who may sign in. Every change here drops the caches of
credentials; passwords arrive already hashed, because hashing is far too slow for the writer."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.orders import new_id
from app.domain.people import Role, Session, User, folded_name, new_secret
from app.domain.problems import (
    Invalid,
    LastAdmin,
    LockedOut,
    NameTaken,
    SetupDone,
    Unauthorized,
    UserNotFound,
)
from app.store import people
from app.store.database import Done, Outcome, Reading, Refused, Transaction, Unchanged

SESSION_LASTS = timedelta(days=30)
EXPIRED_KEPT = timedelta(days=7)  # a stream may outlive its session's expiry, not its row
FREE_FAILURES = 5
FIRST_LOCK = timedelta(seconds=30)
LONGEST_LOCK = timedelta(minutes=15)
FAILURES_FORGOTTEN = timedelta(days=1)
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """`secret` is the cookie's value and is stored nowhere."""

    user: User
    session: Session
    secret: str


def add_user(tx: Transaction, *, name: str, role: Role, password_hash: str) -> Outcome[User]:
    """Raises Invalid for a bad name, NameTaken when a user has it in any case of letters."""
    name = _checked_name(name)
    if people.user_by_name(tx, name) is not None:
        raise NameTaken(f"There is already a user named {name}.")
    user = User(id=new_id(tx.now), name=name, role=role, created_at=tx.now)
    people.add_user(tx, user, password_hash)
    if role == Role.ADMIN:
        people.delete_setup_links(tx)
    tx.credentials_changed = True
    return Done(user)


def change_password(
    tx: Transaction, *, user: str, password_hash: str, keep: str = ""
) -> Outcome[User]:
    """Ends every session of the user but `keep` (a session id). `user` is an id or a name."""
    found = find_user(tx, user)
    people.save_password(tx, found.id, password_hash)
    people.delete_sessions_of(tx, found.id, keep)
    people.forget_lock_out(tx, found.name)
    tx.credentials_changed = True
    return Done(found)


def change_role(tx: Transaction, *, user: str, role: Role) -> Outcome[User]:
    found = find_user(tx, user)
    if found.role == role:
        return Unchanged(found)
    _keep_an_admin(tx, found)
    changed = replace(found, role=role)
    people.save_user(tx, changed)
    if role == Role.ADMIN:
        people.delete_setup_links(tx)
    tx.credentials_changed = True
    return Done(changed)


def disable_user(tx: Transaction, *, user: str) -> Outcome[User]:
    """Signs the user out everywhere at once. Raises LastAdmin for the last one who could undo."""
    found = find_user(tx, user)
    if found.disabled:
        return Unchanged(found)
    _keep_an_admin(tx, found)
    changed = replace(found, disabled=True)
    people.save_user(tx, changed)
    people.delete_sessions_of(tx, found.id)
    tx.credentials_changed = True
    return Done(changed)


def enable_user(tx: Transaction, *, user: str) -> Outcome[User]:
    found = find_user(tx, user)
    if not found.disabled:
        return Unchanged(found)
    changed = replace(found, disabled=False)
    people.save_user(tx, changed)
    tx.credentials_changed = True
    return Done(changed)


def new_setup_token(tx: Transaction) -> Outcome[str]:
    """The secret of a fresh set-up link; an earlier one ends. Raises SetupDone once an admin
    exists, enabled or not."""
    if people.has_admin(tx):
        raise SetupDone("There is an admin already; add users with `readyboard user add`.")
    secret = new_secret()
    people.replace_setup_link(tx, secret, tx.now)
    return Done(secret)


def first_admin(tx: Transaction, *, token: str, name: str, password_hash: str) -> Outcome[User]:
    if people.has_admin(tx):
        raise SetupDone("This set-up link has been used. Sign in instead.")
    if not people.setup_link_holds(tx, token):
        raise Unauthorized("This set-up link is not valid. Restart Readyboard for a new one.")
    return add_user(tx, name=name, role=Role.ADMIN, password_hash=password_hash)


def sign_in(
    tx: Transaction,
    *,
    name: str,
    checked_hash: str,
    fits: bool,
    agent: str = "",
    new_hash: str | None = None,
) -> Outcome[SignedIn]:
    """The end of a sign-in. `checked_hash` is the stored hash the password was held against
    outside the writer, `fits` the answer; a hash changed since then does not let anyone in."""
    still_open(tx, name)
    user = people.user_by_name(tx, name)
    if user is None or not fits or people.password_hash(tx, user.id) != checked_hash:
        return count_failure(tx, name)
    if user.disabled:
        return count_failure(tx, name)
    people.forget_lock_out(tx, name)
    people.delete_expired_sessions(tx, tx.now - EXPIRED_KEPT)
    if new_hash is not None:
        people.save_password(tx, user.id, new_hash)
    return Done(open_session(tx, user, agent))


def extend_session(tx: Transaction, *, session: str) -> Outcome[Session | None]:
    """Called when a session is used, at most once an hour. None: it was ended meanwhile."""
    found = people.session_by_id(tx, session)
    if found is None:
        return Unchanged(None)
    # On a shared tablet nobody stays signed in for longer than a shift.
    expires_at = found.expires_at if found.tablet else tx.now + SESSION_LASTS
    people.extend_session(tx, session, tx.now, expires_at)
    return Done(replace(found, seen_at=tx.now, expires_at=expires_at))


def sign_out(tx: Transaction, *, session: str) -> Outcome[None]:
    if not people.delete_session(tx, session):
        return Unchanged(None)
    tx.credentials_changed = True
    return Done(None)


def sign_out_everywhere(tx: Transaction, *, user: str, keep: str = "") -> Outcome[int]:
    """How many sessions ended; `keep` is a session id that goes on."""
    ended = people.delete_sessions_of(tx, find_user(tx, user).id, keep)
    tx.credentials_changed = True
    return Done(ended)


def find_user(db: Reading, user: str) -> User:
    """By id, else by name."""
    found = people.user_by_id(db, user) or people.user_by_name(db, user)
    if found is None:
        raise UserNotFound(f"There is no user {user[:LONGEST_NAME]}.")
    return found


def still_open(db: Reading, name: str) -> None:
    """Raises LockedOut, with `retry_after` in seconds, while too many attempts lie behind."""
    lock = people.lock_out(db, name)
    if lock is not None and db.now < lock.locked_until:
        seconds = int((lock.locked_until - db.now).total_seconds()) + 1
        detail = f"Too many failed attempts. Try again in {_in_words(seconds)}."
        raise LockedOut(detail, retry_after=seconds)


def count_failure(
    tx: Transaction, name: str, detail: str = "The name or the password is wrong."
) -> Refused:
    """The count is kept although the answer is a refusal, so that no restart forgives."""
    people.forget_lock_outs_before(tx, tx.now - FAILURES_FORGOTTEN)
    lock = people.lock_out(tx, name)
    failures = lock.failures + 1 if lock else 1
    people.save_lock_out(tx, name, people.LockOut(failures, tx.now, _locked_until(tx, failures)))
    return Refused(Unauthorized(detail))


def open_session(
    tx: Transaction,
    user: User,
    agent: str,
    lasts: timedelta = SESSION_LASTS,
    tablet: str | None = None,
) -> SignedIn:
    """`tablet`: where it was opened with a PIN."""
    secret = new_secret()
    session = Session(
        id=new_id(tx.now),
        user=user.id,
        agent=agent[:200],
        created_at=tx.now,
        seen_at=tx.now,
        expires_at=tx.now + lasts,
        tablet=tablet,
    )
    people.add_session(tx, session, secret)
    return SignedIn(user=user, session=session, secret=secret)


def _locked_until(tx: Transaction, failures: int) -> datetime:
    over = failures - FREE_FAILURES
    if over < 0:
        return tx.now
    return tx.now + min(FIRST_LOCK * (1 << min(over, 10)), LONGEST_LOCK)


def _keep_an_admin(tx: Transaction, user: User) -> None:
    if user.role == Role.ADMIN and not user.disabled and not people.other_admin(tx, user.id):
        raise LastAdmin(f"{user.name} is the last admin. Make someone else an admin first.")


def _checked_name(name: str) -> str:
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable() or not folded_name(name):
        message = f"A name has 1 to {LONGEST_NAME} letters, on one line."
        raise Invalid(message, errors=[{"path": "name", "message": message}])
    return name


def _in_words(seconds: int) -> str:
    return f"{seconds} seconds" if seconds < 90 else f"{round(seconds / 60)} minutes"
