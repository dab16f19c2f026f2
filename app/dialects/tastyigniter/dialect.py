"""TastyIgniter as one of the dialects: its own JSON, strict JSON:API, and its first, flat form."""

from app.dialects.shape import Credential, Dialect, Guide
from app.dialects.tastyigniter import orders, places, statuses, tokens
from app.dialects.tastyigniter.asking import admit
from app.dialects.tastyigniter.errors import refuse
from app.dialects.tastyigniter.settings import Settings

TASTYIGNITER = Dialect(
    name="tastyigniter",
    title="TastyIgniter",
    table=(*tokens.ROUTES, *orders.ROUTES, *statuses.ROUTES, *places.ROUTES),
    admit=admit,
    refuse=refuse,
    settings=Settings,
    credentials=(
        Credential(
            name="tastyigniter",
            kind="admin",
            about="an admin's client",
            secret=tokens.new_secret,
            shown=tokens.shown,
            abilities=("*",),
        ),
    ),
    guide=Guide(
        fields=(
            ("Site address", "{base}"),
            ("API", "{base}/api"),
            ("Token", "the key, as a Bearer token; or sign in by e-mail and password"),
            ("Location id", "{id}"),
        ),
        notes=("Users sign in by their name, or by an e-mail address: readyboard user describe.",),
    ),
    own_id="location_id",
    lax_slash=True,
)
