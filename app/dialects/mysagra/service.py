"""Open drawer, general closure, health and the like."""

from app.web.table import Entry

ROUTES: tuple[Entry, ...] = ()
