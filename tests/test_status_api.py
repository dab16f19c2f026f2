"""Moving orders over the native API."""

from typing import Any

from app.web.native.answers import BulkAnswer, OrderAnswer
from tests.venue_server import VenueServer

VENUE = "/api/v1/venues/main"
ORDERS = f"{VENUE}/orders"


async def move(server: VenueServer, order: str, **body: Any) -> Any:
    return (await server.http.post(f"{ORDERS}/{order}/status", json=body)).json()


async def test_a_move_answers_the_order_and_its_seq(server: VenueServer) -> None:
    order = await server.place(first_name="Ada")
    moved = await move(server, order.id, status="ready", note="hot")
    OrderAnswer.model_validate(moved)
    assert (moved["status"], moved["seq"]) == ("ready", 2)
    assert moved["ready_at"] is not None


async def test_the_same_status_again_is_no_move(server: VenueServer) -> None:
    order = await server.place(first_name="Ada")
    await move(server, order.id, status="ready")
    assert (await move(server, order.id, status="ready"))["seq"] == 2


async def test_if_seq_lets_only_the_first_of_two_press(server: VenueServer) -> None:
    order = await server.place(first_name="Ada")
    assert (await move(server, order.id, status="preparing", if_seq=1))["seq"] == 2
    late = await move(server, order.id, status="ready", if_seq=1)
    assert (late["type"], late["status"], late["seq"]) == ("seq-mismatch", 409, 2)


async def test_a_part_moves_alone(server: VenueServer) -> None:
    items = [{"name": "Burger", "station": "Grill"}, {"name": "Ale", "station": "Bar"}]
    order = (await server.http.post(ORDERS, json={"items": items})).json()["id"]
    half = await move(server, order, status="ready", part="Bar")
    assert (half["status"], half["some_ready"]) == ("preparing", True)
    whole = await move(server, order, status="ready", part="Grill")
    assert (whole["status"], whole["some_ready"]) == ("ready", False)
    assert (await move(server, order, status="ready", part="Roof"))["type"] == "station-not-found"


async def test_a_cancelled_order_says_by_whom(server: VenueServer) -> None:
    order = await server.place(first_name="Ada")
    assert (await move(server, order.id, status="cancelled"))["cancelled_by"] == "attendant"
    again = await move(server, order.id, status="cancelled", cancelled_by="customer")
    assert again["cancelled_by"] == "customer"


async def test_recall_undoes_the_last_move_once(server: VenueServer) -> None:
    order = await server.place(first_name="Ada")
    await move(server, order.id, status="ready")
    path = f"{ORDERS}/{order.id}/recall"
    assert (await server.http.post(path, json={})).json()["status"] == "queued"
    again = await server.http.post(path, json={})
    assert (again.status_code, again.json()["type"]) == (409, "nothing-to-recall")


async def test_a_recall_needs_no_body(server: VenueServer) -> None:
    order = await server.place(first_name="Ada")
    await move(server, order.id, status="ready")
    path = f"{ORDERS}/{order.id}/recall"
    late = await server.http.post(path, json={"if_seq": 1})
    assert (late.status_code, late.json()["type"]) == (409, "seq-mismatch")
    assert (await server.http.post(path)).json()["status"] == "queued"


async def test_many_at_an_unknown_venue_are_refused_as_one(server: VenueServer) -> None:
    changes = [{"order": "nobody", "status": "ready"}] * 2
    answer = await server.http.post("/api/v1/venues/none/status", json={"changes": changes})
    assert (answer.status_code, answer.json()["type"]) == (404, "venue-not-found")


async def test_many_move_in_one_commit_and_each_is_answered(server: VenueServer) -> None:
    orders = [(await server.place(first_name=f"G{i}")).id for i in range(3)]
    changes: list[dict[str, Any]] = [{"order": order, "status": "ready"} for order in orders]
    changes[1]["if_seq"] = 99
    changes.append({"order": "nobody", "status": "ready"})
    answer = (await server.http.post(f"{VENUE}/status", json={"changes": changes})).json()
    BulkAnswer.model_validate(answer)
    assert [result["code"] for result in answer["results"]] == [200, 409, 200, 404]
    assert [result.get("seq") for result in answer["results"]] == [4, None, 5, None]


async def test_a_repeated_move_with_an_idempotency_key_is_answered_as_before(
    server: VenueServer,
) -> None:
    order = await server.place(first_name="Ada")
    path, key = f"{ORDERS}/{order.id}/status", {"Idempotency-Key": "press-1"}
    first = await server.http.post(path, json={"status": "ready"}, headers=key)
    await move(server, order.id, status="collected")
    again = await server.http.post(path, json={"status": "ready"}, headers=key)
    assert again.content == first.content
    assert (await server.http.get(f"{ORDERS}/{order.id}")).json()["status"] == "collected"
