"""The board as PNG and SVG: for e-ink, LED matrices, signage players and stream overlays."""

import hashlib
import io
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.web.board_picture import Look, draw_board
from app.web.board_svg import svg_of
from app.web.context import asked, board_asked, house
from app.web.drawing import Box, Drawing, Line, Text, font_at
from app.web.native.types import Said
from app.web.table import Entry, Who

if TYPE_CHECKING:
    from PIL import ImageDraw

Pixels = Annotated[int, Field(ge=200, le=3840)]
# May be kept, but is asked after each time: an unchanged picture is answered without it.
HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


class PictureQuery(Said):
    width: Pixels = 1920
    height: Pixels = 1080
    page: Annotated[int, Field(ge=1, le=3)] | None = Field(
        None, description="which page of a full column; without it they turn by the clock"
    )
    mono: Literal["0", "1"] = Field("0", description="1: black and white only")


async def show_png(request: Request) -> Response:
    drawing, mono = await _drawing(request), asked(request).mono == "1"
    tag = _tag(drawing, f"png{mono}")
    if _is_known(request, tag):
        return _unchanged(tag)
    picture = await house(request).pictures.get(tag, lambda: png_of(drawing, mono=mono))
    return Response(picture, media_type="image/png", headers=HEADERS | {"ETag": tag})


async def show_svg(request: Request) -> Response:
    drawing = await _drawing(request)
    tag = _tag(drawing, "svg")
    if _is_known(request, tag):
        return _unchanged(tag)
    headers = HEADERS | {"ETag": tag}
    return Response(svg_of(drawing), media_type="image/svg+xml", headers=headers)


async def _drawing(request: Request) -> Drawing:
    query: PictureQuery = asked(request)
    look = Look(width=query.width, height=query.height, mono=query.mono == "1", page=query.page)
    return draw_board(await house(request).hub.board_state(*board_asked(request)), look)


def _tag(drawing: Drawing, kind: str) -> str:
    """The drawing is all there is on the picture, the clock's minute among it."""
    return '"' + hashlib.sha256(f"{kind}{drawing}".encode()).hexdigest()[:32] + '"'


def _is_known(request: Request, tag: str) -> bool:
    known = request.headers.get("if-none-match", "")
    return tag in (each.strip().removeprefix("W/") for each in known.split(","))


def _unchanged(tag: str) -> Response:
    return Response(status_code=304, headers=HEADERS | {"ETag": tag})


def png_of(drawing: Drawing, *, mono: bool) -> bytes:
    """`mono`: one bit a pixel."""
    # Four megabytes, for those who ask for pictures.
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (drawing.width, drawing.height), drawing.background)
    draw = ImageDraw.Draw(image)
    for shape in drawing.shapes:
        _draw(draw, shape)
    done = image.convert("L").point(_to_ink).convert("1") if mono else image
    written = io.BytesIO()
    done.save(written, "PNG")
    return written.getvalue()


def _to_ink(grey: int) -> int:
    return 255 if grey >= 128 else 0


def _draw(draw: "ImageDraw.ImageDraw", shape: Box | Line | Text) -> None:
    if isinstance(shape, Text):
        anchor = {"start": "ls", "middle": "ms", "end": "rs"}[shape.anchor]
        font = font_at(max(1, round(shape.size)))
        draw.text((round(shape.x), round(shape.y)), shape.text, shape.colour, font, anchor)
    elif isinstance(shape, Line):
        draw.line(shape.points, shape.colour, max(1, round(shape.width)), joint="curve")
    else:
        corners = (shape.x, shape.y, shape.x + shape.width - 1, shape.y + shape.height - 1)
        draw.rounded_rectangle(
            tuple(round(edge) for edge in corners),
            round(shape.radius),
            shape.fill or None,
            shape.outline or None,
            max(1, round(shape.line)) if shape.outline else 0,
        )


def _rows(prefix: str, of: str) -> tuple[Entry, ...]:
    return (
        Entry(
            method="GET", path=prefix + ".png", handler=show_png, who=Who.BOARD,
            query=PictureQuery, summary=f"{of} as a picture; answers 304 while it is the same",
            media="image/png", open_to_all=True, problems=(404,),
        ),
        Entry(
            method="GET", path=prefix + ".svg", handler=show_svg, who=Who.BOARD,
            query=PictureQuery, summary=f"{of} as a scalable picture",
            media="image/svg+xml", open_to_all=True, problems=(404,),
        ),
    )  # fmt: skip


# Before the pages: their `{venue}` and `{board}` would match the suffix as well.
ROUTES = (
    *_rows("/b/{venue}", "The venue's board"),
    *_rows("/b/{venue}/{board}", "One of the venue's boards"),
    *_rows("/b/{venue}/point/{point}", "The screen of a pickup point"),
)
