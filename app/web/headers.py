"""A request's headers, read on the way of every change."""

from starlette.types import Scope


def sent_header(scope: Scope, name: bytes) -> str | None:
    """The first header of that name, which is in small letters. Starlette's own look-up makes
    an object of all of them first."""
    for given, value in scope["headers"]:
        if given == name:
            return str(value, "latin-1")
    return None


def media_type(scope: Scope) -> str:
    """Of the body, in small letters and without parameters; "" if it was not told."""
    return (sent_header(scope, b"content-type") or "").partition(";")[0].strip().lower()
