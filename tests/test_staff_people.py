"""Set-up link, sign-in, own account, users, keys and venue settings, over HTTP."""

import re
from collections.abc import AsyncIterator
from functools import partial

import httpx2
import pytest

from app.commands.people import add_user, change_role, new_setup_token
from app.commands.venues import add_venue
from app.domain.people import Role
from app.store import people, venues
from app.store.sqlite import SqliteStore
from tests.staff_browser import PAD, browser, session_of
from tests.venue_server import VenueServer

PASSWORD = "correct horse"


@pytest.fixture
async def stranger(server: VenueServer) -> AsyncIterator[httpx2.AsyncClient]:
    async with browser(server, "") as client:
        client.cookies.clear()
        yield client


@pytest.fixture
async def admin(server: VenueServer) -> AsyncIterator[httpx2.AsyncClient]:
    async with browser(server, await session_of(server, "Anna", Role.ADMIN)) as client:
        yield client


async def set_up(client: httpx2.AsyncClient, token: str, **more: str) -> httpx2.Response:
    form = {"token": token, "name": "Anna", "password": PASSWORD, "again": PASSWORD}
    return await client.post("/setup", data=form | more)


async def user_id(store: SqliteStore, name: str) -> str:
    found = await store.read(partial(people.user_by_name, name=name))
    assert found is not None
    return found.id


async def test_set_up_link_makes_the_first_admin_once(
    server: VenueServer, stranger: httpx2.AsyncClient
) -> None:
    token = await server.store.write(new_setup_token)
    assert (await stranger.get("/setup", params={"token": token})).status_code == 200
    page = await set_up(stranger, token)
    assert page.url.path == PAD
    assert "Venue settings" in page.text
    stranger.cookies.clear()
    assert (await stranger.get("/setup", params={"token": token})).status_code == 404
    assert (await set_up(stranger, token, name="Eve")).status_code == 401
    assert len(await server.store.read(people.all_users)) == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"again": "something else"}, "not the same"),
        ({"password": "short", "again": "short"}, "8 to 200 characters"),
        ({"name": "x" * 41}, "1 to 40 letters"),
    ],
)
async def test_wrong_set_up_form_leaves_the_link(
    server: VenueServer, stranger: httpx2.AsyncClient, wrong: dict[str, str], told: str
) -> None:
    token = await server.store.write(new_setup_token)
    page = await set_up(stranger, token, **wrong)
    assert page.status_code == 422
    assert told in page.text
    assert (await set_up(stranger, token)).url.path == PAD


async def test_guessed_set_up_link_leads_nowhere(stranger: httpx2.AsyncClient) -> None:
    assert (await stranger.get("/setup")).status_code == 404
    assert (await set_up(stranger, "guess")).status_code == 401


async def test_sign_in_leads_where_one_was_going(
    server: VenueServer, stranger: httpx2.AsyncClient
) -> None:
    hashed = await server.house.auth.hash(PASSWORD)
    await server.store.write(partial(add_user, name="Sam", role=Role.STAFF, password_hash=hashed))
    page = await stranger.get(f"{PAD}/finished?q=tea")
    form = {"name": "sam", "password": PASSWORD, "next": page.url.params["next"]}
    wrong = await stranger.post("/staff/sign-in", data=form | {"password": "wrong"})
    assert wrong.status_code == 401
    assert "The name or the password is wrong." in wrong.text
    page = await stranger.post("/staff/sign-in", data=form)
    assert str(page.url).endswith(f"{PAD}/finished?q=tea")
    assert (await stranger.get("/staff/sign-in")).url.path == PAD
    page = await stranger.post("/staff/sign-out")
    assert page.url.path == "/staff/sign-in"
    assert (await stranger.get(PAD)).url.path == "/staff/sign-in"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/staff", "//evil.example/staff", "/b/main", "javascript:x"]
)
async def test_sign_in_never_leads_to_another_site(
    server: VenueServer, stranger: httpx2.AsyncClient, elsewhere: str
) -> None:
    token = await server.store.write(new_setup_token)
    await set_up(stranger, token)
    stranger.cookies.clear()
    form = {"name": "Anna", "password": PASSWORD, "next": elsewhere}
    page = await stranger.post("/staff/sign-in", data=form)
    assert (page.url.host, page.url.path) == ("127.0.0.1", PAD)


async def test_too_many_failures_lock_the_name(stranger: httpx2.AsyncClient) -> None:
    form = {"name": "Anna", "password": "wrong"}
    statuses = [(await stranger.post("/staff/sign-in", data=form)).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]


async def test_another_site_cannot_sign_a_browser_in(stranger: httpx2.AsyncClient) -> None:
    stranger.headers["Origin"] = "http://evil.example"
    form = {"name": "Anna", "password": "wrong"}
    assert (await stranger.post("/staff/sign-in", data=form)).status_code == 403


async def test_staff_address_leads_strangers_to_the_door(stranger: httpx2.AsyncClient) -> None:
    assert (await stranger.get("/staff")).url.path == "/staff/sign-in"


async def test_sign_out_without_a_session_is_no_fault(stranger: httpx2.AsyncClient) -> None:
    assert (await stranger.post("/staff/sign-out")).url.path == "/staff/sign-in"


async def test_several_venues_are_listed(server: VenueServer, admin: httpx2.AsyncClient) -> None:
    assert (await admin.get("/staff")).url.path == PAD
    await server.store.write(partial(add_venue, slug="bar", name="The Bar", settings={}))
    page = await admin.get("/staff")
    assert page.url.path == "/staff"
    assert 'href="/staff/bar"' in page.text


