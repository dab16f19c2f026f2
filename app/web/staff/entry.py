"""The way in: the set-up link, signing in and out, and where to go from there."""

from functools import partial
from urllib.parse import urlsplit

from pydantic import Field
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response

from app.commands.people import SignedIn, first_admin, sign_out
from app.domain.people import Caller, User
from app.domain.problems import Forbidden, Invalid, NotFound, Problem, Unauthorized
from app.domain.venues import Venue
from app.store import people, venues
from app.web.auth import TABLET_COOKIE
from app.web.context import caller, house
from app.web.staff.forms import Form, Line, go, page, read_form


class SignInForm(Form):
    name: Line = Field("", max_length=80)
    password: str = Field("", max_length=1000)
    next: str = Field("", max_length=500)


class SetupForm(Form):
    token: str = Field("", max_length=100)
    name: Line = Field("", max_length=80)
    password: str = Field("", max_length=1000)
    again: str = Field("", max_length=1000)


async def show_staff(request: Request) -> Response:
    """The list of venues, or straight to the only one; to the door for who is not signed in."""
    who = await recognise(request)
    if not who.credential:
        return go(request, door(request))
    known: list[Venue] = await house(request).store.read(venues.all_venues)
    open_to = [venue for venue in known if who.may_enter(venue.slug)]
    if len(open_to) == 1:
        return go(request, f"/staff/{open_to[0].slug}")
    return page(request, "venues", venues=open_to)


async def show_sign_in(request: Request) -> Response:
    if (await recognise(request)).credential:
        return go(request, "/staff")
    return page(request, "sign_in", next=request.query_params.get("next", ""))


async def take_sign_in(request: Request) -> Response:
    auth = house(request).auth
    auth.check_origin(request)
    form = await read_form(request, SignInForm)
    try:
        entered = await auth.sign_in(request, form.name, form.password)
    except Problem as problem:
        wrong = problem.detail
        return page(request, "sign_in", problem.status, wrong=wrong, name=form.name, next=form.next)
    return _let_in(request, entered, own_path(request, form.next))


async def take_sign_out(request: Request) -> Response:
    store, auth = house(request).store, house(request).auth
    who = await auth.caller_of(request)
    if who.by_cookie:
        session = who.credential.removeprefix("session:")
        await store.write(partial(sign_out, session=session))
    response = go(request, "/staff/sign-in")
    auth.clear_cookie(response, request)
    return response


async def show_setup(request: Request) -> Response:
    token = request.query_params.get("token", "")
    if not await house(request).store.read(partial(people.setup_link_holds, secret=token)):
        raise NotFound("This set-up link is not valid, or it has been used. Sign in instead.")
    return page(request, "setup", token=token)


async def take_setup(request: Request) -> Response:
    """Makes the first admin and signs them in. A wrong field leaves the link as it is."""
    auth = house(request).auth
    auth.check_origin(request)
    form = await read_form(request, SetupForm)
    try:
        entered = await _first_admin(request, form)
    except (Invalid, Unauthorized) as problem:
        wrong, token = problem.detail, form.token
        return page(request, "setup", problem.status, wrong=wrong, token=token, name=form.name)
    return _let_in(request, entered, "/staff")


async def _first_admin(request: Request, form: SetupForm) -> SignedIn:
    auth, store = house(request).auth, house(request).store
    if form.password != form.again:
        raise Invalid("The two passwords are not the same.")
    # Looked at before hashing: a stranger's guesses must cost us nothing.
    if not await store.read(partial(people.setup_link_holds, secret=form.token)):
        raise Unauthorized("This set-up link is not valid, or it has been used.")
    hashed = await auth.hash(form.password)
    make = partial(first_admin, token=form.token, name=form.name, password_hash=hashed)
    admin = await store.write(make)
    return await auth.sign_in(request, admin.name, form.password)


def door(request: HTTPConnection) -> str:
    """Where who is not signed in goes: on a shared tablet to the names, else to the password."""
    return "/staff/pin" if TABLET_COOKIE in request.cookies else "/staff/sign-in"


async def recognise(request: Request) -> Caller:
    """These pages are open to all, so the table has not asked who is there."""
    who: Caller = await house(request).auth.caller_of(request)
    request.state.caller = who
    return who


def by_password(request: Request) -> User:
    """Who signed in with a password, and not on a shared tablet with a PIN. Raises Forbidden."""
    who = caller(request)
    if who.user is None or who.tablet is not None or not who.by_cookie:
        raise Forbidden("Sign in with your password for this.")
    return who.user


def _let_in(request: Request, entered: SignedIn, path: str) -> Response:
    response = RedirectResponse(house(request).settings.root_path + path, status_code=303)
    house(request).auth.set_cookie(response, request, entered.secret)
    return response


def own_path(request: Request, wanted: str) -> str:
    """Only a staff page of ours, never another site's."""
    parts = urlsplit(wanted)
    root = house(request).settings.root_path
    if parts.scheme or parts.netloc or not parts.path.startswith(f"{root}/staff"):
        return "/staff"
    return wanted.removeprefix(root)
