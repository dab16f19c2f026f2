"""The Hyra order API."""

from app.dialects.hyra.dialect import HYRA

__all__ = ["HYRA"]
