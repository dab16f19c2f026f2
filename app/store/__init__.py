"""Keeps orders and events. One module per noun with its SQL on top; see sqlite.py for the writer."""
