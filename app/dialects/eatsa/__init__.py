"""The eatsa order API."""

from app.dialects.eatsa.dialect import EATSA

__all__ = ["EATSA"]
