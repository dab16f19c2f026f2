"""The Lua module when things go wrong: what is tried again, what is told, and that none raises."""

import json
from typing import Any

import pytest

from app.files import project_folder
from tests.dialects.doors import connect, stored
from tests.dialects.hyra.conftest import Cafe, signed_in
from tests.dialects.hyra.roblox import OURS, Game, Got, Sent, Wire, between

ID = "653db4bb1e3727cc1851ac07"
SOURCE = (project_folder("static") / "hyra" / "orderlog.lua").read_text()
CREATE = "log.createOrder({ UserId = 9 }, { UserId = 7 }, { items = {} })"
FINE = Got(200, json.dumps({"error": False, "id": ID, "order_number": "1001", "status": "x"}))


def module_of(*answers: Got | Exception) -> Game:
    """A game of its own whose requests are answered so, the last answer for ever."""
    left = list(answers)

    def answer(_sent: Sent) -> Got:
        got = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(got, Exception):
            raise got
        return got

    return signed_in(Game(answer), SOURCE, "key")


def busy(status: int = 503, **headers: str) -> Got:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Got(status, '{"statusCode": 1, "error": "x", "message": "Not now"}', named)


TIMED_OUT = RuntimeError("HttpError: Timedout")
EXPONENTIAL: list[float] = [1, 2, 4, 8, 16]
RETRIES: tuple[tuple[str, Got | Exception, list[float]], ...] = (
    ("too many, seconds", busy(429, X_Ratelimit_Reset="7"), [7] * 5),
    ("too many, any case", busy(429, x_ratelimit_reset="7"), [7] * 5),
    ("too many, other header", busy(429, Retry_After="9"), [9] * 5),
    ("too many, no header", busy(429), EXPONENTIAL),
    ("too many, nonsense", busy(429, X_Ratelimit_Reset="soon"), EXPONENTIAL),
    ("too many, negative", busy(429, X_Ratelimit_Reset="-5"), EXPONENTIAL),
    ("too many, an hour", busy(429, X_Ratelimit_Reset="3600"), [120] * 5),
    ("server's mistake", busy(500), EXPONENTIAL),
    ("proxy's mistake", Got(502, "<html>"), EXPONENTIAL),
    ("stopping", busy(503, Retry_After="3"), [3] * 5),
    ("only the pace of good answers", busy(503, X_Ratelimit_Reset="50"), EXPONENTIAL),
    ("time-out", TIMED_OUT, EXPONENTIAL),
    ("refused connection", RuntimeError("HttpError: ConnectFail"), EXPONENTIAL),
)
NO_RETRY: tuple[tuple[str, Got | Exception], ...] = (
    ("not enabled", RuntimeError("Http requests are not enabled. Enable via game settings")),
    ("forbidden port", RuntimeError("Port 25 is not allowed")),
    ("wrong", busy(400)),
    ("no key", busy(401)),
    ("other workspace", busy(403)),
    ("unknown", busy(404)),
    ("used key", busy(409)),
    ("moved", Got(302, "")),
    ("no JSON", Got(200, "<html>hello</html>")),
    ("no object", Got(200, "7")),
    ("no order", Got(200, "{}")),
)


@pytest.mark.parametrize(("case", "got", "waits"), RETRIES, ids=[case for case, *_ in RETRIES])
def test_what_may_pass_is_tried_six_times_in_all(
    case: str, got: Got | Exception, waits: list[float]
) -> None:
    game = module_of(got)
    for call in (CREATE, f'log.setComplete("{ID}")'):
        game.sent.clear()
        game.waits.clear()
        answer = game.run(f"return {call}")
        assert (answer["error"], len(game.sent), game.waits) == (True, 6, waits)
        assert len({sent.headers["Idempotency-Key"] for sent in game.sent}) == 1
        assert len({json.dumps(sent.body) for sent in game.sent}) == 1


