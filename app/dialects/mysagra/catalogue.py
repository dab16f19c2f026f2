"""The menu behind the orders: foods, categories, stations, printers, registers."""

from app.web.table import Entry

ROUTES: tuple[Entry, ...] = ()
