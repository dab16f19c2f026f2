"""eatsa as one of the dialects: a partner's token sees its own stores and their orders."""

from app.dialects.eatsa import analytics, locations, orders, stores
from app.dialects.eatsa.asking import admit
from app.dialects.eatsa.errors import refuse
from app.dialects.eatsa.settings import Settings
from app.dialects.shape import Credential, Dialect, Guide
from app.domain.people import new_secret

EATSA = Dialect(
    name="eatsa",
    title="eatsa",
    # Longer addresses first: /v1/orders/stores/{id} was once misprinted in the documents.
    table=(*stores.ROUTES, *locations.ROUTES, *analytics.ROUTES, *orders.ROUTES),
    admit=admit,
    refuse=refuse,
    settings=Settings,
    credentials=(Credential(name="eatsa", kind="partner", about="a partner", secret=new_secret),),
    guide=Guide(
        fields=(
            ("API address", "{base}/v1"),
            ("Store id", "{id}"),
            ("Header of every request", "x-authtoken: the key"),
        ),
    ),
    own_id="store_id",
    binds="none",
)
