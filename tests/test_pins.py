"""PINs on a shared tablet: who may, where, how long, and how it ends."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner

from app.cli import main
from app.commands.passwords import hash_pin, password_fits
from app.commands.people import (
    add_user,
    change_password,
    disable_user,
    extend_session,
    find_user,
)
from app.commands.pins import (
    PIN_SESSION_LASTS,
    allow_tablet,
    remove_pin,
    revoke_tablet,
    set_pin,
    sign_in_by_pin,
    stored_pin,
)
from app.domain.people import Role, User, fingerprint
from app.domain.problems import Invalid, LockedOut, NotFound, Unauthorized
from app.store import people, pins
from app.store.sqlite import SqliteStore, open_store
from app.web.auth import COOKIE, TABLET_COOKIE
from tests.clock import Clock
from tests.staff_browser import NO_HASH, PAD, browser, press, session_of
from tests.venue_server import VenueServer

PIN = "4071"


@dataclass
class Counter:
    """A tablet on the counter of a running server, and the admin Anna who has a PIN."""

    server: VenueServer
    tablet: httpx2.AsyncClient
    anna: User

    async def type(self, pin: str, user: str = "", **more: str) -> httpx2.Response:
        data = {"user": user or self.anna.id, "pin": pin} | more
        return await self.tablet.post("/staff/pin", data=data)

    async def tablets(self) -> list[pins.Tablet]:
        return await self.server.store.read(pins.all_tablets)


@pytest.fixture
async def counter(server: VenueServer) -> AsyncIterator[Counter]:
    session = await session_of(server, "Anna", Role.ADMIN)
    anna = await server.store.read(partial(find_user, user="Anna"))
    await server.store.write(partial(set_pin, user="Anna", pin_hash=hash_pin(PIN)))
    async with browser(server, session) as client:
        # The session's cookie as a browser would keep it, so that signing out can take it away.
        client.cookies.clear()
        client.cookies.set(COOKIE, session, domain="127.0.0.1", path="/")
        page = await client.post("/staff/account/tablet", data={"name": "Counter tablet"})
        assert page.url.path == "/staff/pin"
        yield Counter(server, client, anna)


async def tablet_of(store: SqliteStore) -> str:
    made = await store.write(partial(allow_tablet, name="Tablet", allowed_by="Anna"))
    return made.tablet.id


async def user_with_pin(store: SqliteStore, name: str = "Sam", role: Role = Role.STAFF) -> User:
    user = await store.write(partial(add_user, name=name, role=role, password_hash=NO_HASH))
    return await store.write(partial(set_pin, user=user.id, pin_hash="pin hash"))


async def try_pin(store: SqliteStore, tablet: str, user: User, fits: bool) -> None:
    await store.write(
        partial(sign_in_by_pin, tablet=tablet, user=user.id, checked_hash="pin hash", fits=fits)
    )


async def test_allowing_a_tablet_signs_out_who_allowed_it(counter: Counter) -> None:
    assert COOKIE not in counter.tablet.cookies
    assert (await counter.tablet.get(PAD)).url.path == "/staff/pin"
    secret = counter.tablet.cookies[TABLET_COOKIE]
    kept = await counter.server.store.read(lambda db: db.all("SELECT hash FROM tablets"))
    assert [row["hash"] for row in kept] == [fingerprint(secret)]


async def test_right_pin_leads_where_one_was_going(counter: Counter) -> None:
    page = await counter.tablet.get(f"{PAD}/finished?q=tea")
    assert "Who are you?" in page.text
    onward = re.search(r"next=([^\"&]+)", page.text)
    assert onward
    page = await counter.tablet.get("/staff/pin", params={"who": counter.anna.id})
    assert "<h1>Anna</h1>" in page.text
    page = await counter.type(PIN, next=f"{PAD}/finished?q=tea")
    assert str(page.url).endswith(f"{PAD}/finished?q=tea")
    assert "Switch person" in page.text


async def test_pin_of_an_admin_opens_no_more_than_staff_may(counter: Counter) -> None:
    await counter.type(PIN)
    assert "Venue settings" not in (await counter.tablet.get(f"{PAD}/finished")).text
    for path in ("/staff/people", f"{PAD}/settings", f"{PAD}/day", f"{PAD}/audit"):
        assert (await counter.tablet.get(path)).status_code == 403
    order = await counter.server.place(name="Zoe")
    assert (await press(counter.tablet, order, "ready")).status_code in (200, 303)
    form = {"name": "Another tablet"}
    assert (await counter.tablet.post("/staff/account/tablet", data=form)).status_code == 403
    form = {"current": "x", "pin": "9127"}
    assert (await counter.tablet.post("/staff/account/pin", data=form)).status_code == 403
    assert "Shared tablet" not in (await counter.tablet.get("/staff/account")).text


async def test_who_came_by_pin_neither_tries_passwords_nor_signs_others_out(
    counter: Counter,
) -> None:
    await counter.type(PIN)
    words = {"current": "a guess of many", "password": "my own one", "again": "my own one"}
    refused = await counter.tablet.post("/staff/account/password", data=words)
    assert refused.status_code == 403
    assert "Sign in with your password for this." in refused.text
    assert (await counter.tablet.post("/staff/account/sessions")).status_code == 403
    page = (await counter.tablet.get("/staff/account")).text
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]


async def test_what_is_done_by_pin_carries_the_persons_name(counter: Counter) -> None:
    await counter.type(PIN)
    order = await counter.server.place(name="Zoe")
    await press(counter.tablet, order, "ready")
    page = await counter.tablet.get(f"{PAD}/orders/{order.id}")
    assert "Anna" in page.text.split("History")[-1]


async def test_keypad_works_without_scripts(counter: Counter) -> None:
    typed = ""
    for key in (*PIN, "9", "back"):
        page = await counter.type(typed, key=key)
        found = re.search(r'id="pin"[^>]* value="([0-9]*)"', page.text)
        assert found
        typed = found[1]
    assert typed == PIN
    assert (await counter.type(typed, key="enter")).url.path == PAD


async def test_five_wrong_pins_lock_this_person_on_this_tablet(counter: Counter) -> None:
    await user_with_pin(counter.server.store)
    for _ in range(5):
        page = await counter.type("9999")
        assert page.status_code == 401
        assert "That PIN is wrong." in page.text
    page = await counter.type(PIN)
    assert page.status_code == 429
    assert "Too many failed attempts" in page.text
    other = await tablet_of(counter.server.store)
    with pytest.raises(LockedOut):
        await counter.server.store.read(
            partial(stored_pin, tablet=(await counter.tablets())[0].id, user=counter.anna.id)
        )
    look = partial(stored_pin, tablet=other, user=counter.anna.id)
    assert await counter.server.store.read(look) != ""


async def test_nobody_without_a_pin_is_told_from_nobody_at_all(counter: Counter) -> None:
    await session_of(counter.server, "Ben", Role.STAFF)
    ben = await counter.server.store.read(partial(find_user, user="Ben"))
    page = await counter.tablet.get("/staff/pin")
    assert "Ben" not in page.text
    for user in (ben.id, "0" * 24):
        answer = await counter.type(PIN, user)
        assert answer.status_code == 401
        assert "Ben" not in answer.text


async def test_no_other_browser_takes_pins(server: VenueServer, counter: Counter) -> None:
    async with browser(server, "") as stranger:
        stranger.cookies.clear()
        assert (await stranger.get("/staff/pin")).url.path == "/staff/sign-in"
        data = {"user": counter.anna.id, "pin": PIN}
        assert (await stranger.post("/staff/pin", data=data)).url.path == "/staff/sign-in"
        stranger.cookies.set(TABLET_COOKIE, "guess")
        assert (await stranger.post("/staff/pin", data=data)).url.path == "/staff/sign-in"
    counter.tablet.headers["Origin"] = "http://evil.example"
    assert (await counter.type(PIN)).status_code == 403


async def test_switching_ends_the_session(counter: Counter) -> None:
    await counter.type(PIN)
    session = counter.tablet.cookies[COOKIE]
    page = await counter.tablet.post("/staff/pin/leave")
    assert page.url.path == "/staff/pin"
    assert (
        await counter.server.store.read(partial(people.session_by_secret, secret=session)) is None
    )
    await counter.type(PIN)
    first = counter.tablet.cookies[COOKIE]
    await counter.type(PIN)  # somebody just taps a name
    assert await counter.server.store.read(partial(people.session_by_secret, secret=first)) is None


async def test_revoked_tablet_is_signed_out_at_once(counter: Counter) -> None:
    await counter.type(PIN)
    [tablet] = await counter.tablets()
    session = await session_of(counter.server, "Boss", Role.ADMIN)
    async with browser(counter.server, session) as boss:
        assert "Counter tablet" in (await boss.get("/staff/people")).text
        page = await boss.post(f"/staff/people/tablets/{tablet.id}")
        assert "Counter tablet no longer takes PINs." in page.text
        again = await boss.post(f"/staff/people/tablets/{tablet.id}")
        assert again.status_code == 404
    assert (await counter.tablet.get(PAD)).url.path == "/staff/sign-in"
    assert TABLET_COOKIE not in counter.tablet.cookies


async def test_disabled_user_is_gone_from_the_tablet(counter: Counter) -> None:
    await session_of(counter.server, "Boss", Role.ADMIN)
    await counter.type(PIN)
    await counter.server.store.write(partial(disable_user, user="Anna"))
    page = await counter.tablet.get(PAD)
    assert page.url.path == "/staff/pin"
    assert "Nobody has a PIN yet" in page.text
    assert (await counter.type(PIN)).status_code == 401


async def test_new_or_removed_pin_ends_what_the_old_one_opened(counter: Counter) -> None:
    store = counter.server.store
    for change in (
        partial(set_pin, user="Anna", pin_hash=hash_pin(PIN)),
        partial(remove_pin, user="Anna"),
    ):
        await counter.type(PIN)
        assert (await counter.tablet.get(PAD)).url.path == PAD
        await store.write(change)
        assert (await counter.tablet.get(PAD)).url.path == "/staff/pin"
    assert (await counter.type(PIN)).status_code == 401


async def test_admin_gives_and_takes_pins(server: VenueServer) -> None:
    async with browser(server, await session_of(server, "Anna", Role.ADMIN)) as anna:
        await session_of(server, "Sam", Role.STAFF)
        sam = await server.store.read(partial(find_user, user="Sam"))
        path = f"/staff/people/{sam.id}/pin"
        page = await anna.post(path, data={"do": "set", "pin": "4071"})
        assert "Sam has a new PIN." in page.text
        assert "has a PIN" in page.text
        assert password_fits("4071", await server.store.read(partial(pins.pin_hash, user=sam.id)))
        assert (await anna.post(path, data={"do": "set", "pin": "12"})).status_code == 422
        page = await anna.post(path, data={"do": "remove"})
        assert "Sam has no PIN any more." in page.text
        assert (await anna.post("/staff/people/x/pin", data={"do": "remove"})).status_code == 404


async def test_own_pin_needs_the_password(server: VenueServer) -> None:
    hashed = await server.house.auth.hash("correct horse")
    session = await session_of(server, "Sam", Role.VIEWER)
    entered = await server.store.read(partial(people.session_by_secret, secret=session))
    assert entered is not None
    keep = partial(change_password, user="Sam", password_hash=hashed, keep=entered.id)
    await server.store.write(keep)
    async with browser(server, session) as sam:
        form = {"current": "wrong", "pin": "4071"}
        assert (await sam.post("/staff/account/pin", data=form)).status_code == 403
        page = await sam.post("/staff/account/pin", data=form | {"current": "correct horse"})
        assert "Your PIN is set." in page.text
    assert (await server.http.post("/staff/account/pin", data=form)).status_code == 403


@pytest.mark.parametrize("pin", ["", "123", "123456789", "abcd", "1111", "1234", "8765", "12 34"])
def test_unusable_pins_are_refused(pin: str) -> None:
    with pytest.raises(Invalid):
        hash_pin(pin)


async def test_lock_grows_and_survives_a_restart(tmp_path: Path, clock: Clock) -> None:
    store = await open_store(tmp_path / "twice", clock=clock)
    tablet, sam = await tablet_of(store), await user_with_pin(store)
    for _ in range(5):
        with pytest.raises(Unauthorized):
            await try_pin(store, tablet, sam, False)
    await store.close()
    store = await open_store(tmp_path / "twice", clock=clock)
    with pytest.raises(LockedOut):
        await try_pin(store, tablet, sam, True)
    clock.forward(seconds=31)
    with pytest.raises(Unauthorized):
        await try_pin(store, tablet, sam, False)
    clock.forward(seconds=31)
    with pytest.raises(LockedOut):
        await try_pin(store, tablet, sam, True)
    clock.forward(seconds=30)
    await try_pin(store, tablet, sam, True)
    await store.close()


async def test_session_by_pin_ends_after_a_shift(store: SqliteStore, clock: Clock) -> None:
    tablet, sam = await tablet_of(store), await user_with_pin(store)
    entered = await store.write(
        partial(sign_in_by_pin, tablet=tablet, user=sam.id, checked_hash="pin hash", fits=True)
    )
    assert entered.session.expires_at == clock() + PIN_SESSION_LASTS
    clock.forward(hours=2)
    kept = await store.write(partial(extend_session, session=entered.session.id))
    assert kept is not None
    assert kept.expires_at == entered.session.expires_at


async def test_pin_changed_during_a_sign_in_lets_nobody_in(store: SqliteStore) -> None:
    tablet, sam = await tablet_of(store), await user_with_pin(store)
    await store.write(partial(set_pin, user=sam.id, pin_hash="newer"))
    with pytest.raises(Unauthorized):
        await try_pin(store, tablet, sam, True)


async def test_revoked_tablet_takes_no_pin_that_was_just_checked(store: SqliteStore) -> None:
    tablet, sam = await tablet_of(store), await user_with_pin(store)
    await store.write(partial(revoke_tablet, tablet=tablet))
    with pytest.raises(Unauthorized):
        await try_pin(store, tablet, sam, True)
    with pytest.raises(Unauthorized):
        await store.read(partial(stored_pin, tablet=tablet, user=sam.id))
    with pytest.raises(NotFound):
        await store.write(partial(revoke_tablet, tablet=tablet))


async def test_guests_get_no_pin(store: SqliteStore) -> None:
    guest = await store.write(
        partial(add_user, name="guest", role=Role.CUSTOMER, password_hash=NO_HASH)
    )
    with pytest.raises(Invalid):
        await store.write(partial(set_pin, user=guest.id, pin_hash="x"))


async def test_unnamed_tablets_are_refused(store: SqliteStore) -> None:
    for name in ("", " ", "x" * 81, "a\nb"):
        with pytest.raises(Invalid):
            await store.write(partial(allow_tablet, name=name, allowed_by="Anna"))


def test_user_pin_verb(tmp_path: Path) -> None:
    async def prepare() -> None:
        store = await open_store(tmp_path)
        await store.write(partial(add_user, name="Sam", role=Role.STAFF, password_hash=NO_HASH))
        await store.close()

    asyncio.run(prepare())
    words = ["user", "pin", "sam", "--data", str(tmp_path)]
    result = CliRunner().invoke(main, [*words, "--pin-stdin"], input="4071\n")
    assert result.stdout == "Sam has a new PIN.\n"
    result = CliRunner().invoke(main, [*words, "--pin-stdin"], input="11\n")
    assert (result.exit_code, "4 to 8 digits" in result.stderr) == (2, True)
    result = CliRunner().invoke(main, [*words, "--remove"])
    assert result.stdout == "Sam has no PIN.\n"
