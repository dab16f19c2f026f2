"""Users and roles, as a till's settings page asks for them."""

from app.domain.people import Role
from tests.dialects.mysagra.stall import PASSWORD, Stall


async def role_ids(stall: Stall) -> dict[str, str]:
    return {role["name"]: role["id"] for role in (await stall.till.get("/v1/roles")).json()}


async def test_each_role_can_be_given_and_logs_in_as_itself(stall: Stall) -> None:
    ids = await role_ids(stall)
    assert set(ids) == {"admin", "maintainer", "operator"}
    made = {}
    for role, role_id in ids.items():
        body = {"username": f"a {role}", "password": PASSWORD, "roleId": role_id}
        answer = await stall.till.post("/v1/users", json=body)
        assert answer.status_code == 201, answer.text
        made[role] = answer.json()
        assert made[role] == {
            "id": made[role]["id"], "username": f"a {role}", "roleId": role_id,
            "role": {"id": role_id, "name": role},
        }  # fmt: skip
        login = await stall.client().post("/auth/login", json=body)
        assert login.json()["role"] == role
    listed = (await stall.till.get("/v1/users")).json()
    assert sorted(listed, key=str) == sorted(made.values(), key=str)


async def test_guests_and_viewers_are_no_users_here(stall: Stall) -> None:
    await stall.user("Vera", Role.VIEWER)
    await stall.user("Carl", Role.CUSTOMER)
    assert (await stall.till.get("/v1/users")).json() == []


async def test_a_user_that_cannot_be_is_refused(stall: Stall) -> None:
    ids = await role_ids(stall)
    good = {"username": "Ugo", "password": PASSWORD, "roleId": ids["operator"]}
    assert (await stall.till.post("/v1/users", json=good)).status_code == 201
    for body, status, error in (
        (good | {"username": "UGO"}, 409, "UniqueConstraintViolation"),
        (good | {"username": "Pia", "roleId": "cnone00000"}, 400, "ForeignKeyConstraintViolation"),
        (good | {"username": "Pia", "password": "short"}, 400, None),
        (good | {"username": "   "}, 400, None),
        (good | {"username": "Po, Ada", "roleId": ids["maintainer"]}, 400, None),
        ({}, 400, None),
    ):
        answer = await stall.till.post("/v1/users", json=body)
        assert (answer.status_code, answer.json().get("error")) == (status, error), body
    assert [user["username"] for user in (await stall.till.get("/v1/users")).json()] == ["Ugo"]
