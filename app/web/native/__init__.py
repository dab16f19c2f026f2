"""Readyboard's own JSON API, /api/v1."""

from app.web.native import boards, menu, orders, printing, status, tickets, venues

NATIVE_ROUTES = (
    *orders.ROUTES,
    *status.ROUTES,
    *printing.ROUTES,
    *tickets.ROUTES,
    *venues.ROUTES,
    *boards.ROUTES,
    *menu.ROUTES,
)
