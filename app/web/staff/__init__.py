"""The staff pages: sign in, move orders by touch, look back, set things up."""

from app.web.staff.routes import ROUTES

__all__ = ["ROUTES"]
