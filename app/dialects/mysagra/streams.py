"""The four event channels."""

from app.web.table import Entry

ROUTES: tuple[Entry, ...] = ()
