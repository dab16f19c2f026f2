"""PINs on a shared tablet: choose your name, type your digits; and who may do so where."""

from functools import partial
from typing import Literal

from pydantic import Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.commands.people import sign_out
from app.commands.pins import allow_tablet, remove_pin, revoke_tablet, set_pin
from app.domain.problems import Forbidden, LockedOut, TooManyRequests, Unauthorized
from app.store import pins
from app.store.pins import Tablet
from app.web.auth import COOKIE, TABLET_COOKIE
from app.web.context import caller, house
from app.web.staff.entry import by_password, own_path, recognise
from app.web.staff.forms import Form, Line, go, page, read_form

LONGEST_PIN = 8


class PinForm(Form):
    """`key`: the key of the keypad that was pressed; `pin` holds the digits of before. With
    scripts the digits are gathered in the browser, and only Enter is ever sent."""

    user: Line = Field(min_length=1, max_length=40)
    pin: Line = Field("", max_length=20)
    key: Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "back", "enter"] = "enter"
    next: Line = Field("", max_length=500)


class TabletForm(Form):
    name: Line = Field("", max_length=80)


class OwnPinForm(Form):
    current: str = Field("", max_length=1000)
    pin: Line = Field("", max_length=20)


class UserPinForm(Form):
    do: Literal["set", "remove"]
    pin: Line = Field("", max_length=20)


async def show_pin(request: Request) -> Response:
    """The names; with `who` the keypad. Any other browser is sent to sign in with a password."""
    await recognise(request)
    tablet = await house(request).auth.tablet_of(request)
    if tablet is None:
        response = go(request, "/staff/sign-in", next=request.query_params.get("next", ""))
        house(request).auth.clear_cookie(response, request, TABLET_COOKIE)
        return response
    who, onward = request.query_params.get("who", ""), request.query_params.get("next", "")
    return await _pin_page(request, tablet, who, onward)


async def take_pin(request: Request) -> Response:
    auth = house(request).auth
    auth.check_origin(request)
    form = await read_form(request, PinForm)
    before, tablet = await recognise(request), await auth.tablet_of(request)
    if tablet is None:
        return go(request, "/staff/sign-in", next=form.next)
    if form.key != "enter":
        return await _pin_page(request, tablet, form.user, form.next, typed=_typed(form))
    try:
        entered = await auth.sign_in_by_pin(request, tablet, form.user, form.pin)
    except (Unauthorized, LockedOut, TooManyRequests) as problem:
        told, status = problem.detail, problem.status
        return await _pin_page(request, tablet, form.user, form.next, wrong=told, status=status)
    if before.by_cookie:  # whoever was here before
        await _end_session(request, before.credential)
    path = house(request).settings.root_path + own_path(request, form.next)
    response = RedirectResponse(path, status_code=303)
    auth.set_cookie(response, request, entered.secret)
    return response


async def take_leave(request: Request) -> Response:
    """Switch person: the next one chooses their name."""
    who = await recognise(request)
    if who.by_cookie:
        await _end_session(request, who.credential)
    response = go(request, "/staff/pin")
    house(request).auth.clear_cookie(response, request, COOKIE)
    return response


async def take_tablet(request: Request) -> Response:
    """Lets this browser take PINs, and signs out who allowed it: with their password session
    left open, whoever comes next would have their rights."""
    form, who = await read_form(request, TabletForm), caller(request)
    by_password(request)
    allow = partial(allow_tablet, name=form.name, allowed_by=who.actor.name)
    made = await house(request).store.write(allow)
    await _end_session(request, who.credential)
    response = go(request, "/staff/pin")
    house(request).auth.set_cookie(response, request, made.secret, TABLET_COOKIE)
    house(request).auth.clear_cookie(response, request, COOKIE)
    return response


async def take_tablet_revoked(request: Request) -> Response:
    change = partial(revoke_tablet, tablet=request.path_params["tablet"])
    gone = await house(request).store.write(change)
    return go(request, "/staff/people", done=f"{gone.name} no longer takes PINs.")


async def take_own_pin(request: Request) -> Response:
    form, user = await read_form(request, OwnPinForm), by_password(request)
    auth = house(request).auth
    if not await auth.fits(user.id, form.current):
        raise Forbidden("Your current password is another one.")
    change = partial(set_pin, user=user.id, pin_hash=await auth.hash_pin(form.pin))
    await house(request).store.write(change)
    return go(request, "/staff/account", done="pin")


async def take_user_pin(request: Request) -> Response:
    form, user = await read_form(request, UserPinForm), request.path_params["user"]
    if form.do == "remove":
        changed = await house(request).store.write(partial(remove_pin, user=user))
        return go(request, "/staff/people", done=f"{changed.name} has no PIN any more.")
    hashed = await house(request).auth.hash_pin(form.pin)
    changed = await house(request).store.write(partial(set_pin, user=user, pin_hash=hashed))
    return go(request, "/staff/people", done=f"{changed.name} has a new PIN.")


async def _pin_page(
    request: Request,
    tablet: Tablet,
    who: str,
    onward: str,
    *,
    typed: str = "",
    wrong: str = "",
    status: int = 200,
) -> Response:
    people = await house(request).store.read(pins.holders)
    chosen = next((user for user in people if user.id == who), None)
    return page(
        request,
        "pin",
        status,
        tablet=tablet,
        people=people,
        chosen=chosen,
        typed=typed,
        next=onward,
        wrong=wrong,
    )


def _typed(form: PinForm) -> str:
    return form.pin[:-1] if form.key == "back" else (form.pin + form.key)[:LONGEST_PIN]


async def _end_session(request: Request, credential: str) -> None:
    session = credential.removeprefix("session:")
    await house(request).store.write(partial(sign_out, session=session))
