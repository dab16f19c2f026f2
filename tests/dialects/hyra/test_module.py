"""The Lua module against a real server: the documents' scripts, its surface, orders and names."""

from pathlib import Path
from typing import Any

import pytest

from tests.dialects.doors import stored
from tests.dialects.hyra.conftest import Cafe
from tests.dialects.hyra.roblox import OURS, Game, Got, Wire

THE_DOCUMENTS_ID = "653db4bb1e3727cc1851ac07"
EXAMPLES = Path(__file__).parent / "examples.lua"
STEPS = (
    ("setWaiting(id)", "waiting_for_preparation", "queued"),
    ("setPreparing(id, game.Players.builderman)", "preparing", "preparing"),
    ("setReprepare(id)", "finding_new_colleague", "reassigning"),
    ("setPreparing(id, { UserId = 4 })", "preparing", "preparing"),
    ("setReadyForPickup(id)", "waiting_for_pickup", "ready"),
    ("setComplete(id)", "completed", "collected"),
    ("setCancelled(id)", "cancelled", "cancelled"),
)


def examples() -> dict[str, str]:
    """The documents' scripts by name, as written there but for the number in require(…)."""
    text = EXAMPLES.read_text().replace("require(15254660066)", f"require({OURS})")
    blocks = (block.split("\n", 1) for block in text.split("--## ")[1:])
    return {name.strip(): script for name, script in blocks}


def signed_in(cafe: Cafe, wire: Wire) -> Game:
    game = Game(wire)
    game.publish(cafe.source)
    game.add_player("Roblox", 1, "Roblox")
    game.run(f'apiKey, workspaceId = "{cafe.key}", "main"')
    game.run("customer, actor = game.Players.Roblox, { UserId = 2 }")
    return game


async def test_the_documents_scripts_run_as_written(cafe: Cafe, wire: Wire) -> None:
    game, scripts = signed_in(cafe, wire), examples()
    await cafe.play(game, scripts.pop("require") + scripts.pop("authenticate"))
    for name in ("create with players", "create with users", "create in the older guide"):
        answer = await cafe.play(game, "return " + scripts.pop(name))
        assert set(answer) >= {"error", "id", "order_number"}
        assert answer["error"] is False
        assert isinstance(answer["order_number"], str)
        row = await cafe.show(answer["id"])
        assert (row["items"], row["status"]) == (["item 1", "item 2"], "waiting_for_preparation")
        assert row["actor"]["username"] == "Kiosk"
    for script in scripts.values():
        # The documents' order is not here, which an answer says and no error.
        refused = await cafe.play(game, "return " + script)
        assert refused["error"] is True
        assert "no such order" in refused["message"]
        moved = await cafe.play(game, "return " + script.replace(THE_DOCUMENTS_ID, answer["id"]))
        assert moved["error"] is False
    assert (await cafe.show(answer["id"]))["status"] == "cancelled"


async def test_every_setter_writes_its_word(cafe: Cafe, wire: Wire) -> None:
    game = cafe.game(wire)
    made = await cafe.play(
        game, "made = log.createOrder({ UserId = 9 }, { UserId = 7 }) return made"
    )
    assert made == {"error": False, "id": made["id"], "order_number": "1001"}
    assert (await cafe.show(made["id"]))["status"] == "submitted"
    for call, word, status in STEPS:
        answer = await cafe.play(game, f"local id = made.id return log.{call}")
        assert answer == {
            "error": False, "id": made["id"], "order_number": "1001", "status": word,
        }  # fmt: skip
        assert (await stored(cafe.server, made["id"])).status == status
    history = (await cafe.show(made["id"]))["history"]
    assert [step["status"] for step in history] == ["submitted", *(word for _, word, _ in STEPS)]
    preparers = [step["preparer"] and step["preparer"]["username"] for step in history]
    assert preparers == [None, None, "The Builder", None, "NPC", "NPC", "NPC", "NPC"]


@pytest.mark.parametrize("word", ["handed_to", "submitted", "completed", "cancelled"])
async def test_any_word_may_be_the_first(cafe: Cafe, wire: Wire, word: str) -> None:
    script = f'return log.createOrder({{ UserId = 9 }}, {{ UserId = 7 }}, {{ status = "{word}" }})'
    answer = await cafe.play(cafe.game(wire), script)
    assert (await cafe.show(answer["id"]))["status"] == word


