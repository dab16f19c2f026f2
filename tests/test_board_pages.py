"""The board over plain HTTP: page, style sheet, JSON and text, and who may frame it."""

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest

from app.domain.orders import Status
from tests.venue_server import VenueServer

POISON = {
    "phone": "0123456789",
    "email": "poison@example.com",
    "note": "poisoned note",
    "first_name": "John",
    "last_name": "Poisoned",
    "channel": "poisoned channel",
}


async def test_page_carries_its_position_digest_build_and_cards(server: VenueServer) -> None:
    await server.place(number="41", status=Status.READY)
    page = (await server.http.get("/b/main")).text
    seq, digest = re.search(r'data-seq="(\d+)"', page), re.search(r'data-digest="(\w+)"', page)
    hello = re.search(r'data-hello="([^"]*)"', page)
    assert seq
    assert digest
    assert hello
    data = json.loads(html.unescape(hello[1]))
    assert f'data-position="main.1.{seq[1]}"' in page
    assert f'data-build="{server.house.build}"' in page
    assert (data["digest"], data["seq"]) == (digest[1], int(seq[1]))


async def test_page_allows_nothing_inline_and_names_its_sockets(server: VenueServer) -> None:
    policy = (await server.http.get("/b/main")).headers["content-security-policy"]
    host = f"127.0.0.1:{server.port}"
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert f"connect-src 'self' ws://{host} wss://{host}" in policy
    assert "unsafe" not in policy


async def test_strange_host_header_cannot_write_the_policy(server: VenueServer) -> None:
    answer = await server.http.get("/b/main", headers={"Host": "a; script-src *"})
    assert "script-src *" not in answer.headers.get("content-security-policy", "")


@pytest.mark.parametrize(
    ("settings", "ancestors"),
    [({}, "'self'"), ({"frame_ancestors": "https://a.example"}, "https://a.example")],
)
async def test_who_may_frame_the_page_is_a_setting(
    tmp_path: Path, settings: dict[str, Any], ancestors: str
) -> None:
    server = VenueServer(tmp_path, **settings)
    await server.start()
    policy = (await server.http.get("/b/main")).headers["content-security-policy"]
    await server.stop()
    assert f"frame-ancestors {ancestors}" in policy


async def test_plain_page_may_run_no_script_at_all(server: VenueServer) -> None:
    answer = await server.http.get("/b/main?plain=1")
    assert "<script" not in answer.text
    assert "script-src" not in answer.headers["content-security-policy"]


async def test_json_is_the_hello_frame_and_open_to_all(server: VenueServer) -> None:
    await server.place(number="41", name="Ana B.", status=Status.READY)
    answer = await server.http.get("/b/main.json")
    hello = answer.json()
    assert answer.headers["access-control-allow-origin"] == "*"
    assert {"v", "build", "seq", "at", "board", "cards", "digest"} == hello.keys()
    assert [(c["number"], c["name"], c["column"]) for c in hello["cards"]] == [
        ("41", "Ana B.", "ready")
    ]


@pytest.mark.parametrize("path", ["/b/main", "/b/main.json", "/b/main/feed?poll=1&wait=0"])
async def test_what_names_are_blocked_for_is_told_to_nobody(server: VenueServer, path: str) -> None:
    await server.http.patch("/api/v1/venues/main/board", json={"blocked_words": ["voldemort"]})
    answer = await server.http.get(path)
    assert (answer.status_code, "voldemort" in answer.text) == (200, False)


async def test_text_lists_the_orders_under_their_headings(server: VenueServer) -> None:
    await server.place(number="41", name="Ana B.", status=Status.READY)
    await server.place(number="42", status=Status.PREPARING)
    await server.place(name="Lou", number="43", status=Status.HELD)
    done = await server.place(number="44", status=Status.READY)
    await server.move(done.id, Status.COLLECTED)
    answer = await server.http.get("/b/main.txt")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.text.split("\n", 1)[1] == (
        "\nREADY\n44 ?\n41 Ana B.\n\nSEE HOST\n43 Lou\n\nPREPARING\n42\n"
    )


@pytest.mark.parametrize("path", ["/b/main", "/b/main?plain=1", "/b/main.json", "/b/main.txt"])
async def test_acceptance_item_6_public_surfaces_hold_nothing_private(
    server: VenueServer, path: str
) -> None:
    await server.place(number="41", status=Status.READY, **POISON)
    text = (await server.http.get(path)).text
    assert "41" in text
    for poison in (POISON["phone"], POISON["email"], "oison"):
        assert poison not in text


async def test_style_sheet_may_be_kept_only_under_its_revision(server: VenueServer) -> None:
    now = await server.http.get("/b/main/board.css?r=1.abc")
    other = await server.http.get("/b/main/board.css?r=7.abc")
    assert now.headers["content-type"].startswith("text/css")
    assert "immutable" in now.headers["cache-control"]
    assert other.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("suffix", ["", ".json", ".txt", "/board.css", "/hall", "/hall.json"])
async def test_unknown_venue_is_not_found(server: VenueServer, suffix: str) -> None:
    answer = await server.http.get(f"/b/nowhere{suffix}")
    assert answer.status_code == 404


async def test_unknown_board_is_not_found(server: VenueServer) -> None:
    assert (await server.http.get("/b/main/hall")).status_code == 404


async def test_pages_and_feeds_do_not_hide_each_other(server: VenueServer) -> None:
    assert (await server.http.get("/b/main/feed?poll=1")).status_code == 200


@pytest.mark.parametrize("path", ["/b/main", "/b/main/board.css", "/static/x/board.js"])
async def test_what_a_wall_loads_is_small_on_bad_wifi(server: VenueServer, path: str) -> None:
    for number in range(1, 61):
        await server.place(number=str(number), first_name="Ada", last_name="Byron")
    plain = await server.http.get(path, headers={"Accept-Encoding": "identity"})
    small = await server.http.get(path, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert small.headers["content-encoding"] == "gzip"
    assert plain.headers["vary"] == small.headers["vary"] == "Accept-Encoding"
    assert int(small.headers["content-length"]) * 2 < int(plain.headers["content-length"])
    assert len(small.content) == len(plain.content)
