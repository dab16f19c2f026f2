"""MySagra's error bodies: three shapes, told apart by what went wrong."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.dialects.mysagra.issues import issues_of
from app.dialects.reading import WrongFields
from app.domain.problems import (
    Conflict,
    Forbidden,
    Invalid,
    KeyRevoked,
    LockedOut,
    Malformed,
    MethodNotAllowed,
    NotFound,
    OrderNotFound,
    OurMistake,
    Problem,
    RouteNotFound,
    StationNotFound,
    TooLarge,
    TooManyRequests,
    Unauthorized,
    Unavailable,
)
from app.web.model import WireModel
from app.web.native.answering import json_answer

MEDIA = "application/json; charset=utf-8"
BUSY = "Internal error, retry later"
# The first that fits: HTTP status, message (None: the problem's own), error ("": the auth layer).
MEANT: tuple[tuple[type[Problem], int, str | None, str], ...] = (
    (KeyRevoked, 403, "API Key has been revoked", "ForbiddenError"),
    (Unauthorized, 401, "Authentication required", ""),
    (Forbidden, 403, "Insufficient permissions", ""),
    (OrderNotFound, 404, "Order not found", "NotFoundError"),
    (StationNotFound, 404, "Resource not found.", "RecordNotFound"),
    (NotFound, 404, None, "NotFoundError"),
    (LockedOut, 429, "Too many requests", "TooManyRequestsError"),
    (TooManyRequests, 429, "Too many requests", "TooManyRequestsError"),
    (TooLarge, 413, "Request body too large", "PayloadTooLargeError"),
    (Malformed, 400, None, "BadRequestError"),
    (Conflict, 409, None, "UniqueConstraintViolation"),
    (OurMistake, 500, BUSY, "ServerError"),
    (Unavailable, 503, BUSY, "ServerError"),
)


class ErrorAnswer(WireModel):
    """Any of the three shapes; an unknown address has `status` beside the message."""

    message: str | None = None
    error: str | None = None
    errors: list[dict[str, Any]] | None = None
    status: str | None = None


class Refusal(Problem):
    """An application error: {"message": …, "error": "NotFoundError"}; without `error` it is one
    of the auth layer's."""

    def __init__(self, status: int, message: str, error: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.error = error


class Wrong(Problem):
    """A validation error: 400 {"errors": [{code, path, message, …}]}. `path` holds keys and
    indexes; `more` are the code's own members, such as `expected`."""

    status = 400

    def __init__(self, code: str, path: list[str | int], message: str, **more: Any) -> None:
        super().__init__(message)
        self.issues = [{"code": code, "path": path, "message": message} | more]


def not_found(what: str) -> Refusal:
    return Refusal(404, f"{what} not found", "NotFoundError")


def no_record() -> Refusal:
    """What MySagra's database layer says of a row that is not there."""
    return Refusal(404, "Resource not found.", "RecordNotFound")


def no_reference(what: str) -> Refusal:
    return Refusal(400, f"{what} does not exist.", "ForeignKeyConstraintViolation")


def too_long(what: str) -> Refusal:
    return Refusal(400, f"{what} is too long.", "InputTooLong")


def refuse(request: Request, problem: Problem) -> Response:
    if isinstance(problem, RouteNotFound | MethodNotAllowed):
        return _answer({"status": "error", "message": "Not Found"}, 404)
    if isinstance(problem, Wrong):
        return _answer({"errors": problem.issues}, 400)
    if isinstance(problem, WrongFields):
        return _answer({"errors": issues_of(problem)}, 400)
    if isinstance(problem, Invalid):
        return _answer({"errors": _custom(problem)}, 400)
    status, message, error = _meaning(problem)
    response = _answer({"message": message} | ({"error": error} if error else {}), status)
    if status == 429:
        _tell_limit(response, problem)
    return response


def _answer(body: dict[str, Any], status: int) -> Response:
    return json_answer(body, status, {"Content-Type": MEDIA})


def _meaning(problem: Problem) -> tuple[int, str, str]:
    if isinstance(problem, Refusal):
        return problem.status, problem.detail, problem.error
    for kind, status, message, error in MEANT:
        if isinstance(problem, kind):
            return status, message or problem.detail, error
    return problem.status, problem.detail, "BadRequestError"


def _custom(problem: Invalid) -> list[dict[str, Any]]:
    """A refusal of ours that names fields, or only says what is wrong."""
    found = problem.extra.get("errors") or [{"path": "", "message": problem.detail}]
    return [
        {
            "code": "custom",
            "path": [int(step) if step.isdigit() else step for step in one["path"].split("/")]
            if one["path"]
            else [],
            "message": one["message"],
        }
        for one in found
    ]


def _tell_limit(response: Response, problem: Problem) -> None:
    """`limit` requests a minute, or a name that has to wait after too many wrong passwords."""
    wait, limit = int(problem.extra.get("retry_after", 60)), problem.extra.get("limit", 0)
    response.headers["Retry-After"] = str(wait)
    response.headers["RateLimit-Policy"] = f"{limit};w={wait}"
    response.headers["RateLimit-Limit"] = str(limit)
    response.headers["RateLimit-Remaining"] = "0"
    response.headers["RateLimit-Reset"] = str(wait)