async def test_the_board_shows_number_and_display_name(cafe: Cafe, wire: Wire) -> None:
    script = (
        'log.createOrder(game.Players.builderman, { UserId = 7, Name = "Ada" })'
        'log.createOrder({ UserId = 5, Name = "Zoë" }, { UserId = 7 },'
        '{ status = "waiting_for_pickup" })'
        'log.createOrder({ UserId = 6 }, { UserId = 7 }, { status = "preparing" })'
    )
    await cafe.play(cafe.game(wire), script)
    cards = (await cafe.server.http.get("/b/main.json")).json()["cards"]
    assert {(card["number"], card["name"]) for card in cards} == {("1002", "Zoë"), ("1003", None)}
    assert [row["actor"]["username"] for row in (await cafe.list())["orders"]] == ["", "", "Ada"]


WRITTEN_ITEMS: tuple[tuple[str, list[str]], ...] = (
    ("nil", []),
    ("{}", []),
    ('{ "Latte", "Tea" }', ["Latte", "Tea"]),
    ('{ [1] = "Latte", [4] = "Tea" }', ["Latte", "Tea"]),
    ("{ 7, 2.5 }", ["7", "2.5"]),
    ('{ "two\\nlines" }', ["two lines"]),
    ('{ string.rep("ä", 150) }', ["ä" * 100]),
)


async def test_items_arrive_whatever_the_table_looks_like(cafe: Cafe, wire: Wire) -> None:
    game = cafe.game(wire)
    for written, wanted in WRITTEN_ITEMS:
        script = (
            f"return log.createOrder({{ UserId = 9 }}, {{ UserId = 7 }}, {{ items = {written} }})"
        )
        answer = await cafe.play(game, script)
        assert answer["error"] is False, answer
        assert (await cafe.show(answer["id"]))["items"] == wanted


WRITTEN_USERS: tuple[tuple[str, int, str], ...] = (
    ("game.Players.builderman", 156, "The Builder"),
    ("{ UserId = 156 }", 156, ""),
    ("{ UserId = 12345678901, Name = 'Big' }", 12345678901, "Big"),
    ("{ UserId = '156', DisplayName = '', Name = 'Small' }", 156, "Small"),
    ("{ UserId = -1, Name = 'Player1' }", -1, "Player1"),  # as Roblox Studio numbers its testers
    ("156", 156, ""),
    ("{ UserId = 5, Name = string.rep('ю', 60) }", 5, "ю" * 40),
)


async def test_users_arrive_with_exact_ids_and_their_names(cafe: Cafe, wire: Wire) -> None:
    game = cafe.game(wire)
    for written, user_id, name in WRITTEN_USERS:
        answer = await cafe.play(game, f"return log.createOrder({written}, {{ UserId = 1 }})")
        assert answer["error"] is False, answer
        customer = (await cafe.show(answer["id"]))["customer"]
        assert (customer["id"], customer["display_name"]) == (user_id, name)


async def test_several_scripts_share_it_through_the_exporter(cafe: Cafe, wire: Wire) -> None:
    game = signed_in(cafe, wire)
    exporter = (await cafe.http.get("/orderlog-exporter.lua")).text
    # What its comments ask for: the number of the upload, the key and the workspace.
    exporter = exporter.replace("15254660066", str(OURS)).replace("API-KEY", cafe.key)
    game.publish(exporter.replace("WORKSPACE-ID", "main"), 1)
    first = await cafe.play(game, "return require(1).createOrder({ UserId = 9 }, { UserId = 7 })")
    again = await cafe.play(game, f"return require(1).setComplete('{first['id']}')")
    assert (first["error"], again["error"]) == (False, False)
    assert game.run(f"return require(1) == require({OURS})") is True


async def test_a_third_argument_is_another_servers_address(cafe: Cafe, wire: Wire) -> None:
    game = Game(lambda _sent: Got(201, '{"id": "x", "order_number": "1"}'))
    game.publish(cafe.source)
    game.run(f'log = require({OURS}) log.setupAPI("k", "a b", "https://board.example/hyra/")')
    answer: Any = game.run("return log.createOrder({ UserId = 9 }, { UserId = 7 })")
    assert answer["error"] is False
    assert game.sent[0].url == "https://board.example/hyra/players/orders/a%20b"
