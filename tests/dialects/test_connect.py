"""Connecting venues to foreign systems, and their keys on the command line."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.cli.key import CLIENTS
from app.commands.venues import add_venue
from app.dialects.reading import WrongFields
from app.dialects.systems import CREDENTIALS, DIALECTS, change_system
from app.domain.problems import NameTaken
from app.domain.venues import Numbering, Venue
from app.settings import SYSTEMS
from app.store import venues
from app.store.sqlite import SqliteStore, open_store
from tests.clock import Clock
from tests.venue_server import TILL


async def connect(store: SqliteStore, system: str, venue: str = "main", **changes: Any) -> Venue:
    change = partial(change_system, venue=venue, system=system, changes=changes, actor=TILL)
    return await store.write(change)


async def add(store: SqliteStore, clock: Clock, slug: str) -> Venue:
    clock.forward(seconds=1)
    return await store.write(partial(add_venue, slug=slug, name=slug, settings={}))


def test_the_systems_and_their_clients_are_named_the_same_everywhere() -> None:
    assert tuple(DIALECTS) == SYSTEMS
    assert tuple(CREDENTIALS) == CLIENTS


async def test_the_id_over_there_is_the_slug_or_a_running_number(
    store: SqliteStore, clock: Clock
) -> None:
    await add(store, clock, "airport")
    assert (await connect(store, "eatsa", "airport")).dialects["eatsa"]["store_id"] == "airport"
    airport = await connect(store, "tastyigniter", "airport")
    assert airport.dialects["tastyigniter"]["location_id"] == 2
    main = await connect(store, "tastyigniter")
    assert main.dialects["tastyigniter"]["location_id"] == 1


async def test_a_venue_is_found_by_its_id_over_there(store: SqliteStore) -> None:
    await connect(store, "eatsa", store_id="cb8c37f2")
    found = await store.read(lambda tx: venues.by_foreign_id(tx, "eatsa", "cb8c37f2"))
    assert found is not None
    assert found.slug == "main"
    await connect(store, "eatsa", store_id="other")
    assert await store.read(lambda tx: venues.by_foreign_id(tx, "eatsa", "cb8c37f2")) is None


async def test_two_venues_cannot_have_one_id(store: SqliteStore, clock: Clock) -> None:
    await add(store, clock, "airport")
    await connect(store, "eatsa", store_id="one")
    with pytest.raises(NameTaken):
        await connect(store, "eatsa", "airport", store_id="one")


async def test_a_running_number_that_is_taken_is_passed_over(
    store: SqliteStore, clock: Clock
) -> None:
    await add(store, clock, "airport")
    await connect(store, "tastyigniter", location_id=2)
    airport = await connect(store, "tastyigniter", "airport")
    assert airport.dialects["tastyigniter"]["location_id"] == 3


async def test_switching_off_keeps_the_settings(store: SqliteStore) -> None:
    await connect(store, "eatsa", store_id="one")
    off = await connect(store, "eatsa", on=False)
    assert (off.dialects["eatsa"]["on"], off.dialects["eatsa"]["store_id"]) == (False, "one")
    assert await store.read(lambda tx: venues.connected(tx, "eatsa")) == []


async def test_mysagra_counts_numbers_unless_the_venue_chose(
    store: SqliteStore, clock: Clock
) -> None:
    assert (await connect(store, "mysagra")).numbering == Numbering.COUNTED
    await add(store, clock, "airport")
    assert (await connect(store, "eatsa", "airport")).numbering == Numbering.DRAWN


@pytest.mark.parametrize("changes", [{"rubbish": 1}, {"on": "perhaps"}, {"store_id": 7}])
async def test_wrong_settings_are_refused(store: SqliteStore, changes: dict[str, Any]) -> None:
    with pytest.raises(WrongFields):
        await connect(store, "eatsa", **changes)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path


async def prepared(folder: Path) -> None:
    await (await open_store(folder)).close()


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--data", str(folder)])


@pytest.mark.parametrize("client", CLIENTS)
def test_a_key_for_a_client_is_all_of_stdout(data: Path, client: str) -> None:
    import asyncio

    asyncio.run(prepared(data))
    made = run(data, "key", "create", "--for", client)
    assert made.exit_code == 0, made.stderr
    assert len(made.stdout.split()) == 1
    assert len(made.stdout) > 40
    assert "now answers to" in made.stderr
    again = run(data, "key", "create", "--for", client)
    assert "now answers to" not in again.stderr
    listed = run(data, "key", "list").stdout
    assert CREDENTIALS[client][0].name in listed
    assert made.stdout.strip()[-4:] in listed
    assert made.stdout.strip() not in listed


@pytest.mark.parametrize("system", SYSTEMS)
def test_connect_says_what_to_enter(data: Path, system: str) -> None:
    import asyncio

    asyncio.run(prepared(data))
    said = run(data, "connect", system)
    assert said.exit_code == 0, said.stderr
    assert f"/{system}" in said.stdout
    assert f"key create --for {system}" in said.stdout
    assert "{" not in said.stdout
    off = run(data, "connect", system, "--off")
    assert "no longer answers" in off.stdout


def test_connect_refuses_what_is_not_there(data: Path) -> None:
    import asyncio

    asyncio.run(prepared(data))
    assert run(data, "connect", "square").exit_code == 2
    missing = run(data, "connect", "eatsa", "--venue", "moon")
    assert (missing.exit_code, "no venue" in missing.stderr) == (2, True)
    mixed = run(data, "key", "create", "--for", "eatsa", "--scope", "admin")
    assert mixed.exit_code == 2
