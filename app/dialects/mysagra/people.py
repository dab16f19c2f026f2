"""Users and roles."""

from app.web.table import Entry

ROUTES: tuple[Entry, ...] = ()