@pytest.mark.parametrize(("case", "got"), NO_RETRY, ids=[case for case, _ in NO_RETRY])
def test_what_stays_as_it_is_is_not_tried_again(case: str, got: Got | Exception) -> None:
    game = module_of(got)
    for call in (CREATE, f'log.setComplete("{ID}")'):
        game.sent.clear()
        answer = game.run(f"return {call}")
        assert (answer["error"], len(game.sent), game.waits) == (True, 1, [])
        assert answer["message"] != ""


def test_a_time_of_day_is_waited_for_too() -> None:
    game = module_of(busy(429, X_Ratelimit_Reset=str(1795262400 + 30)), FINE)
    assert game.run(f"return {CREATE}")["error"] is False
    assert game.waits == [30]


def test_each_call_has_an_idempotency_key_of_its_own() -> None:
    game = module_of(TIMED_OUT, FINE)
    game.run(f"{CREATE} {CREATE}")
    assert [sent.headers["Idempotency-Key"][-1:] != "" for sent in game.sent] == [True] * 3
    first, again, other = (sent.headers["Idempotency-Key"] for sent in game.sent)
    assert first == again != other


async def test_an_answer_lost_on_the_way_makes_no_second_order(cafe: Cafe, wire: Wire) -> None:
    def lost(sent: Sent) -> Got:
        wire(sent)  # it arrived, but the answer did not
        raise TIMED_OUT

    game = cafe.game(between(wire, lost))
    answer = await cafe.play(game, f"return {CREATE}")
    assert (answer["error"], answer["order_number"]) == (False, "1001")
    assert (await cafe.list())["total"] == 1


async def test_the_servers_limit_is_waited_out(cafe: Cafe, wire: Wire) -> None:
    await connect(cafe.server, "hyra", requests_per_minute=2)
    game = cafe.game(wire)
    answer = await cafe.play(game, f"{CREATE} {CREATE} return {CREATE}")
    # Time stands still for the server meanwhile, so the third order never gets through.
    assert answer == {"error": True, "message": "Too many requests. Wait a minute."}
    assert len(game.sent) == 8
    assert game.waits == game.waits[:1] * 5
    assert 1 <= game.waits[0] <= 60


# Updates of one order keep their order, whatever becomes of the first.
SPAWNED = """
local id, answers = "{id}", {{}}
task.spawn(function() answers[1] = log.setPreparing(id, {{ UserId = 4 }}) end)
task.spawn(function() answers[2] = log.setReadyForPickup(string.upper(id)) end)
task.spawn(function() answers[3] = log.setComplete(id) end)
while not (answers[1] and answers[2] and answers[3]) do task.wait(1) end
return answers
"""
WORDS = ["preparing", "waiting_for_pickup", "completed"]


@pytest.mark.parametrize(
    "trouble",
    [busy(429, X_Ratelimit_Reset="20"), busy(503), TIMED_OUT],
    ids=["too many", "stopping", "time-out"],
)
@pytest.mark.parametrize("latency", [0, 0.2])
async def test_updates_of_one_order_arrive_as_they_were_called(
    cafe: Cafe, wire: Wire, trouble: Got | Exception, latency: float
) -> None:
    def stub(_sent: Sent) -> Got:
        if isinstance(trouble, Exception):
            raise trouble
        return trouble

    order = await cafe.log()
    game = cafe.game(between(wire, stub, stub), latency=latency)
    answers = await cafe.play(game, SPAWNED.format(id=order))
    assert [answer["status"] for answer in answers] == WORDS
    assert [sent.word for sent in game.sent] == ["preparing", "preparing", *WORDS]
    assert game.sent[-1].at < 60  # and none was waited for longer than it took
    history = (await cafe.show(order))["history"]
    assert [step["status"] for step in history] == ["submitted", *WORDS]
    assert (await stored(cafe.server, order)).status == "collected"


