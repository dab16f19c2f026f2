"""A venue's logo as boards show it: small, without whatever else the file carried."""

import io

from app.domain.problems import Invalid

LARGEST = (720, 240)
MOST_PIXELS = 40_000_000  # a small file may hold a picture that fills the memory
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


def small_png(given: bytes) -> bytes:
    """The picture as PNG of at most 720x240. Raises Invalid for anything else than a PNG, JPEG,
    WebP or GIF."""
    # Four megabytes, for those who bring pictures.
    from PIL import Image

    try:
        with Image.open(io.BytesIO(given), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise _wrong("is larger than 40 megapixels")
            image.thumbnail(LARGEST)
            drawn = io.BytesIO()
            image.convert("RGBA").save(drawn, "PNG", optimize=True)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise _wrong("is no PNG, JPEG, WebP or GIF picture") from None
    return drawn.getvalue()


def _wrong(message: str) -> Invalid:
    return Invalid(f"The file {message}.", errors=[{"path": "file", "message": message}])
