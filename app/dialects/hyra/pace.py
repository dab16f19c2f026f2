"""How many requests a game may send, told in the headers of every answer."""

import math
import time

from limits import RateLimitItemPerMinute
from starlette.requests import Request

from app.dialects.hyra.words import NAME
from app.web.context import caller


def pace_headers(request: Request) -> dict[str, str]:
    """X-Ratelimit-Limit a minute and X-Ratelimit-Reset in seconds; none where no limit is set, or
    the workspace is not known yet."""
    venue = getattr(request.state, "venue", None)
    allowed = None if venue is None else venue.dialects[NAME].get("requests_per_minute")
    if venue is None or not allowed:
        return {}
    who = caller(request).credential
    limiter = request.state.dialect.limiter
    ends = limiter.get_window_stats(RateLimitItemPerMinute(allowed), venue.id, who).reset_time
    reset = max(1, math.ceil(ends - time.time()))
    return {"X-Ratelimit-Limit": str(allowed), "X-Ratelimit-Reset": str(reset)}
