"""Hyra as one of the dialects. Its HTTP routes are Hyra-style: the Lua module is the contract."""

from app.dialects.hyra import counting, lua, orders
from app.dialects.hyra.asking import admit
from app.dialects.hyra.errors import refuse
from app.dialects.hyra.settings import Settings
from app.dialects.hyra.words import NAME
from app.dialects.shape import Credential, Dialect, Guide
from app.domain.people import new_secret

HYRA = Dialect(
    name=NAME,
    title="Hyra",
    # /players/orders/{workspace_id}/actors before /players/orders/{workspace_id}/{id}.
    table=(*counting.ROUTES, *orders.ROUTES, *lua.ROUTES),
    admit=admit,
    refuse=refuse,
    settings=Settings,
    credentials=(
        Credential(name="hyra", kind="game", about="a Roblox game's server", secret=new_secret),
    ),
    guide=Guide(
        fields=(
            ("Base address", "{base}"),
            ("Workspace id", "{id}"),
            ("Lua module", "{base}/orderlog.lua"),
            ("Sample exporter", "{base}/orderlog-exporter.lua"),
        ),
        notes=(
            "Open the Lua module's address, paste all of it into a ModuleScript named MainModule",
            "in Roblox Studio, publish that as a model and note the model's number.",
            "In the game's scripts change only the number in require(…) to that one, then call",
            "setupAPI(key, workspace id) as before. Game settings: allow HTTP requests.",
            "Roblox reaches servers on the internet by port 80, 443 or any from 1024 on except",
            "1194. Its address is in the file; setupAPI takes another one as a third argument.",
        ),
    ),
    own_id="workspace_id",
    binds="none",
)
