"""eatsa's one error body: {id, code, message}, where id and code are the same word."""

from pydantic_core import ErrorDetails
from starlette.requests import Request
from starlette.responses import Response

from app.dialects.reading import WrongFields
from app.domain.problems import (
    Forbidden,
    Invalid,
    Malformed,
    NotFound,
    NumberInUse,
    OurMistake,
    PointInUse,
    Problem,
    RefTaken,
    Unauthorized,
)
from app.web.model import WireModel
from app.web.native.answering import json_answer

MEDIA = "application/json; charset=utf-8"
# The first that fits; whatever is left over is ERROR under its own HTTP status.
CODES: tuple[tuple[type[Problem], int, str], ...] = (
    (RefTaken, 400, "DUPLICATED_ORDER"),
    (NumberInUse, 400, "INVALID_INPUT"),  # its 409 is for status updates
    (Unauthorized, 401, "UNAUTHORIZED"),
    (Forbidden, 403, "FORBIDDEN"),
    (NotFound, 404, "NOT_FOUND"),
    (Malformed, 400, "INVALID_INPUT"),
    (Invalid, 400, "INVALID_INPUT"),
    (PointInUse, 409, "INVALID_REQUEST"),
    (OurMistake, 500, "INTERNAL_SERVER_ERROR"),
)


class ErrorAnswer(WireModel):
    id: str
    code: str
    message: str


class Refusal(Problem):
    """One of the codes that belong to an endpoint of its own."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def refuse(request: Request, problem: Problem) -> Response:
    status, code, message = _meaning(problem)
    headers = {"Content-Type": MEDIA}
    if "retry_after" in problem.extra:
        headers["Retry-After"] = str(problem.extra["retry_after"])
    return json_answer({"id": code, "code": code, "message": message}, status, headers)


def _meaning(problem: Problem) -> tuple[int, str, str]:
    if isinstance(problem, Refusal):
        return problem.status, problem.code, problem.detail
    if isinstance(problem, WrongFields):
        missing = [path for path, kind in _wrong(problem) if kind == "missing"]
        if missing:
            return 400, "FIELD_IS_REQUIRED", f"Required: {', '.join(missing)}"
        told = "; ".join(f"{e['path']}: {e['message']}" for e in problem.extra["errors"])
        return 400, "INVALID_INPUT", told
    found = ((status, code) for kind, status, code in CODES if isinstance(problem, kind))
    status, code = next(found, (problem.status, "ERROR"))
    return status, code, problem.detail


def _wrong(problem: WrongFields) -> list[tuple[str, str]]:
    """Path and kind of each wrong field; a required one that is null counts as missing."""
    return [
        (_path(error), "missing" if error["input"] is None else error["type"])
        for error in problem.error.errors(include_url=False)
    ]


def _path(error: ErrorDetails) -> str:
    field = error.get("ctx", {}).get("field")
    steps = [*error["loc"], *([field] if field else [])]
    return "/".join(map(str, steps))[:200] or "a JSON object"
