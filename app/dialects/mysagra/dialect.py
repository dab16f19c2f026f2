"""MySagra as one of the dialects: tills, number displays, printers, kitchen apps, web ordering."""

from functools import partial

from app.dialects.mysagra import (
    catalogue,
    devices,
    orders,
    people,
    printing,
    service,
    sessions,
    streams,
)
from app.dialects.mysagra.answering import name_request
from app.dialects.mysagra.asking import admit
from app.dialects.mysagra.errors import refuse
from app.dialects.mysagra.sessions import new_key_of
from app.dialects.mysagra.settings import Settings
from app.dialects.shape import Credential, Dialect, Guide

MYSAGRA = Dialect(
    name="mysagra",
    title="MySagra",
    table=(
        *sessions.ROUTES,
        *people.ROUTES,
        *orders.ROUTES,
        *printing.ROUTES,
        *catalogue.ROUTES,
        *devices.ROUTES,
        *service.ROUTES,
        *streams.ROUTES,
    ),
    admit=admit,
    refuse=refuse,
    settings=Settings,
    credentials=(
        Credential(
            name="mysagra-printer",
            kind="PRINTER",
            about="a printer service",
            secret=partial(new_key_of, "PRINTER"),
        ),
        Credential(
            name="mysagra-web",
            kind="WEBAPP",
            about="a web ordering page",
            secret=partial(new_key_of, "WEBAPP"),
        ),
    ),
    guide=Guide(
        fields=(
            ("Server address", "{base}"),
            ("Host", "{host}"),
            ("Port", "{port}"),
            ("Tills and displays", "log in with a user of this server"),
            ("Printers, web pages", "X-API-KEY: the key"),
        ),
        notes=(
            "Clients that take only a host and a port need a port of their own:",
            "  readyboard serve --listen 0.0.0.0:4300=mysagra",
        ),
    ),
    finish=name_request,
)
