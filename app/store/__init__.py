"""Keeps orders and events: one module per noun with its SQL on top; the writer is sqlite.py."""
