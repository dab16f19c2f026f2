"""Hyra's order log: a Lua module for Roblox games, and the Hyra-style HTTP routes behind it."""

from app.dialects.hyra.dialect import HYRA

__all__ = ["HYRA"]
