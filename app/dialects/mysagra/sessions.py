"""Log in, log out, API keys."""

from app.web.table import Entry

ROUTES: tuple[Entry, ...] = ()
