"""The native API: placing, reading, editing and deleting orders."""

from tests.venue_server import VenueServer

ORDERS = "/api/v1/venues/main/orders"


async def test_a_placed_order_is_read_back(server: VenueServer) -> None:
    placed = await server.http.post(ORDERS, json={"first_name": "Ada", "last_name": "Byron"})
    assert placed.status_code == 201
    order = placed.json()
    assert (order["number"], order["shown_name"], order["status"]) == ("1", "Ada B.", "queued")
    assert (await server.http.get(placed.headers["location"])).json() == order
