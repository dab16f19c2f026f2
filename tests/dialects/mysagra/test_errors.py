"""Section 5: three shapes of refusal, and the codes of validation."""

import json
from typing import Any

from app.dialects.mysagra.errors import refuse
from app.domain import problems
from app.domain.problems import Problem
from tests.dialects.doors import connect
from tests.dialects.mysagra.stall import PIZZA, Stall

ID = "c" + "0" * 24
LINE = {"foodId": PIZZA, "quantity": 1}
ORDER = {"table": "1", "customer": "Anna", "orderItems": [LINE]}
CUID = "/^[cC][^\\s-]{8,}$/"


def line(**fields: Any) -> dict[str, Any]:
    return ORDER | {"orderItems": [LINE | fields]}


def missing(wanted: str) -> dict[str, Any]:
    return {"code": "invalid_type", "expected": wanted}


# The body of a create and its one issue: the path, the code and the code's own members.
ISSUES: list[tuple[Any, list[Any], dict[str, Any]]] = [
    (None, ["table"], missing("string")),
    ([], [], {"code": "invalid_type", "expected": "object"}),
    ("x", [], {"code": "invalid_type", "expected": "object"}),
    ({"customer": "A", "orderItems": [LINE]}, ["table"], missing("string")),
    ({"table": "1", "customer": "A"}, ["orderItems"], missing("array")),
    (ORDER | {"table": 5}, ["table"], {"code": "invalid_type", "expected": "string"}),
    (
        ORDER | {"table": ""},
        ["table"],
        {"code": "too_small", "origin": "string", "minimum": 1, "inclusive": True},
    ),
    (
        ORDER | {"orderItems": []},
        ["orderItems"],
        {"code": "too_small", "origin": "array", "minimum": 1, "inclusive": True},
    ),
    (ORDER | {"orderItems": [7]}, ["orderItems", 0], missing("object")),
    (ORDER | {"orderItems": {}}, ["orderItems"], missing("array")),
    (line(quantity="x"), ["orderItems", 0, "quantity"], missing("number")),
    (line(quantity=1.5), ["orderItems", 0, "quantity"], missing("int")),
    (
        line(quantity=0),
        ["orderItems", 0, "quantity"],
        {"code": "too_small", "origin": "number", "minimum": 1, "inclusive": True},
    ),
    (
        line(quantity=10**30),
        ["orderItems", 0, "quantity"],
        {"code": "too_big", "origin": "number", "maximum": 10_000, "inclusive": True},
    ),
    (line(notes=None), ["orderItems", 0, "notes"], missing("string")),
    (line(surcharge="much"), ["orderItems", 0, "surcharge"], missing("number")),
    (
        line(foodId="x1"),
        ["orderItems", 0, "foodId"],
        {"code": "invalid_format", "origin": "string", "format": "regex", "pattern": CUID},
    ),
    (line(foodId=None), ["orderItems", 0, "foodId"], missing("string")),
    (ORDER | {"customer": "A\x00"}, ["customer"], {"code": "custom"}),
    (ORDER | {"customer": "\ud800"}, ["customer"], {"code": "custom"}),
    (ORDER | {"confirm": {}}, ["confirm", "paymentMethod"], missing("string")),
    (
        ORDER | {"confirm": {"paymentMethod": "BITCOIN"}},
        ["confirm", "paymentMethod"],
        {"code": "invalid_value", "values": ["CASH", "CARD"]},
    ),
    (
        ORDER | {"confirm": {"paymentMethod": "CASH", "discount": -0.01}},
        ["confirm", "discount"],
        {"code": "too_small", "origin": "number", "minimum": 0, "inclusive": True},
    ),
]


async def test_a_validation_error_names_code_path_and_what_was_wanted(stall: Stall) -> None:
    for body, path, members in ISSUES:
        content = b"" if body is None else json.dumps(body).encode()
        answer = await stall.till.post("/v1/orders", content=content)
        assert answer.status_code == 400, body
        told = answer.json()
        assert set(told) == {"errors"}, told
        issue = told["errors"][0]
        assert issue["path"] == path, body
        assert {name: issue.get(name) for name in members} == members
        assert issue["message"]


async def test_every_wrong_field_is_told_at_once(stall: Stall) -> None:
    answer = await stall.till.post("/v1/orders", json={})
    assert [error["path"] for error in answer.json()["errors"]] == [
        ["table"],
        ["customer"],
        ["orderItems"],
    ]


