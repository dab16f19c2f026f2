"""A drawing as SVG: text stays text, and nothing in it can run."""

from xml.sax.saxutils import escape, quoteattr

from app.web.drawing import Box, Drawing, Line, Shape, Text, one_line

FAMILY = "'Liberation Sans', Arial, 'Helvetica Neue', 'Noto Sans', Roboto, sans-serif"
TIGHT = 0.8  # texts that fill more of their room are held to their width in every face


def svg_of(drawing: Drawing) -> str:
    size = f'width="{drawing.width}" height="{drawing.height}"'
    shapes = "\n".join(_shape(shape) for shape in drawing.shapes)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} '
        f'viewBox="0 0 {drawing.width} {drawing.height}" role="img" '
        f'xml:lang={quoteattr(drawing.language)} font-family="{FAMILY}" font-weight="700">\n'
        f"<title>{escape(one_line(drawing.title))}</title>\n"
        f'<rect {size} fill="{drawing.background}"/>\n'
        f"{shapes}\n</svg>\n"
    )


def _shape(shape: Shape) -> str:
    if isinstance(shape, Text):
        return _text(shape)
    return _box(shape) if isinstance(shape, Box) else _line(shape)


def _text(text: Text) -> str:
    held = ""
    if text.width > TIGHT * text.room:
        held = f' textLength="{_px(text.width)}" lengthAdjust="spacingAndGlyphs"'
    return (
        f'<text x="{_px(text.x)}" y="{_px(text.y)}" font-size="{_px(text.size)}" '
        f'text-anchor="{text.anchor}" fill="{text.colour}"{held}>{escape(text.text)}</text>'
    )


def _box(box: Box) -> str:
    """The outline lies inside the box, as borders do on the page."""
    half = box.line / 2
    stroke = f' stroke="{box.outline}" stroke-width="{_px(box.line)}"' if box.outline else ""
    return (
        f'<rect x="{_px(box.x + half)}" y="{_px(box.y + half)}" '
        f'width="{_px(box.width - box.line)}" height="{_px(box.height - box.line)}" '
        f'rx="{_px(max(0, box.radius - half))}" fill="{box.fill or "none"}"{stroke}/>'
    )


def _line(line: Line) -> str:
    points = " ".join(f"{_px(x)},{_px(y)}" for x, y in line.points)
    return (
        f'<polyline points="{points}" fill="none" stroke="{line.colour}" '
        f'stroke-width="{_px(line.width)}"/>'
    )


def _px(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
