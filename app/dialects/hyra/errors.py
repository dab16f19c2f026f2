"""Hyra's one error body: {statusCode, error, message}."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from app.dialects.hyra.pace import pace_headers
from app.dialects.reading import WrongFields
from app.domain.problems import Invalid, Problem, TooManyRequests
from app.web.model import WireModel
from app.web.native.answering import json_answer


class HyraErrorAnswer(WireModel):
    statusCode: int
    error: str
    message: str


def refuse(request: Request, problem: Problem) -> Response:
    status = 400 if isinstance(problem, Invalid) else problem.status
    body = {"statusCode": status, "error": HTTPStatus(status).phrase, "message": _told(problem)}
    return json_answer(body, status, _headers(request, problem, status))


def _headers(request: Request, problem: Problem, status: int) -> dict[str, str]:
    headers = pace_headers(request)
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="Readyboard"'
    if isinstance(problem, TooManyRequests) and "X-Ratelimit-Reset" in headers:
        headers["Retry-After"] = headers["X-Ratelimit-Reset"]
    return headers


def _told(problem: Problem) -> str:
    """One sentence: of several wrong fields the first, as clients show the message as it is."""
    if not isinstance(problem, WrongFields):
        return problem.detail
    first = problem.error.errors(include_url=False)[0]
    name = "/".join(str(step) for step in first["loc"])[:200]
    if first["type"] == "missing":
        return f"{name.capitalize()} is required"
    return first["msg"] if first["type"] in ("required", "word") else f"{name}: {first['msg']}"
