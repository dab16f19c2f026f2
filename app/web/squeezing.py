"""gzip for what a wall loads over bad Wi-Fi: its page, scripts and styles. Streams and answers to
programs go as they are; they are small, and many."""

import gzip

from starlette.requests import Request
from starlette.responses import Response

LEVEL = 6
LEAST = 1000  # bytes; less is not worth the time


def squeezed(request: Request, response: Response) -> Response:
    """The same answer, smaller if the browser takes it so."""
    response.headers.add_vary_header("Accept-Encoding")
    body = bytes(response.body)
    if len(body) < LEAST or "gzip" not in request.headers.get("accept-encoding", ""):
        return response
    response.body = gzip.compress(body, LEVEL, mtime=0)
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(response.body))
    return response
