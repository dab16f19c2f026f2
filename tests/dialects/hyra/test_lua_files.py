"""The Lua files as they are served and shipped: plain Lua 5.1 that is valid Luau too."""

import re
from pathlib import Path

import pytest
from lupa.lua51 import LuaRuntime

from app.files import project_folder
from tests.dialects.doors import door
from tests.dialects.hyra.roblox import Game, Got
from tests.venue_server import VenueServer, serving

FILES = ("orderlog.lua", "orderlog-exporter.lua")
# Of Lua 5.1's globals those that a Roblox script has as well, and what Roblox adds.
IN_BOTH = {"ipairs", "pairs", "pcall", "string", "math", "os", "table", "tonumber", "tostring"}
IN_BOTH |= {"type", "game", "task", "require"}
# Lua 5.1 names that are gone or different in Luau.
GONE = r"\b(setfenv|getfenv|module|loadstring|dofile|io\.|package|gfind|getn|foreach)\b"
LUAU_WORDS = {"continue", "export", "typeof"}


def source(name: str) -> str:
    return (project_folder("static") / "hyra" / name).read_text("utf-8")


def code(name: str) -> str:
    """Without comments and texts."""
    plain = re.sub(r"--\[\[.*?\]\]|--[^\n]*", "", source(name), flags=re.DOTALL)
    return re.sub(r'"(\\.|[^"\\])*"', '""', plain)


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_lua_5_1(name: str) -> None:
    lua = LuaRuntime()
    path = project_folder("static") / "hyra" / name
    assert lua.eval("type(assert(loadfile(...)))", str(path)) == "function"


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_luau_too(name: str) -> None:
    """What only Luau has, Lua 5.1 has refused above; this is what only Lua 5.1 has."""
    text = code(name)
    assert re.search(GONE, text) is None
    assert not LUAU_WORDS & set(re.findall(r"\w+", text))


LUAU_ONLY = (
    "local a: number = 1", "for _ = 1, 2 do continue end", "local a = 1 a += 1", "return `a`",
    "return if a then 1 else 2", "type A = number", "return 1 // 2", "return a!",
)  # fmt: skip


@pytest.mark.parametrize("text", LUAU_ONLY)
def test_lua_5_1_refuses_what_only_luau_has(text: str) -> None:
    refused = LuaRuntime(unpack_returned_tuples=True).eval("loadstring(...)", text)
    assert refused[0] is None


def test_the_module_reads_only_globals_that_roblox_has_and_writes_none() -> None:
    lua = LuaRuntime()
    game = Game(lambda _sent: Got(200))
    watched = """
    local source = ...
    local read, written = {}, {}
    local chunk = assert(loadstring(source))
    local function watch(f)
        return setfenv(f, setmetatable({}, {
            __index = function(_, name) read[name] = true return _G[name] end,
            __newindex = function(_, name) written[name] = true end,
        }))
    end
    local log = watch(chunk)()
    for name, call in pairs(log) do pcall(call, "key", "main") end
    log.createOrder(1, 1, { items = { "a" } })
    return read, written
    """
    read, written = game.lua.execute(watched, source("orderlog.lua"))
    assert set(read) <= IN_BOTH
    assert list(written) == []
    assert lua.lua_version == (5, 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


async def test_they_are_served_to_anybody_with_the_servers_address(server: VenueServer) -> None:
    async with door(server, "hyra") as nobody:
        served = {name: await nobody.get(f"/{name}") for name in FILES}
        strange = await nobody.get("/orderlog.lua", headers={"Host": 'x" .. os.exit() .. "'})
        assert (await nobody.head("/orderlog.lua")).status_code == 200
    for answer in served.values():
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert f'local BASE_URL = "{server.url}/hyra"' in served["orderlog.lua"].text
    assert served["orderlog-exporter.lua"].text == source("orderlog-exporter.lua")
    assert "os.exit" not in strange.text
    assert source("orderlog.lua").count("localhost") == 1


async def test_behind_a_proxy_it_is_the_public_address(folder: Path) -> None:
    public = serving(folder, public_url="https://board.example")
    async with public as server, door(server, "hyra") as nobody:
        text = (await nobody.get("/orderlog.lua")).text
    assert 'local BASE_URL = "https://board.example/hyra"' in text


async def test_at_a_root_of_its_own_it_is_that(folder: Path) -> None:
    async with serving(folder, hosts="game.lan=hyra") as server, server.client() as nobody:
        text = (await nobody.get("/orderlog.lua", headers={"Host": f"game.lan:{server.port}"})).text
    assert f'local BASE_URL = "http://game.lan:{server.port}"' in text


def test_the_exporter_signs_in_and_hands_on() -> None:
    text = code("orderlog-exporter.lua")
    assert re.findall(r"\w+\(", text) == ["require(", "setupAPI("]
    assert "require(15254660066)" in text
    assert text.rstrip().endswith("return orderLog")
