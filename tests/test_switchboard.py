"""The way from an address to its row, and what is remembered of it."""

from typing import Any

import pytest
from starlette.routing import Match, Route

from app.web.switchboard import LONGEST, REMEMBERED, Switchboard


class Kept:
    """An endpoint: as a class instance Starlette leaves its methods alone."""

    async def __call__(self, *_: Any) -> None: ...


@pytest.fixture
def switchboard() -> Switchboard:
    return Switchboard("http", [Route("/orders/{order}", Kept()), Route("/{rest:path}", Kept())])


def found(switchboard: Switchboard, path: str, root_path: str = "") -> dict[str, str]:
    match, child = switchboard.matches({"type": "http", "path": path, "root_path": root_path})
    assert match == Match.FULL
    params: dict[str, str] = child["path_params"]
    return params


def test_what_a_handler_writes_into_an_address_is_gone_with_its_request(
    switchboard: Switchboard,
) -> None:
    found(switchboard, "/orders/7")["order"] = "8"
    assert found(switchboard, "/orders/7") == {"order": "7"}


def test_the_same_path_below_another_root_is_another_address(switchboard: Switchboard) -> None:
    assert found(switchboard, "/orders/7") == {"order": "7"}
    assert found(switchboard, "/orders/7", "/orders") == {"rest": "7"}


def test_only_so_many_addresses_are_remembered_and_no_long_ones(switchboard: Switchboard) -> None:
    long = "/" + "x" * LONGEST
    assert found(switchboard, long) == {"rest": "x" * LONGEST}
    assert switchboard._found.cache_info().currsize == 0
    for number in range(2 * REMEMBERED):
        assert found(switchboard, f"/orders/{number}") == {"order": str(number)}
    told = switchboard._found.cache_info()
    assert told.currsize == told.maxsize == REMEMBERED


def test_the_other_kind_of_connection_is_not_ours(switchboard: Switchboard) -> None:
    assert switchboard.matches({"type": "websocket", "path": "/orders/7"}) == (Match.NONE, {})