async def test_an_update_that_fails_for_good_lets_the_next_go(cafe: Cafe, wire: Wire) -> None:
    order = await cafe.log()
    game = cafe.game(between(wire, *[lambda _sent: busy(503)] * 6))
    answers = await cafe.play(game, SPAWNED.format(id=order))
    assert [answer["error"] for answer in answers] == [True, False, False]
    assert (await cafe.show(order))["status"] == "completed"


async def test_different_orders_go_side_by_side(cafe: Cafe, wire: Wire) -> None:
    game = cafe.game(wire, latency=3)
    script = f"""
    local answers = {{}}
    for place = 1, 4 do task.spawn(function() answers[place] = {CREATE} end) end
    while not (answers[1] and answers[2] and answers[3] and answers[4]) do task.wait(0.5) end
    for place = 1, 4 do task.spawn(function() log.setComplete(answers[place].id) end) end
    """
    await cafe.play(game, script)
    created, moved = game.sent[:4], game.sent[4:]
    assert {sent.at for sent in created} == {3}
    assert len({sent.at for sent in moved}) == 1
    assert len(moved) == 4


def test_a_call_whose_script_was_destroyed_does_not_block_for_ever() -> None:
    game = module_of(busy(503), FINE)
    script = f"""
    local wait, answers = task.wait, {{}}
    task.wait = function() task.wait = wait coroutine.yield(math.huge) end
    task.spawn(function() log.setWaiting("{ID}") end)
    for place = 1, 2 do
        task.spawn(function() answers[place] = log.setComplete("{ID}") end)
    end
    while not (answers[1] and answers[2]) do task.wait(5) end
    return {{ answers[1].error, answers[2].error }}
    """
    assert game.run(script) == [False, False]
    assert [sent.word for sent in game.sent] == ["waiting_for_preparation", *["completed"] * 2]
    assert 300 <= game.sent[1].at <= 301


def test_it_stays_below_what_roblox_allows_in_any_minute() -> None:
    game = module_of(FINE)
    game.run(f"for _ = 1, 1300 do task.spawn(function() {CREATE} end) end")
    times = [sent.at for sent in game.sent]
    assert len(times) == 1300
    most = max(sum(start <= at < start + 60 for at in times) for start in set(times))
    assert most == 450
    assert times[-1] < 121


BAD_CALLS: tuple[tuple[str, str], ...] = (
    ("createOrder()", "Customer is required"),
    ("createOrder(nil, { UserId = 1 })", "Customer is required"),
    ("createOrder({}, { UserId = 1 })", "Customer must be a Player or a table with a UserId"),
    ("createOrder('Bob', { UserId = 1 })", "Customer must be a Player or a table with a UserId"),
    ("createOrder(true, { UserId = 1 })", "Customer must be a Player or a table with a UserId"),
    ("createOrder({ UserId = 1.5 }, 1)", "Customer must be a Player or a table with a UserId"),
    ("createOrder({ UserId = 0/0 }, 1)", "Customer must be a Player or a table with a UserId"),
    ("createOrder({ UserId = 1/0 }, 1)", "Customer must be a Player or a table with a UserId"),
    ("createOrder({ UserId = 2^60 }, 1)", "Customer must be a Player or a table with a UserId"),
    ("createOrder(newproxy(), 1)", "Customer must be a Player or a table with a UserId"),
    ("createOrder({ UserId = 1 })", "Actor is required"),
    ("createOrder({ UserId = 1 }, { UserId = 0 })", "Actor is required"),
    ("createOrder({ UserId = 1 }, { UserId = -3 })", "Actor is required"),
    ("createOrder({ UserId = 1 }, {})", "Actor must be a Player or a table with a UserId"),
    ("createOrder(1, 1, 'Latte')", 'The order must be a table such as { items = { "Latte" } }'),
    ("createOrder(1, 1, { items = 'Latte' })", "Items must be a list of strings"),
    ("createOrder(1, 1, { items = { a = 'Latte' } })", "Items must be a list of strings"),
    ("createOrder(1, 1, { items = { {} } })", "Items must be a list of strings"),
    ("createOrder(1, 1, { items = { true } })", "Items must be a list of strings"),
    ("createOrder(1, 1, { status = 4 })", "Status must be a string"),
    ("setWaiting()", "Order id must be the id that createOrder returned, not its order_number"),
    ("setWaiting(1001)", "Order id must be the id that createOrder returned, not its order_number"),
    (
        "setWaiting('1001')",
        "Order id must be the id that createOrder returned, not its order_number",
    ),
    ("setReprepare({})", "Order id must be the id that createOrder returned, not its order_number"),
    (f"setPreparing('{ID}')", "Preparer is required"),
    (f"setPreparing('{ID}', {{}})", "Preparer must be a Player or a table with a UserId"),
    ("setupAPI()", "API key must be a string, as the server gave it"),
    ("setupAPI(5, 'main')", "API key must be a string, as the server gave it"),
    ("setupAPI('a\\nb', 'main')", "API key must be a string, as the server gave it"),
    ("setupAPI('key')", "Workspace id must be a string"),
    ("setupAPI('key', '  ')", "Workspace id must be a string"),
    ("setupAPI('key', {})", "Workspace id must be a string"),
    ("setupAPI('key', 'main', 7)", "Base URL must be an address such as "),
    ("setupAPI('key', 'main', 'board.example')", "Base URL must be an address such as "),
)
HOSTILE = "setmetatable({}, { __index = function() error('no') end })"