APPLICATION: list[tuple[dict[str, Any], int, str]] = [
    (line(notes="x" * 192), 400, "InputTooLong"),
    (ORDER | {"table": "x" * 192}, 400, "InputTooLong"),
    (ORDER | {"customer": "x" * 192}, 400, "InputTooLong"),
    (ORDER | {"orderItems": [LINE | {"notes": "hot"}] * 2}, 409, "UniqueConstraintViolation"),
    (line(foodId="cunknown001"), 400, "BadRequestError"),
    (
        ORDER | {"confirm": {"paymentMethod": "CASH", "cashRegisterId": "cunknown001"}},
        400,
        "ForeignKeyConstraintViolation",
    ),
]


async def test_an_application_error_has_a_message_and_a_name(stall: Stall) -> None:
    for body, status, error in APPLICATION:
        answer = await stall.till.post("/v1/orders", json=body)
        assert (answer.status_code, answer.json()["error"]) == (status, error), body
        assert set(answer.json()) == {"message", "error"}
    assert (await stall.till.get("/v1/orders")).json()["data"] == []


async def test_what_is_allowed_although_it_looks_odd(stall: Stall) -> None:
    for body in (
        ORDER | {"orderItems": [LINE, LINE]},
        ORDER | {"orderItems": [LINE | {"notes": "a"}, LINE | {"notes": "b"}]},
        line(notes="x" * 191),
        line(notes=""),
        line(quantity=2.0),
        ORDER | {"unheard": "of", "table": "x" * 191},
        ORDER | {"confirm": None},
    ):
        answer = await stall.till.post("/v1/orders", json=body)
        assert answer.status_code == 201, (body, answer.text)


ADDRESSES: list[tuple[str, str, Any, int, Any]] = [
    ("GET", "/v1/nothing", None, 404, {"status": "error", "message": "Not Found"}),
    ("PUT", "/v1/orders", None, 404, {"status": "error", "message": "Not Found"}),
    ("GET", "/", None, 404, {"status": "error", "message": "Not Found"}),
    (
        "PATCH",
        f"/v1/orders/{ID}",
        {"status": "COMPLETED"},
        404,
        {"message": "Resource not found.", "error": "RecordNotFound"},
    ),
    (
        "PATCH",
        f"/v1/orders/{ID}",
        {"status": "CANCELLED"},
        404,
        {"message": "Resource not found.", "error": "RecordNotFound"},
    ),
    (
        "DELETE",
        f"/v1/orders/{ID}",
        None,
        404,
        {"message": "Order not found", "error": "NotFoundError"},
    ),
]


async def test_what_is_not_there_is_told_in_its_own_words(stall: Stall) -> None:
    for method, path, body, status, said in ADDRESSES:
        answer = await stall.till.request(method, path, json=body)
        assert (answer.status_code, answer.json()) == (status, said), (method, path)
    for method, body in (("PATCH", {"status": "READY"}), ("PATCH", {}), ("PATCH", {"status": 5})):
        answer = await stall.till.request(method, f"/v1/orders/{ID}", json=body)
        assert answer.json()["errors"][0]["path"] == ["status"]


async def test_a_body_that_cannot_be_read_is_the_clients_mistake(stall: Stall) -> None:
    for raw in (b"{", b"{}{}", b"\xff", b'{"table": NaN}', b"[" * 5000, b'{"a":1,"a":2}'):
        answer = await stall.till.post("/v1/orders", content=raw)
        assert answer.status_code == 400, raw[:20]
        assert answer.json()["error"] == "BadRequestError"
    large = await stall.till.post("/v1/orders", json=ORDER | {"note": "x" * 10_240})
    assert (large.status_code, large.json()["error"]) == (413, "PayloadTooLargeError")


async def test_an_unconnected_server_says_so(stall: Stall) -> None:
    await connect(stall.server, "mysagra", on=False)
    answer = await stall.till.get("/v1/orders")
    assert (answer.status_code, answer.json()["error"]) == (404, "NotFoundError")


def kinds(of: type[Problem] = Problem) -> list[type[Problem]]:
    found = [kind for kind in of.__subclasses__() if kind.__module__ == problems.__name__]
    return [*found, *(deeper for kind in found for deeper in kinds(kind))]


def test_every_problem_there_is_has_one_of_the_three_shapes() -> None:
    for kind in kinds():
        response = refuse(None, kind("Oh dear."))  # type: ignore[arg-type]
        body = json.loads(bytes(response.body))
        shapes: tuple[set[str], ...] = (
            {"errors"}, {"message"}, {"message", "error"}, {"status", "message"},
        )  # fmt: skip
        assert set(body) in shapes, kind
        assert response.media_type is not None
        assert response.headers["content-type"] == "application/json; charset=utf-8"
        assert (response.status_code >= 500) == (kind.status >= 500), kind
