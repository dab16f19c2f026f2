"""Which of the three profiles a request is in: TastyIgniter's own, strict JSON:API, or flat."""

from enum import StrEnum

from starlette.requests import Request

from app.domain.problems import Problem, UnsupportedMediaType

JSON_API = "application/vnd.api+json"
JSON = "application/json"


class Profile(StrEnum):
    OWN = "own"
    STRICT = "strict"
    FLAT = "flat"


class NotAcceptable(Problem):
    status, title = 406, "Every form that is asked for has parameters we do not know"


def profile_of(request: Request) -> Profile:
    """Strict where Accept or Content-Type names JSON:API; flat for tokens of /api/admin/token."""
    if any(name == JSON_API for name, _ in (*_accepted(request), _sent(request))):
        return Profile.STRICT
    who = getattr(request.state, "caller", None)
    key = who.key if who is not None else None
    return Profile.FLAT if key is not None and key.kind.startswith("flat") else Profile.OWN


def check_media(request: Request) -> None:
    """The strict profile's rules of negotiation (JSON:API 1.1, section 5). Raises
    UnsupportedMediaType, NotAcceptable."""
    name, parameters = _sent(request)
    if name == JSON_API and (set(parameters) - {"ext", "profile"} or parameters.get("ext")):
        raise UnsupportedMediaType(f"{JSON_API} is taken without parameters and extensions.")
    asked = [parameters for name, parameters in _accepted(request) if name == JSON_API]
    if asked and all(set(one) - {"profile", "q"} for one in asked):
        raise NotAcceptable(f"{JSON_API} is sent without parameters only.")


def _accepted(request: Request) -> list[tuple[str, dict[str, str]]]:
    return [_parsed(one) for one in request.headers.get("accept", "").split(",") if one.strip()]


def _sent(request: Request) -> tuple[str, dict[str, str]]:
    return _parsed(request.headers.get("content-type", ""))


def _parsed(media: str) -> tuple[str, dict[str, str]]:
    name, *rest = media.split(";")
    pairs = (one.partition("=") for one in rest if one.strip())
    return name.strip().lower(), {n.strip().lower(): v.strip().strip('"') for n, _, v in pairs}
