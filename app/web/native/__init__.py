"""Readyboard's own JSON API, /api/v1."""

from app.web.native import boards, menu, orders, printing, status, venues

NATIVE_ROUTES = (
    *orders.ROUTES,
    *status.ROUTES,
    *printing.ROUTES,
    *venues.ROUTES,
    *boards.ROUTES,
    *menu.ROUTES,
)
