"""The code a guest shows so that an order is handed to nobody else."""

import hmac

from app.domain.orders import Order


def unlock_code_of(order: Order) -> str | None:
    """The code any system gave the order: each keeps it in its extras as `unlock_code`. It is for
    comparing only and stands on no page."""
    for said in order.extras.values():
        code = said.get("unlock_code") if isinstance(said, dict) else None
        if isinstance(code, str) and code:
            return code
    return None


def code_fits(code: str, given: str) -> bool:
    """Compared in constant time; case and the blanks around do not matter to who types it."""
    return hmac.compare_digest(_plain(code), _plain(given))


def _plain(code: str) -> bytes:
    return code.strip().casefold().encode()
