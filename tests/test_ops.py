"""Health, readiness, static files, and what the writer promises."""

import pytest

from tests.venue_server import VenueServer


async def test_a_running_server_is_alive_and_ready(server: VenueServer) -> None:
    async with server.client() as nobody:
        assert (await nobody.get("/healthz")).json()["status"] == "ok"
        ready = await nobody.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["checks"] == {"database": True, "disk": True}


async def test_a_full_disk_is_not_ready(
    server: VenueServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.ops.LEAST_FREE_BYTES", 2**62)
    answer = await server.http.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["disk"]) == (503, False)


async def test_a_lost_folder_is_not_ready(
    server: VenueServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(folder: object) -> None:
        raise FileNotFoundError

    monkeypatch.setattr("shutil.disk_usage", lost)
    assert (await server.http.get("/readyz")).json()["checks"]["disk"] is False


async def test_a_writer_that_cannot_begin_is_not_ready(server: VenueServer) -> None:
    await server.store.on_writer(lambda connection: connection.execute("BEGIN"))
    answer = await server.http.get("/readyz")
    await server.store.on_writer(lambda connection: connection.execute("ROLLBACK"))
    assert (answer.status_code, answer.json()["checks"]["database"]) == (503, False)
    assert (await server.http.get("/readyz")).status_code == 200


async def test_files_of_this_build_may_be_kept_for_ever(server: VenueServer) -> None:
    build = server.house.build
    file = await server.http.get(f"/static/{build}/board.js")
    assert "immutable" in file.headers["cache-control"]
    older = await server.http.get("/static/0123456789ab/board.js")
    assert older.headers["cache-control"] == "no-cache"
    assert older.content == file.content


async def test_there_is_an_icon(server: VenueServer) -> None:
    icon = await server.http.get("/favicon.ico")
    assert icon.headers["content-type"].startswith("image/svg")


async def test_nothing_outside_the_folder_is_a_static_file(server: VenueServer) -> None:
    for path in ("../pyproject.toml", "%2e%2e/pyproject.toml", "nothing.js"):
        answer = await server.http.get(f"/static/x/{path}", follow_redirects=True)
        assert answer.status_code == 404
