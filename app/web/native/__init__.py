"""Readyboard's own JSON API, /api/v1."""

from app.web.native import orders, status, venues

NATIVE_ROUTES = (*orders.ROUTES, *status.ROUTES, *venues.ROUTES)
