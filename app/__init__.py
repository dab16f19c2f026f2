"""Readyboard: an order ready board that never freezes, never lies and never loses an event."""

__version__ = "0.1.0"
