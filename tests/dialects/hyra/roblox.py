"""What a Roblox game server offers to a script, as far as the order log and its users need it.

Lua runs on lupa; requests go where the test says, mostly to the real server; only time is a fake.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2
import lupa.lua51
import lupa.luajit21

# Coroutines with a clock of their own, and the globals of a server script. Lua 5.1 cannot yield
# inside pcall and Luau can, so requests only take time (`latency`) on LuaJIT, which can as well.
WORLD = """
local host = ...
local now, timers, count = 0, {}, 0
problems = {}

-- A thread that waits for ever is as good as one that was destroyed.
local function keep(timer)
    if timer.at == math.huge then return end
    local place = #timers
    while place > 0 and timers[place].at > timer.at do place = place - 1 end
    table.insert(timers, place + 1, timer)
end

local function resume(thread, ...)
    local ok, wait = coroutine.resume(thread, ...)
    if not ok then
        table.insert(problems, tostring(wait))
    elseif coroutine.status(thread) == "suspended" then
        keep({ at = now + wait, thread = thread, since = now })
    end
end

function run(start)
    local result
    resume(coroutine.create(function() result = start() end))
    while #timers > 0 do
        local timer = table.remove(timers, 1)
        now = timer.at
        resume(timer.thread, now - timer.since)
    end
    return result
end

task = {
    wait = function(seconds)
        host.waited(seconds or 0)
        return coroutine.yield(math.max(seconds or 0, 1 / 60))
    end,
    spawn = function(start, ...)
        local thread = coroutine.create(start)
        resume(thread, ...)
        return thread
    end,
}
os.clock = function() return now end
os.time = function() return 1795262400 + math.floor(now) end

local HttpService = {}
function HttpService:RequestAsync(request)
    if host.latency > 0 then coroutine.yield(host.latency) end
    return host.request(request, now)
end
function HttpService:JSONEncode(value) return host.encode(value) end
function HttpService:JSONDecode(text) return host.decode(text) end
function HttpService:UrlEncode(text)
    return (string.gsub(text, "[^%w_%-%.~]", function(letter)
        return string.format("%%%02X", string.byte(letter))
    end))
end
function HttpService:GenerateGUID(braces)
    count = count + 1
    local guid = string.format("00000000-0000-4000-8000-%012d", count)
    return braces == false and guid or "{" .. guid .. "}"
end

function player(members)
    local instance = newproxy(true)
    getmetatable(instance).__index = function(_, name)
        if members[name] == nil then error(name .. " is not a valid member of Player", 2) end
        return members[name]
    end
    return instance
end

game = { Players = {} }
function game:GetService(name)
    return ({ HttpService = HttpService, Players = self.Players })[name]
end

modules = {}
function require(number)
    return modules[number] or error("Unable to find asset " .. tostring(number), 2)
end
"""
OURS = 987654321  # the number of the game developer's own upload
LOCKED = {"content-length", "host", "user-agent", "connection", "transfer-encoding"}


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it left the game; `at`: seconds on the game's clock."""

    method: str
    url: str
    headers: dict[str, str]
    body: Any
    at: float

    @property
    def word(self) -> str:
        return str(self.body["status"])


@dataclass(frozen=True, slots=True)
class Got:
    status: int
    body: str = "{}"
    headers: Mapping[str, str] = field(default_factory=dict)


Answering = Callable[[Sent], Got]


class Wire:
    """Real requests to a real server; used from the game's thread."""

    def __init__(self) -> None:
        self._client = httpx2.Client(timeout=10)

    def __call__(self, sent: Sent) -> Got:
        text = json.dumps(sent.body)
        answer = self._client.request(sent.method, sent.url, headers=sent.headers, content=text)
        return Got(answer.status_code, answer.text, dict(answer.headers))

    def close(self) -> None:
        self._client.close()


class Game:
    """A game server. An exception that `answer` raises is one that RequestAsync raises."""

    def __init__(self, answer: Answering, *, latency: float = 0) -> None:
        runtime = lupa.luajit21.LuaRuntime if latency else lupa.lua51.LuaRuntime
        self.lua = runtime(unpack_returned_tuples=True)
        self.latency = latency
        self.sent: list[Sent] = []
        self.waits: list[float] = []
        self._answer = answer
        self.lua.execute(WORLD, self)

    def publish(self, source: str, number: int = OURS) -> None:
        """Run a module's source; `require(number)` answers what it returned, once for all."""
        self.lua.globals()["modules"][number] = self._chunk(source)()

    def add_player(self, name: str, user_id: int, display_name: str) -> None:
        members = self.lua.table(UserId=user_id, Name=name, DisplayName=display_name)
        self.lua.globals()["game"]["Players"][name] = self.lua.globals()["player"](members)

    def run(self, script: str) -> Any:
        """Run a script until all it began is over; what it returned. Nothing in it may raise."""
        result = self.lua.globals()["run"](self._chunk(script))
        assert list(self.lua.globals()["problems"].values()) == []
        return self._plain(result)

    # What the Lua side asks for.

    def waited(self, seconds: float) -> None:
        self.waits.append(seconds)

    def request(self, request: Any, now: float) -> Any:
        asked = {name: request[name] for name in request}
        assert set(asked) <= {"Url", "Method", "Headers", "Body", "Compress"}
        headers = {name: asked["Headers"][name] for name in asked["Headers"]}
        assert not LOCKED & {name.lower() for name in headers}
        body: str = asked["Body"]
        assert asked["Method"] not in ("GET", "HEAD")  # which may have no body
        sent = Sent(asked["Method"], asked["Url"], headers, json.loads(body), now)
        self.sent.append(sent)
        got = self._answer(sent)
        return self.lua.table(
            Success=200 <= got.status <= 299,
            StatusCode=got.status,
            StatusMessage=httpx2.codes.get_reason_phrase(got.status),
            Headers=self.lua.table_from(dict(got.headers)),
            Body=got.body,
        )

    def encode(self, value: Any) -> str:
        return json.dumps(self._plain(value))

    def decode(self, text: Any) -> Any:
        if not isinstance(text, str):
            raise TypeError("Argument 1 missing or nil")
        return self._lua(json.loads(text))

    def _chunk(self, source: str) -> Any:
        found = self.lua.globals()["loadstring"](source)
        assert not isinstance(found, tuple), found[1]
        return found

    def _plain(self, value: Any) -> Any:
        """As JSONEncode has it: an empty table is a list, and beside numbers words are lost."""
        if lupa.lua51.lua_type(value) != "table" and lupa.luajit21.lua_type(value) != "table":
            whole = isinstance(value, float) and value.is_integer()
            return int(value) if whole else value
        numbers = [key for key in value if isinstance(key, int | float)]
        if numbers or not len(list(value)):
            return [self._plain(value[place + 1]) for place in range(int(max(numbers, default=0)))]
        return {key: self._plain(value[key]) for key in value}

    def _lua(self, value: Any) -> Any:
        if isinstance(value, dict):
            return self.lua.table_from({key: self._lua(one) for key, one in value.items()})
        if isinstance(value, list):
            return self.lua.table_from([self._lua(one) for one in value])
        return value


Stub = Callable[[Sent], Got | None]


def between(wire: Answering, *stubs: Stub) -> Answering:
    """Each stub has one request; where it answers nothing, and after them, the wire does."""
    left = list(stubs)

    def answer(sent: Sent) -> Got:
        got = left.pop(0)(sent) if left else None
        return got or wire(sent)

    return answer
