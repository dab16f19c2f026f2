"""The screen of one pickup point: its name while it is free, and whose order waits there."""

from starlette.requests import Request
from starlette.responses import Response

from app.web.board_pages import page_policy, show_json, show_style
from app.web.board_style import fit
from app.web.board_view import heading_words, view_of
from app.web.context import board_asked, house
from app.web.screens import post_of
from app.web.table import Entry, Who

POINT = "/b/{venue}/point/{point}"


async def show_point(request: Request) -> Response:
    """The page; `{point}` is the point's id or name."""
    rooms = house(request)
    state = await rooms.hub.board_state(*board_asked(request))
    point = state.hello["board"]["point"]
    headers = {
        "Content-Security-Policy": page_policy(request, rooms, scripts=True),
        "Cache-Control": "no-store",
    }
    words = heading_words(state.board)
    post = await post_of(request, state.venue.slug, state.board.slug)
    return rooms.page(
        "point.html",
        headers=headers,
        view=view_of(state),
        scripts=["board.js"] if post is None else ["board.js", "screen.js"],
        post=post,
        point=point,
        name_fit=fit(point["name"]),
        state=words["point_closed" if point["disabled"] else "point_free"],
    )


ROUTES = (
    Entry(
        method="GET", path=POINT + ".json", handler=show_json, who=Who.BOARD,
        summary="The screen of a pickup point as JSON", open_to_all=True, problems=(404,),
    ),
    Entry(
        method="GET", path=POINT + "/board.css", handler=show_style, who=Who.BOARD,
        media="text/css", page=True,
    ),
    Entry(method="GET", path=POINT, handler=show_point, who=Who.BOARD, page=True),
)  # fmt: skip
