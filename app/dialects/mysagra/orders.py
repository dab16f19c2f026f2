"""Orders: list, detail, create, confirm, patch, delete, stations."""

from app.web.table import Entry

ROUTES: tuple[Entry, ...] = ()