def test_wrong_arguments_are_told_and_sent_nowhere() -> None:
    game = module_of(FINE)
    for call, message in BAD_CALLS:
        answer = game.run(f"return log.{call}")
        assert answer["error"] is True, call
        assert answer["message"].startswith(message), call
    for call in (f"createOrder({HOSTILE}, 1)", f"createOrder(1, {HOSTILE})"):
        assert game.run(f"return log.{call}")["error"] is True
    assert game.sent == []
    assert game.run(f"return log.createOrder(1, 1, {HOSTILE})")["error"] is False


async def test_before_it_is_set_up_it_says_so(cafe: Cafe) -> None:
    game = Game(lambda _sent: FINE)
    game.publish(cafe.source)
    game.run(f"log = require({OURS})")
    for call in (CREATE, f'log.setWaiting("{ID}")', "log.setupAPI(nil, nil)", CREATE):
        answer = game.run(f"return {call}")
        assert answer["error"] is True
    assert answer["message"] == "Call setupAPI(apiKey, workspaceId) first"
    assert game.sent == []


def test_text_that_is_no_utf8_is_a_failure_and_no_error() -> None:
    game = module_of(FINE)
    answer = game.run("return log.createOrder(1, 1, { items = { '\\255' } })")
    assert answer["error"] is True
    assert "could not be encoded" in answer["message"]


async def refused(cafe: Cafe, wire: Wire, key: str, workspace: str) -> Any:
    game = cafe.game(wire)
    script = f'log.setupAPI("{key}", "{workspace}") return {CREATE}'
    return await cafe.play(game, script)


async def test_the_servers_refusals_are_passed_on(cafe: Cafe, wire: Wire) -> None:
    unknown = {"error": True, "message": "This API key is unknown, revoked or expired."}
    assert await refused(cafe, wire, "wrong", "main") == unknown
    nowhere = {"error": True, "message": "There is no such workspace."}
    assert await refused(cafe, wire, cafe.key, "elsewhere") == nowhere
    game = cafe.game(wire)
    answer = await cafe.play(game, "return log.createOrder(1, 1, { status = 'eaten' })")
    assert answer["message"].startswith("Unknown status 'eaten'")


async def test_a_server_that_is_gone_is_a_failure_and_no_error(cafe: Cafe, wire: Wire) -> None:
    game = cafe.game(wire)
    script = f'log.setupAPI("key", "main", "http://127.0.0.1:9") return {CREATE}'
    answer = await cafe.play(game, script)
    assert answer["error"] is True
    assert answer["message"].startswith("The server could not be reached")
    assert len(game.sent) == 6
