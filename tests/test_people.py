"""Users, sessions, the set-up link and API keys, on a real database file."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from app.commands.keys import create_key, revoke_key
from app.commands.passwords import LONGEST, hash_password, outdated, password_fits
from app.commands.people import (
    LONGEST_LOCK,
    SESSION_LASTS,
    SignedIn,
    add_user,
    change_password,
    change_role,
    disable_user,
    enable_user,
    extend_session,
    find_user,
    first_admin,
    new_setup_token,
    sign_in,
    sign_out,
    sign_out_everywhere,
)
from app.domain.events import SYSTEM
from app.domain.people import SCOPES_OF, Caller, Role, Scope, User
from app.domain.problems import (
    Conflict,
    Invalid,
    KeyNotFound,
    LastAdmin,
    LockedOut,
    NameTaken,
    SetupDone,
    Unauthorized,
    UserNotFound,
    VenueNotFound,
)
from app.store import people
from app.store.sqlite import SqliteStore, open_store
from tests.clock import Clock

HASH = "not a real hash"


async def add(store: SqliteStore, name: str = "Anna", role: Role = Role.ADMIN) -> User:
    return await store.write(partial(add_user, name=name, role=role, password_hash=HASH))


async def enter(store: SqliteStore, name: str = "Anna", *, fits: bool = True) -> SignedIn:
    return await store.write(partial(sign_in, name=name, checked_hash=HASH, fits=fits))


def files_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())


async def fail(store: SqliteStore, times: int, name: str = "Anna") -> None:
    for _ in range(times):
        with pytest.raises(Unauthorized):
            await enter(store, name, fits=False)


async def test_names_are_the_same_in_any_case(store: SqliteStore) -> None:
    anna = await add(store)
    assert (await store.read(partial(find_user, user=" ANNA "))).id == anna.id
    with pytest.raises(NameTaken):
        await add(store, "anna")


@pytest.mark.parametrize("name", ["", "  ", "x" * 41, "a\nb", "a\0b", "\u202ex"])
async def test_unusable_names_are_refused(store: SqliteStore, name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        await add(store, name)
    assert refusal.value.extra["errors"][0]["path"] == "name"


async def test_unknown_user_is_said(store: SqliteStore) -> None:
    with pytest.raises(UserNotFound):
        await store.write(partial(disable_user, user="nobody"))


async def test_set_up_link_makes_one_admin_and_is_gone(store: SqliteStore) -> None:
    token = await store.write(new_setup_token)
    make = partial(first_admin, token=token, name="Anna", password_hash=HASH)
    assert (await store.write(make)).role == Role.ADMIN
    with pytest.raises(SetupDone):
        await store.write(make)
    with pytest.raises(SetupDone):
        await store.write(new_setup_token)
    assert not await store.read(partial(people.setup_link_holds, secret=token))


async def test_wrong_or_replaced_set_up_link_makes_nobody(store: SqliteStore) -> None:
    older = await store.write(new_setup_token)
    await store.write(new_setup_token)
    for token in ("", "guess", older):
        with pytest.raises(Unauthorized):
            await store.write(partial(first_admin, token=token, name="A", password_hash=HASH))
    assert await store.read(people.all_users) == []


async def test_set_up_link_ends_when_the_shell_makes_an_admin(store: SqliteStore) -> None:
    token = await store.write(new_setup_token)
    await add(store, "Sam", Role.STAFF)
    assert await store.read(partial(people.setup_link_holds, secret=token))
    await add(store)
    assert not await store.read(partial(people.setup_link_holds, secret=token))


async def test_promotion_to_admin_ends_the_set_up_link(store: SqliteStore) -> None:
    token = await store.write(new_setup_token)
    await add(store, "Sam", Role.STAFF)
    await store.write(partial(change_role, user="Sam", role=Role.ADMIN))
    assert not await store.read(partial(people.setup_link_holds, secret=token))


async def test_last_admin_stays(store: SqliteStore) -> None:
    anna, ben = await add(store), await add(store, "Ben")
    await store.write(partial(disable_user, user=ben.id))
    with pytest.raises(LastAdmin):
        await store.write(partial(disable_user, user=anna.id))
    with pytest.raises(LastAdmin):
        await store.write(partial(change_role, user=anna.id, role=Role.STAFF))
    await store.write(partial(enable_user, user=ben.id))
    assert (await store.write(partial(change_role, user=anna.id, role=Role.STAFF))).role == "staff"


async def test_nothing_changes_twice(store: SqliteStore) -> None:
    await add(store)
    told: list[bool] = []
    await add(store, "Ben")
    await store.write(partial(disable_user, user="Ben"))
    store.on_commit = lambda _events, credentials: told.append(credentials)
    await store.write(partial(disable_user, user="Ben"))
    await store.write(partial(enable_user, user="Anna"))
    await store.write(partial(change_role, user="Anna", role=Role.ADMIN))
    await store.write(partial(sign_out, session="none"))
    assert told == []


async def test_disabled_user_is_signed_out_and_stays_out(store: SqliteStore) -> None:
    await add(store)
    await add(store, "Ben", Role.STAFF)
    entered = await enter(store, "Ben")
    await store.write(partial(disable_user, user="Ben"))
    assert await store.read(partial(people.session_by_id, session=entered.session.id)) is None
    with pytest.raises(Unauthorized):
        await enter(store, "Ben")


async def test_five_failures_lock_and_the_lock_grows(store: SqliteStore, clock: Clock) -> None:
    await add(store)
    await fail(store, 5)
    with pytest.raises(LockedOut) as refusal:
        await enter(store)
    assert refusal.value.extra["retry_after"] == 31
    clock.now += timedelta(seconds=31)
    await fail(store, 1)
    clock.now += timedelta(seconds=31)
    with pytest.raises(LockedOut):
        await enter(store)
    clock.now += timedelta(seconds=30)
    assert (await enter(store)).user.name == "Anna"
    await fail(store, 4)
    assert (await enter(store)).user.name == "Anna"


async def test_lock_never_exceeds_its_longest(store: SqliteStore, clock: Clock) -> None:
    await add(store)
    for _ in range(30):
        await fail(store, 1)
        clock.now += LONGEST_LOCK
    assert (await enter(store)).user.name == "Anna"


async def test_failures_are_forgotten_after_a_day(store: SqliteStore, clock: Clock) -> None:
    await add(store)
    await fail(store, 4)
    clock.now += timedelta(days=1, seconds=1)
    await fail(store, 4)
    assert (await enter(store)).user.name == "Anna"


async def test_unknown_names_lock_just_the_same(store: SqliteStore) -> None:
    await fail(store, 5, "nobody")
    with pytest.raises(LockedOut):
        await enter(store, "nobody")


async def test_count_of_failures_outlives_a_restart(tmp_path: Path, clock: Clock) -> None:
    store = await open_store(tmp_path / "twice", clock=clock)
    await add(store)
    await fail(store, 5)
    await store.close()
    store = await open_store(tmp_path / "twice", clock=clock)
    with pytest.raises(LockedOut):
        await enter(store)
    await store.close()


async def test_password_changed_during_a_sign_in_lets_nobody_in(store: SqliteStore) -> None:
    await add(store)
    await store.write(partial(change_password, user="Anna", password_hash="newer"))
    with pytest.raises(Unauthorized):
        await enter(store)


async def test_changed_password_ends_the_other_sessions(store: SqliteStore) -> None:
    anna = await add(store)
    first, second = await enter(store), await enter(store)
    change = partial(change_password, user=anna.id, password_hash=HASH, keep=first.session.id)
    await store.write(change)
    left = await store.read(partial(people.sessions_of, user=anna.id))
    assert [session.id for session in left] == [first.session.id]
    assert second.session.id != first.session.id


async def test_sign_out_ends_one_session_or_all(store: SqliteStore) -> None:
    anna = await add(store)
    entered = [await enter(store) for _ in range(3)]
    await store.write(partial(sign_out, session=entered[0].session.id))
    assert len(await store.read(partial(people.sessions_of, user=anna.id))) == 2
    assert await store.write(partial(sign_out_everywhere, user=anna.id)) == 2
    assert await store.read(partial(people.sessions_of, user=anna.id)) == []


async def test_long_expired_sessions_are_cleared_at_sign_in(
    store: SqliteStore, clock: Clock
) -> None:
    anna = await add(store)
    await enter(store)
    clock.now += SESSION_LASTS + timedelta(days=8)
    fresh = await enter(store)
    left = await store.read(partial(people.sessions_of, user=anna.id))
    assert [session.id for session in left] == [fresh.session.id]


async def test_ended_session_is_not_extended(store: SqliteStore) -> None:
    assert await store.write(partial(extend_session, session="gone")) is None


async def test_stronger_hash_is_kept_at_sign_in(store: SqliteStore) -> None:
    anna = await add(store)
    change = partial(sign_in, name="Anna", checked_hash=HASH, fits=True, new_hash="stronger")
    await store.write(change)
    assert await store.read(partial(people.password_hash, user=anna.id)) == "stronger"


async def test_secrets_are_stored_nowhere(store: SqliteStore, tmp_path: Path) -> None:
    token = await store.write(new_setup_token)
    await add(store, "Sam", Role.STAFF)
    entered = await enter(store, "Sam")
    made = await store.write(partial(create_key, name="till", scopes=[Scope.ORDERS_WRITE]))
    kept = files_of(tmp_path)
    for secret in (token, entered.secret, made.secret):
        assert secret.encode() not in kept


async def test_key_has_a_shape_and_its_last_four(store: SqliteStore) -> None:
    made = await store.write(partial(create_key, name=" till ", scopes=[Scope.ORDERS_WRITE]))
    assert (made.key.name, made.key.last4) == ("till", made.secret[-4:])
    assert made.secret.startswith("rb_")
    assert len(made.secret) == 46
    assert await store.read(people.all_keys) == [made.key]


async def test_key_may_be_bound_to_venues(store: SqliteStore) -> None:
    make = partial(create_key, name="till", scopes=[Scope.ORDERS_READ])
    made = await store.write(partial(make, venues=["main"]))
    [kept] = await store.read(people.all_keys)
    assert kept.venues == made.key.venues == frozenset({"main"})
    with pytest.raises(VenueNotFound):
        await store.write(partial(make, venues=["main", "elsewhere"]))
    assert len(await store.read(people.all_keys)) == 1


async def test_wrong_key_is_told_everything_at_once(store: SqliteStore, clock: Clock) -> None:
    with pytest.raises(Invalid) as refusal:
        await store.write(partial(create_key, name="", scopes=[], expires_at=clock.now))
    paths = [error["path"] for error in refusal.value.extra["errors"]]
    assert paths == ["name", "scopes", "expires_at"]


async def test_key_is_revoked_by_name_or_id_once(store: SqliteStore, clock: Clock) -> None:
    make = partial(create_key, name="till", scopes=[Scope.ORDERS_READ])
    first = await store.write(make)
    assert (await store.write(partial(revoke_key, key="till"))).revoked_at == clock.now
    clock.now += timedelta(hours=1)
    again = await store.write(partial(revoke_key, key=first.key.id))
    assert again.revoked_at == clock.now - timedelta(hours=1)
    with pytest.raises(KeyNotFound):
        await store.write(partial(revoke_key, key="till"))
    await store.write(make)
    await store.write(make)
    with pytest.raises(Conflict):
        await store.write(partial(revoke_key, key="till"))


def test_roles_grow_from_viewer_to_admin() -> None:
    assert SCOPES_OF[Role.VIEWER] < SCOPES_OF[Role.STAFF] < SCOPES_OF[Role.ADMIN]
    assert Scope.ORDERS_WRITE not in SCOPES_OF[Role.VIEWER]


def test_admin_scope_includes_the_others() -> None:
    caller = Caller(actor=SYSTEM, scopes=frozenset({Scope.ADMIN}))
    assert all(caller.may(scope) for scope in Scope)


def test_passwords_are_argon2id_and_normalised() -> None:
    stored = hash_password("caf\N{COMBINING ACUTE ACCENT}e 12345")
    assert stored.startswith("$argon2id$")
    assert password_fits("caf\N{COMBINING ACUTE ACCENT}e 12345", stored)
    assert not password_fits("cafe 12345", stored)
    assert not outdated(stored)


@pytest.mark.parametrize("password", ["", "1234567", "x" * (LONGEST + 1)])
def test_short_and_endless_passwords_are_refused(password: str) -> None:
    with pytest.raises(Invalid):
        hash_password(password)


def test_no_password_fits_a_missing_or_broken_hash() -> None:
    assert not password_fits("", "")
    assert not password_fits("password", "broken")
