"""The published examples, as written; where the running system does otherwise, its way holds."""

from typing import Any

from tests.dialects.tastyigniter.clients import admin
from tests.venue_server import VenueServer

PAYLOAD: dict[str, Any] = {
    "location_id": 1,
    "first_name": "Tucker",
    "last_name": "Vega",
    "email": "vavur@mailinator.com",
    "telephone": "+1 (604) 376-2674",
    "comment": "Give me my food",
    "order_type": "collection",
    "order_date": "2021-03-01",
    "order_time": "10:00",
    "payment": "cod",
    "processed": 1,
    "status_id": 1,
    "status_comment": "My comment",
    "order_menus": [
        {
            "rowId": 0, "id": 1, "name": "Puff-Puff", "qty": 3, "price": "4.9900",
            "subtotal": "14.9700", "comment": "", "options": [],
        }
    ],
    "order_totals": [{"code": "total", "title": "Total", "value": 10, "priority": 1}],
    "order_total": 10.00,
}  # fmt: skip


async def test_the_payload_example_makes_an_order_with_its_total_made_anew(
    server: VenueServer,
) -> None:
    async with admin(server) as client:
        answer = await client.post("/api/orders", json=PAYLOAD)
        assert answer.status_code == 201
        data = answer.json()["data"]  # an object; the document shows an array
        told = data["attributes"]
        assert (told["email"], told["telephone"]) == ("vavur@mailinator.com", "+1 (604) 376-2674")
        assert (told["order_total"], told["total_items"]) == (14.97, 3)  # the system recomputes
        assert (told["order_date"], told["order_time"]) == ("2021-03-01T00:00:00.000000Z", "10:00")
        assert (told["comment"], told["payment"], told["processed"]) == (
            "Give me my food", "cod", True,
        )  # fmt: skip
        rows = (await client.get(f"/api/orders/{data['id']}?include=status_history")).json()
        assert rows["included"][0]["attributes"]["comment"] == "My comment"


async def test_the_update_example_is_taken_without_an_address(server: VenueServer) -> None:
    async with admin(server) as client:
        data = (await client.post("/api/orders", json=PAYLOAD)).json()["data"]
        body = {"order_type": "delivery", "status_id": 4}
        answer = await client.patch(f"/api/orders/{data['id']}", json=body)
        assert answer.status_code == 200
        told = answer.json()["data"]["attributes"]
        assert (told["order_type"], told["status_id"]) == ("delivery", 4)
    native = (await server.http.get("/api/v1/venues/main/orders")).json()["orders"][0]
    assert native["status"] == "out_for_delivery"


async def test_the_list_and_delete_examples(server: VenueServer) -> None:
    async with admin(server) as client:
        await client.post("/api/orders", json=PAYLOAD)
        query = "include= customer,location&sort=created_at desc&page=1&pageLimit=20"
        listed = (await client.get(f"/api/orders?{query}")).json()
        assert [one["type"] for one in listed["included"]] == ["customers", "locations"]
        gone = await client.delete("/api/orders/1")
        assert (gone.status_code, gone.json()) == (
            200, {"id": 1, "object": "order", "deleted": True},
        )  # fmt: skip
