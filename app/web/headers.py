"""A request's headers, read on the way of every change."""

from starlette.requests import HTTPConnection


def sent_header(connection: HTTPConnection, name: bytes) -> str | None:
    """The first header of that name, which is in small letters. Starlette's own look-up makes
    an object of all of them first."""
    for given, value in connection.scope["headers"]:
        if given == name:
            return str(value, "latin-1")
    return None
