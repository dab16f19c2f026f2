"""/tv: the page a TV opens once. It shows a code until somebody approves it at /staff/pair, and
then goes to its board.

Each browser gets a secret of its own with its first code, as the cookie `rb_screen`. Approving
the code makes a screen of whoever holds that secret, so the code alone is worth nothing, and
nothing is handed over that could get lost on the way.
"""

import re
from functools import partial
from typing import Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.commands.screens import known_as, show_code
from app.domain.people import new_secret
from app.domain.problems import NotFound, Problem
from app.domain.screens import A_CODE, Screen, ShownCode
from app.web.auth import SCREEN_COOKIE
from app.web.board_pages import svg_answer
from app.web.context import house
from app.web.hosts import home_of
from app.web.model import WireModel
from app.web.screens import FRESH, board_address
from app.web.table import Entry, Who

A_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


class CodeAnswer(WireModel):
    """`waiting` with the code to show, `paired` with the board's address, or `unknown`: the
    browser did not send the cookie it was given."""

    state: Literal["waiting", "paired", "unknown"]
    code: str = ""
    address: str = ""


async def show_tv(request: Request) -> Response:
    """The code of this browser; a paired one is sent to its board at once."""
    secret, here = _secret(request), house(request)
    known = await here.store.read(partial(known_as, secret=secret)) if secret else None
    if isinstance(known, Screen) and known.revoked_at is not None:
        secret, known = "", None  # it starts over, as somebody else
    secret = secret or new_secret()
    try:
        known = known or await _ask(request, secret)
    except Problem as problem:  # a TV has nobody to press Reload: the page does it by itself
        return _page(request, problem.status, code="", why=problem.detail)
    answer = await _answer(request, known)
    here.auth.set_cookie(answer, request, secret, SCREEN_COOKIE)
    return answer


async def ask_code(request: Request) -> Response:
    """What the page asks every two seconds: the code to show, a new one when that is over, or
    where the board is."""
    secret, here = _secret(request), house(request)
    if not secret:
        return _told(state="unknown")
    known = await here.store.read(partial(known_as, secret=secret)) or await _ask(request, secret)
    if isinstance(known, ShownCode):
        return _told(state="waiting", code=known.code)
    if known.revoked_at is not None:
        return _told(state="unknown")
    return _told(state="paired", address=await board_address(here, known))


async def show_pairing_code(request: Request) -> Response:
    """The QR code of the address where a code is approved."""
    code = request.path_params["code"]
    if not A_CODE.fullmatch(code):
        raise NotFound("That is no code.")
    return svg_answer(f"{home_of(request)}/staff/pair?code={code}")


async def _ask(request: Request, secret: str) -> Screen | ShownCode:
    address = request.client.host if request.client else ""
    return await house(request).store.write(partial(show_code, secret=secret, address=address))


async def _answer(request: Request, known: Screen | ShownCode) -> Response:
    if isinstance(known, ShownCode):
        return _page(request, code=known.code)
    return RedirectResponse(await board_address(house(request), known), 303, FRESH)


def _page(request: Request, status: int = 200, *, code: str, why: str = "") -> Response:
    here = house(request)
    policy = [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        f"frame-ancestors {here.settings.frame_ancestors}",
    ]
    return here.page(
        "tv.html",
        status=status,
        headers=FRESH | {"Content-Security-Policy": "; ".join(policy)},
        root=here.settings.root_path,
        code=code,
        why=why,
        address=home_of(request).removeprefix("http://") + "/staff/pair",
    )


def _told(**answer: str) -> Response:
    return JSONResponse(CodeAnswer.model_validate(answer).model_dump(), headers=FRESH)


def _secret(request: Request) -> str:
    secret = request.cookies.get(SCREEN_COOKIE, "")
    return secret if A_SECRET.fullmatch(secret) else ""


ROUTES: tuple[Entry, ...] = (
    Entry(method="GET", path="/tv", handler=show_tv, who=Who.PUBLIC, page=True),
    Entry(
        method="POST",
        path="/tv/code",
        handler=ask_code,
        who=Who.PUBLIC,
        summary="The code a screen shows until it is paired, then the address of its board",
        answer=CodeAnswer,
        problems=(429,),
    ),
    Entry(
        method="GET",
        path="/tv/{code}.svg",
        handler=show_pairing_code,
        who=Who.PUBLIC,
        media="image/svg+xml",
        page=True,
    ),
)
