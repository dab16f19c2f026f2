"""Figures, not tests: nothing here passes or fails on time."""
