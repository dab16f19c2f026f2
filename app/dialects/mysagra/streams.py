"""The four event channels, followed by tills, number displays, printers and kitchen apps."""

from starlette.requests import Request
from starlette.responses import Response

from app.dialects.mysagra.answering import row
from app.dialects.mysagra.channels import CHANNELS, ChannelEncoding
from app.dialects.mysagra.errors import Wrong
from app.feed.sse import FeedResponse
from app.web.context import caller, house

HEADERS = {
    # Exactly this type: some clients compare it. A proxy must pass each piece on as it is.
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-cache",
    "Connection": "keep-alive",
    "X-Accel-Buffering": "no",
}


async def follow_channel(request: Request) -> Response:
    name = request.path_params["channel"]
    if name not in CHANNELS:
        words = ", ".join(CHANNELS)
        message = f"Invalid option: expected one of {words}"
        raise Wrong("invalid_value", ["channel"], message, values=list(CHANNELS))
    here = house(request)
    channel = await here.hub.foreign(
        request.state.venue.slug, f"mysagra.{name}", ChannelEncoding(name)
    )
    viewer = here.hub.viewer(channel, caller(request).credential)
    return FeedResponse(
        here.hub,
        viewer,
        request.headers.get("last-event-id"),
        send_timeout=here.settings.send_timeout_seconds,
        headers=HEADERS,
    )


ROUTES = (
    row(
        "GET",
        "/events/{channel}",
        follow_channel,
        "staff+printer",
        "Follow cashier, display, printer or ticket; Last-Event-ID brings what was missed",
        media="text/event-stream",
    ),
)
