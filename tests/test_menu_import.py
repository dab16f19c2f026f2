"""Menus from files: ids are kept, twice is once, every wrong row is named, all or nothing."""

import asyncio
import json
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, strategies as st

from app.cli import main
from app.commands.menu_file import read_menu
from app.commands.menu_import import Imported, exported, import_menu
from app.domain.problems import Invalid, VenueNotFound
from app.store import menu
from app.store.sqlite import SqliteStore, open_store
from tests.kitchen import COOK, Kitchen

MENU: dict[str, Any] = {
    "stations": [{"name": "Grill"}],
    "printers": [{"id": "cprinter00001", "name": "Kitchen", "ip": "10.0.0.9", "port": 9100}],
    "registers": [{"name": "Front", "printer": "Kitchen"}],
    "categories": [
        {"id": "cmeat00000001", "name": "Meat", "station": "Grill", "printer": "cprinter00001"}
    ],
    "ingredients": [{"name": "Salt"}],
    "items": [
        {"id": "csteak0000001", "name": "Steak", "category": "Meat", "price": "15.50",
         "ingredients": ["Salt"], "available": False},
        {"name": "Ribs", "category": "cmeat00000001", "price": 12},
    ],
    "banners": [{"title": "Hello", "image": "/uploads/a.png"}],
    "instructions": [{"text": "Pay at the desk"}],
}  # fmt: skip
CSV = """name;category;price;available;station;printer;ingredients
Steak;Meat;15,50;no;Grill;Kitchen;Salt; Pepper
Cola;Drinks;3;yes;Bar;;
"""


def rows(body: Any) -> Any:
    return read_menu(json.dumps(body).encode(), "menu.json")


async def load(store: SqliteStore, found: Any, **more: Any) -> Imported:
    change = partial(import_menu, venue="main", rows=found, actor=COOK, **more)
    return await store.write(change)


async def told(kitchen: Kitchen) -> dict[str, list[dict[str, Any]]]:
    venue = await kitchen.venue()
    return await kitchen.store.read(lambda tx: exported(tx, venue.id))


async def test_a_file_is_imported_with_its_ids_and_links(kitchen: Kitchen) -> None:
    done = await load(kitchen.store, rows(MENU))
    assert done == Imported(added=9)
    found = await told(kitchen)
    steak = next(item for item in found["items"] if item["name"] == "Steak")
    assert (steak["id"], steak["category"], steak["price"]) == (
        "csteak0000001", "cmeat00000001", "15.5",
    )  # fmt: skip
    assert steak["ingredients"] == [found["ingredients"][0]["id"]]
    assert found["categories"][0]["station"] == found["stations"][0]["id"]
    assert found["registers"][0]["printer"] == "cprinter00001"


async def test_importing_twice_changes_nothing(kitchen: Kitchen) -> None:
    await load(kitchen.store, rows(MENU))
    events = len(kitchen.told)
    assert await load(kitchen.store, rows(MENU)) == Imported(same=9)
    assert len(kitchen.told) == events


async def test_what_was_exported_is_taken_back(kitchen: Kitchen) -> None:
    await load(kitchen.store, rows(MENU))
    found = await told(kitchen)
    assert await load(kitchen.store, rows(found), replace_all=True) == Imported(same=9)
    assert await told(kitchen) == found


async def test_what_a_file_leaves_out_stays(kitchen: Kitchen) -> None:
    await load(kitchen.store, rows(MENU))
    body = {"items": [{"id": "csteak0000001", "name": "Steak", "category": "Meat", "price": 16}]}
    assert await load(kitchen.store, rows(body)) == Imported(changed=1)
    steak = next(one for one in (await told(kitchen))["items"] if one["name"] == "Steak")
    assert (steak["price"], steak["available"]) == ("16", False)


async def test_replacing_removes_the_rest(kitchen: Kitchen) -> None:
    await load(kitchen.store, rows(MENU))
    body = {"categories": MENU["categories"], "stations": [{"name": "Grill"}]}
    body |= {"printers": MENU["printers"]}
    done = await load(kitchen.store, rows(body), replace_all=True)
    assert (done.same, done.removed) == (3, 6)


async def test_a_spreadsheets_csv_makes_what_it_names(kitchen: Kitchen) -> None:
    done = await load(kitchen.store, read_menu(CSV.encode("utf-8-sig"), "Menu.CSV"))
    assert done.added == 2 + 2 + 2 + 1 + 1  # items, categories, stations, printer, ingredient
    assert (await load(kitchen.store, read_menu(CSV.encode(), "m.csv"))).added == 0
    found = await told(kitchen)
    assert [one["name"] for one in found["stations"]] == ["Bar", "Grill"]
    assert found["items"][1]["price"] == "15.5"


async def test_mysagras_own_answer_is_a_file(kitchen: Kitchen) -> None:
    body = [
        {"id": "cmeat00000001", "name": "Meat", "available": True, "position": 2, "printerId": None,
         "foods": [{"id": "csteak0000001", "name": "Steak", "price": "15.5", "printerId": None,
                    "categoryId": "cmeat00000001",
                    "ingredients": [{"id": "csalt00000001", "name": "Salt"}]}]}
    ]  # fmt: skip
    assert (await load(kitchen.store, rows(body))).added == 3
    found = await told(kitchen)
    assert found["items"][0]["id"] == "csteak0000001"
    assert found["items"][0]["ingredients"] == ["csalt00000001"]


