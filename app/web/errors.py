"""Refusals as `application/problem+json` (RFC 9457), or as a page where a person is reading."""

import json
import logging

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.domain.problems import Malformed, NotFound, OurMistake, Problem
from app.web.context import house

log = logging.getLogger(__name__)
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'"
MEDIA = "application/problem+json"


def problem_body(problem: Problem) -> dict[str, object]:
    """`type` is the stable slug; further members are those of the problem itself."""
    return {
        "type": problem.slug,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
    } | problem.extra


def problem_answer(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    headers = dict(headers or {})
    if problem.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="Readyboard"'
    if "retry_after" in problem.extra:
        headers["Retry-After"] = str(problem.extra["retry_after"])
    body = json.dumps(problem_body(problem), ensure_ascii=False)
    return Response(body, problem.status, headers, MEDIA)


async def answer_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return problem_page(request, error) if is_page(request) else problem_answer(error)


async def answer_http(request: Request, error: Exception) -> Response:
    """Starlette's own refusals, in our shape."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return await answer_problem(request, NotFound("There is nothing at this address."))
    return await answer_problem(request, Malformed(error.detail))  # a form it could not read


async def answer_crash(request: Request, error: Exception) -> Response:
    """A fault of ours: said plainly, without a trace of the inside."""
    log.error("Unexpected error in %s %s", request.method, request.scope["path"], exc_info=error)
    return problem_answer(OurMistake("Something went wrong inside. It was logged."))


def is_page(request: Request) -> bool:
    """Whether a person is looking: the address is a page's, or the browser asks for one."""
    known: bool | None = getattr(request.state, "page", None)
    return "text/html" in request.headers.get("accept", "") if known is None else known


def problem_page(request: Request, problem: Problem) -> Response:
    headers = {"Content-Security-Policy": POLICY}
    return house(request).page(
        "error.html",
        status=problem.status,
        headers=headers,
        problem=problem,
        back=_form_of(request),
    )


def _form_of(request: Request) -> str:
    """The page of ours that a refused form was sent from."""
    sender = request.headers.get("referer", "").partition("://")[2]
    host, _, path = sender.partition("/")
    ours = host == request.headers.get("host") and path and path[0] not in "/\\"
    return f"/{path}" if ours and request.method not in ("GET", "HEAD") else ""
