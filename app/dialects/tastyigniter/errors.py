"""TastyIgniter's errors: `message`, and `errors` for wrong fields; or JSON:API's error objects."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.dialects.tastyigniter.profiles import JSON, JSON_API, Profile, profile_of
from app.domain.problems import (
    Forbidden,
    Invalid,
    NotConnected,
    OrderNotFound,
    OurMistake,
    Problem,
    RouteNotFound,
    Unauthorized,
)
from app.web.model import WireModel

UNAUTHENTICATED = "Unauthenticated."
NO_ABILITY = "The API token doesn't have the right abilities to perform this action"
NO_PERMISSION = "The API token doesn't have permissions to perform the request."


class ErrorAnswer(WireModel):
    message: str | None = None
    errors: Any = None
    status_code: int | None = None


class WrongValues(Problem):
    """`errors`: for each wrong field all that is wrong with it. `parameter`: they are of the
    query, not of the body."""

    status, title = 422, "Unprocessable Content"

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__("422 Unprocessable Content")
        self.errors = errors


class WrongParameter(Problem):
    """Only the strict profile minds."""

    status, title = 400, "Bad Request"

    def __init__(self, parameter: str, detail: str) -> None:
        super().__init__(detail)
        self.parameter = parameter


class WrongDocument(Problem):
    """A JSON:API document that does not fit the request; `pointer` says where."""

    def __init__(self, status: int, pointer: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.pointer = pointer


class RecordNotFound(Problem):
    status, title = 404, "Not Found"

    def __init__(self, identifier: str) -> None:
        super().__init__(f"Record with identifier [{identifier[:80]}] not found.")


class SwitchedOff(Problem):
    status, title = 404, "Not Found"


def refuse(request: Request, problem: Problem) -> Response:
    headers = {"Vary": "Accept"}
    if "retry_after" in problem.extra:
        headers["Retry-After"] = str(problem.extra["retry_after"])
    if profile_of(request) == Profile.STRICT:
        return _send(_strict(problem), problem.status, JSON_API, headers)
    return _send(_own(problem), problem.status, JSON, headers)


def _own(problem: Problem) -> dict[str, Any]:
    match problem:
        case Unauthorized():
            return {"message": UNAUTHENTICATED}
        case SwitchedOff():
            return {}
        case WrongValues():
            told = {"message": problem.detail, "errors": problem.errors}
            return told | {"status_code": 422}
        case Invalid():
            errors = {e["path"]: [e["message"]] for e in problem.extra.get("errors", [])}
            return {"message": problem.detail, "errors": errors, "status_code": 422}
    return {"message": _message(problem), "status_code": problem.status}


def _strict(problem: Problem) -> dict[str, Any]:
    status, title = str(problem.status), problem.title
    plain = {"status": status, "title": title, "detail": _message(problem)}
    match problem:
        case WrongValues():
            return {
                "errors": [
                    plain
                    | {
                        "detail": text,
                        "source": {"pointer": f"/data/attributes/{field.replace('.', '/')}"},
                    }
                    for field, texts in problem.errors.items()
                    for text in texts
                ]
            }
        case WrongParameter():
            return {"errors": [plain | {"source": {"parameter": problem.parameter}}]}
        case WrongDocument():
            return {"errors": [plain | {"source": {"pointer": problem.pointer}}]}
        case Unauthorized():
            return {"errors": [plain | {"detail": UNAUTHENTICATED}]}
    return {"errors": [plain]}


def _message(problem: Problem) -> str:
    match problem:
        case RouteNotFound() | NotConnected():
            return "Not Found"
        case OrderNotFound():
            return problem.detail
        case OurMistake():
            return "Server Error"
        case Forbidden() if not problem.detail.startswith("The API token"):
            return NO_PERMISSION
    return problem.detail


def _send(body: Any, status: int, media: str, headers: dict[str, str]) -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    # Said outright: Starlette would add a charset to text types, and old clients compare.
    return Response(text, status, headers | {"Content-Type": media})