WRONG: list[tuple[Any, str, str]] = [
    ({"items": [{"name": "A"}]}, "items[0]", "category is missing"),
    ({"items": [{"name": "A", "category": "None"}]}, "items[0]", "no category 'None'"),
    ({"items": [{"category": "B"}]}, "items[0]", "name is missing"),
    ({"categories": [{"name": "A", "station": "Nowhere"}]}, "categories[0]", "no station"),
    ({"categories": [{"name": "A", "position": -1}]}, "categories[0]", "whole number"),
    ({"categories": [{"name": "A", "available": "perhaps"}]}, "categories[0]", "true or false"),
    ({"stations": [{"name": "x" * 81}]}, "stations[0]", "at most 80"),
    ({"stations": [{"name": "a\u0000b"}]}, "stations[0]", "letters"),
    ({"stations": [{"name": "A", "id": "7"}]}, "stations[0]", "id"),
    ({"stations": ["A"]}, "stations[0]", "not an object"),
    ({"banners": [{"text": "A"}]}, "banners[0]", "title is missing"),
    ({"categories": [{"name": "A"}], "items": [{"name": "B", "category": "A", "price": "x"}]},
     "items[0]", "price"),
    ({"printers": [{"name": "A", "port": 70000}]}, "printers[0]", "65535"),
    ({"rubbish": []}, "", "stations"),
    ("text", "", "object"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "where", "said"), WRONG)
async def test_a_wrong_row_is_named_and_nothing_is_kept(
    kitchen: Kitchen, body: Any, where: str, said: str
) -> None:
    with pytest.raises(Invalid) as caught:
        await load(kitchen.store, rows(body))
    (error,) = caught.value.extra["errors"]
    assert error["path"] == where
    assert said in error["message"]
    venue = await kitchen.venue()
    assert await kitchen.store.read(lambda tx: menu.is_empty(tx, venue.id))


async def test_every_wrong_row_is_named_at_once(kitchen: Kitchen) -> None:
    text = "name,category,price\nA,B,x\nC,,1\nD,E,2\n"
    with pytest.raises(Invalid) as caught:
        read_menu(text.encode(), "m.csv")
    assert [error["path"] for error in caught.value.extra["errors"]] == ["line 2", "line 3"]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\xff\xfe", "m.csv"), (b"", "m.csv"), (b"a,b\n1,2\n", "m.csv"), (b"{", "m.json"),
        (b"[" * 100_000, "m.json"), (b"name,category,colour\n", "m.csv"), (b"", "m.json"),
        (b" " * (9 * 2**20), "m.json"), (b"a\rb", "m.csv"), (b"," * 2 + b"x" * 200_000, "m.csv"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_menu_is_refused(data: bytes, name: str) -> None:
    with pytest.raises(Invalid):
        read_menu(data, name)


def test_lines_may_end_as_they_did_on_old_machines() -> None:
    text = "name,category,price\rSoup,Food,4.50\rBread,Food,1"
    for end in ("\r", "\r\n", "\n"):
        rows = read_menu(text.replace("\r", end).encode(), "m.csv")
        assert [row.fields["name"] for row in rows if row.kind == "item"] == ["Soup", "Bread"]


@given(st.binary(max_size=300), st.sampled_from(["m.csv", "m.json"]))
def test_no_file_makes_anything_but_a_refusal(data: bytes, name: str) -> None:
    with suppress(Invalid):
        assert all(row.kind for row in read_menu(data, name))


async def test_a_venue_that_is_not_there(store: SqliteStore) -> None:
    with pytest.raises(VenueNotFound):
        await store.write(partial(import_menu, venue="moon", rows=[], actor=COOK))


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["menu", *words, "--data", str(folder)])


async def prepare(folder: Path) -> None:
    await (await open_store(folder)).close()


def test_the_command_says_what_it_did(tmp_path: Path) -> None:
    asyncio.run(prepare(tmp_path))
    file = tmp_path / "menu.json"
    file.write_text(json.dumps(MENU))
    tried = run(tmp_path, "import", str(file), "--dry-run")
    assert tried.output == "9 added, 0 changed, 0 as before. Nothing was written.\n"
    assert run(tmp_path, "import", str(file)).output == "9 added, 0 changed, 0 as before.\n"
    again = run(tmp_path, "import", str(file), "--replace")
    assert again.output == "0 added, 0 changed, 9 as before, 0 removed.\n"
    back = tmp_path / "back.json"
    back.write_text(run(tmp_path, "export").output)
    assert run(tmp_path, "import", str(back)).output == "0 added, 0 changed, 9 as before.\n"
    file.write_text('{"items": [{"name": "A"}]}')
    wrong = run(tmp_path, "import", str(file))
    assert wrong.exit_code == 2
    assert "items[0]: category is missing" in wrong.output + wrong.stderr
