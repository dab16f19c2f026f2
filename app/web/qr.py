"""A text as QR code."""

import io

import segno


def qr_svg(text: str) -> bytes:
    """Dark on white whatever stands behind it, with the quiet zone that readers need."""
    drawn = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(drawn, kind="svg", scale=8, dark="#000000", light="#FFFFFF")
    return drawn.getvalue()
