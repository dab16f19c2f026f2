"""Settings: one table, four sources, every wrong value named at once."""

import os
from pathlib import Path

import pytest

from app.settings import (
    Settings,
    WrongSettings,
    default_data_folder,
    flag_name,
    load_settings,
    variable_name,
)

README = Path(__file__).parent.parent / "README.md"


@pytest.fixture(autouse=True)
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with no settings of its own but the data folder."""
    for name in os.environ:
        if name.upper().startswith("READYBOARD_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("READYBOARD_DATA", str(tmp_path))
    return tmp_path


def wrong(**flags: str) -> list[str]:
    with pytest.raises(WrongSettings) as caught:
        load_settings(flags)
    return caught.value.lines


def write_toml(data: Path, text: str) -> Path:
    file = data / "readyboard.toml"
    file.write_text(text, encoding="utf-8")
    return file


def readme_row(key: str) -> str:
    field = Settings.model_fields[key]
    default = "" if key == "data" or field.default is None else f"`{field.default}`"
    return f"| `{key}` | {default} | {field.description} |"


@pytest.mark.parametrize("key", Settings.model_fields)
def test_every_setting_stands_in_the_readme_as_it_is(key: str) -> None:
    assert readme_row(key) in README.read_text(encoding="utf-8").splitlines()


def test_nothing_set_gives_the_defaults(data: Path) -> None:
    assert load_settings({}).settings == Settings(data=data)


def test_the_data_folder_is_the_xdg_one_unless_said_otherwise(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("READYBOARD_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert load_settings({}).settings.data == tmp_path / "readyboard" == default_data_folder()


def test_a_flag_wins_over_a_variable_over_a_secret_file_over_the_file(
    data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = write_toml(data, "port = 1\nretry_ms = 1001\nreplay_events = 1001\nbeat_seconds = 1\n")
    secret = tmp_path / "secret"
    secret.write_text("2\n")
    for key in ("port", "retry_ms", "replay_events"):
        monkeypatch.setenv(f"{variable_name(key)}_FILE", str(secret))
    secret.write_text("1002\n")
    for key in ("port", "retry_ms"):
        monkeypatch.setenv(variable_name(key), "1003")
    loaded = load_settings({"port": "1004", "host": None})
    found = loaded.settings
    assert (found.port, found.retry_ms, found.replay_events, found.beat_seconds) == (
        1004,
        1003,
        1002,
        1,
    )
    origins = {key: origin.text for key, origin in loaded.origins.items()}
    assert origins == {
        "port": "--port",
        "retry_ms": "READYBOARD_RETRY_MS",
        "replay_events": "READYBOARD_REPLAY_EVENTS_FILE",
        "beat_seconds": str(file),
        "data": "READYBOARD_DATA",
    }


def test_what_came_from_a_secret_file_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("https://board.example.com\n")
    monkeypatch.setenv("READYBOARD_PUBLIC_URL_FILE", str(secret))
    shown = {key: (value, origin) for key, value, origin in load_settings({}).rows()}
    assert shown["public_url"] == ("********", "READYBOARD_PUBLIC_URL_FILE")
    assert shown["port"] == ("8080", "default")


def test_a_wrong_secret_is_not_printed_either(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hunter2")
    monkeypatch.setenv("READYBOARD_PORT_FILE", str(secret))
    [line] = wrong()
    assert line.startswith("port (READYBOARD_PORT_FILE): ")
    assert "hunter2" not in line


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("READYBOARD_PORT", "")
    assert load_settings({}).settings.port == 8080


def test_every_wrong_value_is_named_at_once_with_its_source(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_toml(data, 'prot = 80\nlog_level = "loud"\ndata = "/elsewhere"\n')
    monkeypatch.setenv("READYBOARD_RETRY_MS", "soon")
    monkeypatch.setenv("READYBOARD_HOSTT", "::")
    monkeypatch.setenv("READYBOARD_BEAT_SECONDS_FILE", "/nowhere")
    starts = [
        "READYBOARD_HOSTT: no such setting; did you mean host?",
        "READYBOARD_BEAT_SECONDS_FILE: /nowhere cannot be read: No such file",
        f"data ({file}): the file lies in the data folder",
        f"prot ({file}): no such setting; did you mean port?",
        "port (--port): input should be less than or equal to 65535, not '70000'",
        f"log_level ({file}): ",
        "retry_ms (READYBOARD_RETRY_MS): ",
    ]
    lines = wrong(port="70000")
    assert len(lines) == len(starts)
    for line, start in zip(lines, starts, strict=True):
        assert line.startswith(start)


@pytest.mark.parametrize("text", [b"port = \n", b"\xff\xfe", b"[a]\n[a]\n"])
def test_a_file_that_is_no_toml_is_named(data: Path, text: bytes) -> None:
    (data / "readyboard.toml").write_bytes(text)
    [line] = wrong()
    assert line.startswith(f"{data / 'readyboard.toml'}: ")


@pytest.mark.parametrize(
    "url",
    ["board.lan", "ftp://board.lan", "http://", "http://a b/", "http://a:x", "http://a?b",
     "https://user:pw@board.lan", "http://[::1"],
)  # fmt: skip
def test_a_public_address_that_is_none_is_refused(url: str) -> None:
    assert "write it like https://board.example.com" in wrong(public_url=url)[0]


def test_the_public_address_carries_the_sub_path() -> None:
    settings = Settings(public_url="https://example.com/board/")
    assert (settings.public_url, settings.root_path) == ("https://example.com/board", "/board")
    assert Settings(public_url="").root_path == Settings().root_path == ""


@pytest.mark.parametrize(
    "value", ["'self'", "'none'", "*", "https://a.example https://*.b.example:8443", "app:"]
)
def test_frames_may_be_allowed_by_every_kind_of_source(value: str) -> None:
    assert Settings(frame_ancestors=value).frame_ancestors == value


@pytest.mark.parametrize("value", ["", "'self'; script-src *", "https://a,https://b", "a\r\nX: y;"])
def test_frame_ancestors_cannot_smuggle_in_another_rule(value: str) -> None:
    assert wrong(frame_ancestors=value)[0].startswith("frame_ancestors (--frame-ancestors): ")


def test_proxies_are_addresses_or_networks() -> None:
    assert Settings(trusted_proxies="::1, 10.0.0.0/8,").trusted_proxies == "::1,10.0.0.0/8"
    assert Settings(trusted_proxies="*").trusted_proxies == "*"
    assert "'proxy'" in wrong(trusted_proxies="proxy")[0]


def test_the_level_of_logging_may_be_written_large() -> None:
    assert Settings(log_level="DEBUG").log_level == "debug"


def test_a_flag_is_named_like_its_key() -> None:
    assert flag_name("replay_events") == "--replay-events"
