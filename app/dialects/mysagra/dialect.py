"""MySagra as one of the dialects: its routes, errors, credentials and settings.

`Entry.who` of a row is one of "anyone" (no credential), "staff" (admin, maintainer, operator),
"menu" (admin, maintainer) or "admin", and with "+printer", "+web" or both it also lets that kind
of API key in: "staff+printer", "menu+printer+web". See admission.py.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.dialects.mysagra import catalogue, orders, people, service, sessions, streams
from app.dialects.shape import Credential, Dialect, DialectSettings, Guide
from app.domain.people import ANONYMOUS, Caller, new_secret
from app.domain.problems import Problem
from app.web.table import Entry


class Settings(DialectSettings):
    """Nothing of its own."""


async def admit(request: Request, entry: Entry) -> Caller:
    return ANONYMOUS


def refuse(request: Request, problem: Problem) -> Response:
    return JSONResponse({"message": problem.detail}, problem.status)


MYSAGRA = Dialect(
    name="mysagra",
    title="MySagra",
    table=(
        *sessions.ROUTES,
        *people.ROUTES,
        *orders.ROUTES,
        *catalogue.ROUTES,
        *service.ROUTES,
        *streams.ROUTES,
    ),
    admit=admit,
    refuse=refuse,
    settings=Settings,
    credentials=(Credential(name="mysagra", kind="", about="", secret=new_secret),),
    guide=Guide(fields=()),
    own_id="",
)
