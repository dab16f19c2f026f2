"""The tree of refusals. Each has a stable slug, an HTTP status and a sentence for a person.

Raised anywhere, translated once per outside: the native API answers `application/problem+json`
(RFC 9457), each dialect its own error body, the command line one line on stderr.
"""

from typing import Any


class Problem(Exception):
    slug: str = "problem"
    status: int = 400
    title: str = "The request was refused"

    def __init__(self, detail: str, **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = extra


class Malformed(Problem):
    slug, status, title = "malformed-request", 400, "The request could not be read"


class Invalid(Problem):
    """`extra["errors"]` holds every wrong field: [{"path": "items/0/name", "message": "…"}]."""

    slug, status, title = "invalid-request", 422, "Some fields are wrong"


class Unauthorized(Problem):
    slug, status, title = "unauthorized", 401, "A valid credential is needed"


class KeyRevoked(Unauthorized):
    """Told apart from an unknown key, because one foreign system answers it with a 403."""


class Forbidden(Problem):
    slug, status, title = "forbidden", 403, "This credential may not do that"


class ScreenRevoked(Unauthorized):
    """Told apart from a cookie nobody knows, because such a screen goes back to showing a code."""

    slug, title = "screen-revoked", "This screen is no longer paired"


class CrossOrigin(Forbidden):
    slug, title = "cross-origin", "A signed-in browser may only post from this site's own pages"


class NotFound(Problem):
    slug, status, title = "not-found", 404, "Nothing is here"


class RouteNotFound(NotFound):
    """The address itself is unknown, and not a thing at a known address."""


class NotConnected(NotFound):
    slug, title = "not-connected", "No venue is connected to that system"


class VenueNotFound(NotFound):
    slug, title = "venue-not-found", "No such venue"


class OrderNotFound(NotFound):
    slug, title = "order-not-found", "No such order"


class TicketNotFound(NotFound):
    slug, title = "ticket-not-found", "This ticket has ended or the link is not whole"


class BoardNotFound(NotFound):
    slug, title = "board-not-found", "No such board"


class UserNotFound(NotFound):
    slug, title = "user-not-found", "No such user"


class KeyNotFound(NotFound):
    slug, title = "key-not-found", "No such key"


class ScreenNotFound(NotFound):
    slug, title = "screen-not-found", "No such screen"


class CodeNotFound(NotFound):
    slug, title = "code-not-found", "No screen shows that code"


class PointNotFound(NotFound):
    slug, title = "pickup-point-not-found", "No such pickup point"


class StationNotFound(Problem):
    slug, status, title = "station-not-found", 422, "The order has no part at that station"


class MethodNotAllowed(Problem):
    slug, status, title = "method-not-allowed", 405, "This address does not take that method"


class Conflict(Problem):
    slug, status, title = "conflict", 409, "This does not fit what is stored"


class RefTaken(Conflict):
    slug, title = "ref-taken", "Another order already carries this ref"


class NumberInUse(Conflict):
    slug, title = "number-in-use", "A live order already carries this number"


class SeqMismatch(Conflict):
    slug, title = "seq-mismatch", "The order has changed since you read it"


class NothingToRecall(Conflict):
    slug, title = "nothing-to-recall", "There is no move to undo"


class UnlockCodeNeeded(Conflict):
    slug, title = "unlock-code-needed", "The guest's code is needed to hand this order over"


class WrongUnlockCode(Conflict):
    slug, title = "wrong-unlock-code", "That is not the order's code"


class PointInUse(Conflict):
    slug, title = "pickup-point-in-use", "That pickup point is taken or disabled"


class OrdersOpen(Conflict):
    slug, title = "orders-open", "Orders are still open"


class NameTaken(Conflict):
    slug, title = "name-taken", "That name is already in use"


class LastAdmin(Conflict):
    slug, title = "last-admin", "The last admin cannot be removed"


class SetupDone(Conflict):
    slug, title = "setup-done", "This Readyboard already has an admin"


class IdempotencyKeyReused(Conflict):
    slug, title = "idempotency-key-reused", "This Idempotency-Key came with another body before"


class TooLarge(Problem):
    slug, status, title = "too-large", 413, "The body is too large"


class UnsupportedMediaType(Problem):
    slug, status, title = "unsupported-media-type", 415, "Send application/json"


class LockedOut(Problem):
    slug, status, title = "locked-out", 429, "Too many failed attempts"


class TooManyRequests(Problem):
    slug, status, title = "too-many-requests", 429, "Slow down"


class Unavailable(Problem):
    """The store could not commit; nothing was kept and the same request may be sent again."""

    slug, status, title = "unavailable", 503, "The change could not be stored"


class OurMistake(Problem):
    slug, status, title = "internal-error", 500, "Our mistake"


class WrongDatabase(Problem):
    """The data folder cannot be used: network file system, newer schema, locked, damaged."""

    slug, status, title = "wrong-database", 503, "The data folder cannot be used"