async def test_own_password_is_changed_with_the_old_one(
    server: VenueServer, stranger: httpx2.AsyncClient
) -> None:
    await set_up(stranger, await server.store.write(new_setup_token))
    form = {"current": PASSWORD, "password": "battery staple", "again": "battery staple"}
    path = "/staff/account/password"
    assert (await stranger.post(path, data=form | {"current": "guess"})).status_code == 403
    assert (await stranger.post(path, data=form | {"again": "other"})).status_code == 422
    page = await stranger.post(path, data=form)
    assert "Your password is changed" in page.text
    stranger.cookies.clear()
    sign_in = {"name": "Anna", "password": "battery staple"}
    assert (await stranger.post("/staff/sign-in", data=sign_in)).url.path == PAD


async def test_other_browsers_are_signed_out_and_this_one_stays(
    server: VenueServer, admin: httpx2.AsyncClient
) -> None:
    page = await admin.get("/staff/account")
    assert "Test browser" in page.text
    assert "this one" in page.text
    assert "All other browsers are signed out" in (await admin.post("/staff/account/sessions")).text
    assert (await admin.get(PAD)).url.path == PAD


async def test_account_is_for_people_only(server: VenueServer) -> None:
    assert (await server.http.get("/staff/account")).status_code == 403


async def test_admin_adds_changes_and_disables_people(
    server: VenueServer, admin: httpx2.AsyncClient
) -> None:
    form = {"name": "Sam", "role": "staff", "password": PASSWORD}
    page = await admin.post("/staff/people", data=form)
    assert "Sam can sign in now." in page.text
    assert (await admin.post("/staff/people", data=form)).status_code == 409
    sam = f"/staff/people/{await user_id(server.store, 'Sam')}"
    for change in (
        {"do": "role", "role": "viewer"},
        {"do": "password", "password": "battery staple"},
        {"do": "disable"},
        {"do": "enable"},
    ):
        assert "Sam is changed." in (await admin.post(sam, data=change)).text
    found = await server.store.read(partial(people.user_by_name, name="Sam"))
    assert found is not None
    assert (found.role, found.disabled) == (Role.VIEWER, False)
    own = f"/staff/people/{await user_id(server.store, 'Anna')}"
    assert (await admin.post(own, data={"do": "disable"})).status_code == 409
    assert (await admin.post("/staff/people/nobody", data={"do": "enable"})).status_code == 404


async def test_demoted_admin_loses_the_pages_at_once(
    server: VenueServer, admin: httpx2.AsyncClient
) -> None:
    assert (await admin.get("/staff/people")).status_code == 200
    await session_of(server, "Ben", Role.ADMIN)
    await server.store.write(partial(change_role, user="Anna", role=Role.STAFF))
    assert (await admin.get("/staff/people")).status_code == 403


async def test_key_is_shown_once_and_works_until_revoked(
    server: VenueServer, admin: httpx2.AsyncClient
) -> None:
    form = {"name": "Till", "scope": ["orders:read", "orders:write"], "venue": "main"}
    page = await admin.post("/staff/keys", data=form)
    secret = re.search(r"rb_[\w-]{43}", page.text)
    assert secret
    assert secret[0] not in (await admin.get("/staff/people")).text
    async with server.client(secret[0]) as till:
        path = "/api/v1/venues/main/orders"
        assert (await till.get(path)).status_code == 200
        keys = await server.store.read(people.all_keys)
        [key] = [key for key in keys if key.name == "Till"]
        page = await admin.post(f"/staff/keys/{key.id}/revoke")
        assert "The key Till is revoked." in page.text
        assert (await till.get(path)).status_code == 401
    assert (await admin.post("/staff/keys", data={"name": "None"})).status_code == 422


VENUE = {
    "name": "Corner Café",
    "time_zone": "Europe/Berlin",
    "day_starts": "05:00",
    "numbering": "counted",
    "lead_minutes": "20",
    "default_station": "Pass",
}


async def test_venue_settings_are_kept(server: VenueServer, admin: httpx2.AsyncClient) -> None:
    page = await admin.post(f"{PAD}/settings/venue", data=VENUE)
    assert 'value="05:00"' in page.text
    main = await server.store.read(partial(venues.by_slug, slug="main"))
    assert main is not None
    assert (main.name, main.time_zone, main.numbering) == (
        "Corner Café",
        "Europe/Berlin",
        "counted",
    )


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("venue", VENUE | {"time_zone": "Moon/Crater"}),
        ("venue", VENUE | {"time_zone": "../etc/passwd"}),
        ("venue", VENUE | {"day_starts": "25:00"}),
        ("venue", VENUE | {"name": ""}),
        ("points", {"name": "x" * 41}),
    ],
)
async def test_impossible_settings_are_refused(
    admin: httpx2.AsyncClient, path: str, form: dict[str, str]
) -> None:
    assert (await admin.post(f"{PAD}/settings/{path}", data=form)).status_code == 422


async def test_pickup_points_are_added_and_disabled(
    server: VenueServer, admin: httpx2.AsyncClient
) -> None:
    page = await admin.post(f"{PAD}/settings/points", data={"name": "Window 1"})
    point = re.search(r"/settings/points/([0-9a-f]{24})", page.text)
    assert point
    path = f"{PAD}/settings/points/{point[1]}"
    assert ">Enable<" in (await admin.post(path, data={"do": "disable"})).text
    assert ">Disable<" in (await admin.post(path, data={"do": "enable"})).text
    again = await admin.post(f"{PAD}/settings/points", data={"name": "Window 1"})
    assert again.status_code == 409


async def test_settings_of_no_venue_are_not_found(admin: httpx2.AsyncClient) -> None:
    assert (await admin.get("/staff/nowhere/settings")).status_code == 404
