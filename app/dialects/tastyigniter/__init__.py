"""The TastyIgniter order API."""

from app.dialects.tastyigniter.dialect import TASTYIGNITER

__all__ = ["TASTYIGNITER"]
