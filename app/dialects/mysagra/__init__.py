"""The MySagra order API."""

from app.dialects.mysagra.dialect import MYSAGRA

__all__ = ["MYSAGRA"]
