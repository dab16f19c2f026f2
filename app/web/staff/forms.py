"""Plain form posts: read one into a model, and answer with a page, a bar or a redirect."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl, quote, urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.domain.people import Scope
from app.domain.problems import Invalid, Malformed, UnsupportedMediaType
from app.web.body import read_limited, wrong_fields
from app.web.context import caller, house
from app.web.headers import media_type
from app.web.model import WireModel

MOST_BYTES = 64 * 1024
MOST_FIELDS = 1000
FORM = "application/x-www-form-urlencoded"
LIVE = "x-live"  # set by staff.js, which wants a bar to show instead of a page to go to
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
# What a template may mention although not every page has it.
BLANK: dict[str, Any] = {
    "venue": None,
    "slug": "",
    "bar": None,
    "wrong": "",
    "name": "",
    "next": "",
}

M = TypeVar("M", bound=BaseModel)

Line = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]*$")]
Text = Annotated[
    str,
    BeforeValidator(lambda text: text.replace("\r\n", "\n") if isinstance(text, str) else text),
    StringConstraints(strip_whitespace=True, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$"),
]


class Form(WireModel):
    """Forms have no null: an empty field is one that was left out."""

    model_config = ConfigDict(extra="forbid")


async def read_form(request: Request, model: type[M]) -> M:
    """Raises Malformed, TooLarge, UnsupportedMediaType, or Invalid with every wrong field."""
    if media_type(request.scope) != FORM:
        raise UnsupportedMediaType(f"Send {FORM}.")
    values = gather(await read_limited(request, MOST_BYTES), model)
    try:
        return model.model_validate(values)
    except ValidationError as error:
        wrong = wrong_fields(error)
        told = "; ".join(f"{item['path']}: {item['message']}" for item in wrong)
        raise Invalid(told, errors=wrong) from None


async def read_file(request: Request, most: int) -> tuple[bytes, str, FormData]:
    """The one file of a form, its name, and the other fields; the file is empty where none was
    chosen. Raises TooLarge before more than `most` bytes and the fields are held, Malformed."""

    async def pieces() -> AsyncGenerator[bytes, None]:
        yield raw

    raw = await read_limited(request, most + MOST_BYTES)
    try:
        parser = MultiPartParser(request.headers, pieces(), max_files=1, max_fields=5)
        form = await parser.parse()
    except (MultiPartException, KeyError):
        raise Malformed("The form could not be read.") from None
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            return b"", "", form
        return await file.read(), file.filename or "", form
    finally:
        await form.close()


def page(request: Request, template: str, status: int = 200, /, **context: Any) -> Response:
    """A staff template, with what every one of them needs. Never kept by a browser or proxy: the
    back button after signing out must not show orders."""
    who = caller(request)
    here = house(request)
    return here.page(
        f"staff/{template}.html",
        status=status,
        headers={"Cache-Control": "no-store", "Content-Security-Policy": POLICY},
        **BLANK
        | {
            "who": who,
            "root": here.settings.root_path,
            "can_move": who.may(Scope.ORDERS_WRITE),
            "is_admin": who.may(Scope.ADMIN),
        }
        | context,
    )


def go(request: Request, path: str, **query: str) -> Response:
    """See other: a page of ours, after a form was taken."""
    told = {name: value for name, value in query.items() if value}
    address = house(request).settings.root_path + quote(path)
    address += f"?{urlencode(told)}" if told else ""
    return RedirectResponse(address, status_code=303)


def is_live(request: Request) -> bool:
    return LIVE in request.headers


def gather(body: bytes, model: type[BaseModel]) -> dict[str, Any]:
    """The fields of a form, not yet validated; empty ones are left out. Fields that are lists in
    the model gather all their values; no other may come twice. Raises Malformed."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(body),
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError as error:
        raise Malformed("The form could not be read.") from error
    lists = {name for name, field in model.model_fields.items() if _is_list(field.annotation)}
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name in lists:
            values.setdefault(name, []).append(value)
        elif name in values:
            raise Malformed(f"The field '{name[:40]}' came twice.")
        elif value != "":
            values[name] = value
    return values


def _is_list(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", annotation) is list
