"""The one table of settings: a field here is a flag, a READYBOARD_* variable and a TOML key.

Flags win over variables, those over secret files (READYBOARD_NAME_FILE), those over
`<data>/readyboard.toml`, that over the defaults. Every wrong value is reported at once.
"""

import ipaddress
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

PREFIX = "READYBOARD_"
SYSTEMS = ("eatsa", "mysagra", "tastyigniter", "hyra")  # the foreign systems that are spoken
SETTINGS_FILE = "readyboard.toml"
# One source of a frame-ancestors list (CSP 3): a keyword, a scheme, or a host with a wild card.
FRAME_ANCESTOR = re.compile(
    r"'self'|'none'|\*|[a-z][a-z0-9+.-]*:|([a-z]+://)?(\*\.)?[\w.-]+(:(\d+|\*))?(/[^\s;,]*)?", re.I
)


@dataclass(frozen=True, slots=True)
class Root:
    """A foreign system that answers at a root instead of under its prefix; `venue` is the slug of
    the one it is for, None leaves that to the key."""

    system: str
    venue: str | None = None


def default_data_folder() -> Path:
    """The XDG data folder of the person who runs it."""
    home = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(home).expanduser() / "readyboard"


class Settings(BaseSettings):
    """Building one reads nothing from outside; `load_settings` does that."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, validate_default=False)

    host: str = Field("127.0.0.1", min_length=1, description="address to listen on; 0.0.0.0 = all")
    port: int = Field(8080, ge=0, le=65535, description="port to listen on; 0 = any free one")
    listen: str | None = Field(
        None,
        description="more addresses, and which system answers at the root of each: "
        "0.0.0.0:4300=mysagra; for one venue only: 0.0.0.0:4301=mysagra@airport",
    )
    hosts: str | None = Field(
        None, description="host names at whose root a system answers: till.lan=eatsa"
    )
    root_dialect: str | None = Field(
        None, description="system that answers at the root of all other addresses, beside our own"
    )
    data: Path = Field(
        default_factory=default_data_folder,
        description="folder of the database and of readyboard.toml",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="how much to log"
    )
    public_url: str | None = Field(
        None, description="address people use, with the sub-path behind a proxy if there is one"
    )
    ntfy_url: str | None = Field(
        None, description="ntfy server that tells guests' phones, like https://ntfy.sh; none = off"
    )
    frame_ancestors: str = Field(
        "'self'", description="who may show the board in a frame (CSP frame-ancestors)"
    )
    trusted_proxies: str = Field(
        "127.0.0.1", description="proxies whose X-Forwarded-* headers are believed; * = all"
    )
    beat_seconds: float = Field(10, gt=0, le=12, description="heartbeat of every stream")
    retry_ms: int = Field(
        2000, ge=200, le=60_000, description="longest wait before a page comes back"
    )
    replay_events: int = Field(
        10_000, ge=1, le=1_000_000, description="events a returning viewer can catch up on"
    )
    replay_hours: float = Field(24, gt=0, le=24 * 31, description="and how old they may be")
    retention_days: int = Field(400, ge=1, le=36_500, description="how long events are kept")
    send_timeout_seconds: float = Field(
        10, gt=0, le=600, description="a viewer that takes nothing for so long is dropped"
    )
    body_limit_bytes: int = Field(
        262_144, ge=1024, le=64 * 2**20, description="largest request body"
    )

    @property
    def addresses(self) -> list[tuple[str, int, Root | None]]:
        """Where to listen, our own pages first: (host, port, the system at the root there)."""
        listed = [_address(entry) for entry in _entries(self.listen)]
        own = [address for address in listed if address[2] is None]
        return (own or [(self.host, self.port, None)]) + [a for a in listed if a[2] is not None]

    @property
    def host_roots(self) -> dict[str, Root]:
        """Host name in lower case, without a port -> the system at its root."""
        return dict(_host(entry) for entry in _entries(self.hosts))

    @property
    def root(self) -> Root | None:
        return _root(self.root_dialect) if self.root_dialect else None

    @property
    def root_path(self) -> str:
        """The sub-path of `public_url` without a closing slash; empty at a root."""
        return urlsplit(self.public_url or "").path.rstrip("/")

    @field_validator("listen")
    @classmethod
    def _addresses(cls, value: str | None) -> str | None:
        taken = [_address(entry)[:2] for entry in _entries(value)]
        twice = next((a for a in taken if a[1] and taken.count(a) > 1), None)
        if twice:
            raise ValueError(f"{twice[0]}:{twice[1]} is there twice")
        return value

    @field_validator("hosts")
    @classmethod
    def _host_names(cls, value: str | None) -> str | None:
        for entry in _entries(value):
            _host(entry)
        return value

    @field_validator("root_dialect")
    @classmethod
    def _system(cls, value: str | None) -> str | None:
        if value:
            _root(value)
        return value

    @field_validator("data")
    @classmethod
    def _whole_path(cls, data: Path) -> Path:
        return data.expanduser().absolute()

    @field_validator("log_level", mode="before")
    @classmethod
    def _any_case(cls, level: Any) -> Any:
        return level.lower() if isinstance(level, str) else level

    @field_validator("public_url", "ntfy_url")
    @classmethod
    def _web_address(cls, url: str | None) -> str | None:
        if not url:
            return None
        try:
            parts = urlsplit(url)
            fine = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            fine = False
        if not fine or re.search(r"[\s?#@\\]", url):
            raise ValueError("write it like https://board.example.com or https://example.com/board")
        return url.rstrip("/")

    @field_validator("frame_ancestors")
    @classmethod
    def _policy_sources(cls, value: str) -> str:
        words = value.split()
        if not words or not all(FRAME_ANCESTOR.fullmatch(word) for word in words):
            raise ValueError("write 'self', 'none', * or addresses like https://example.com")
        return " ".join(words)

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        words = [word.strip() for word in value.split(",") if word.strip()]
        for word in words:
            if word != "*":
                ipaddress.ip_network(word)  # its ValueError says what is wrong
        return ",".join(words)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def _entries(text: str | None) -> list[str]:
    return [entry.strip() for entry in (text or "").split(",") if entry.strip()]


def _root(text: str) -> Root:
    system, _, venue = text.partition("@")
    if system not in SYSTEMS:
        raise ValueError(f"{system!r} is none of {', '.join(SYSTEMS)}")
    if venue and not re.fullmatch(r"[a-z0-9-]{1,40}", venue):
        raise ValueError(f"{venue!r} cannot be a venue")
    return Root(system, venue or None)


def _address(entry: str) -> tuple[str, int, Root | None]:
    where, is_root, root = entry.partition("=")
    host, _, port = where.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise ValueError(f"{where!r} is no address; write it like 0.0.0.0:4300=mysagra")
    return host.strip("[]"), int(port), _root(root) if is_root else None


def _host(entry: str) -> tuple[str, Root]:
    name, is_root, root = entry.partition("=")
    if not is_root or not re.fullmatch(r"[a-zA-Z0-9.-]{1,253}", name):
        raise ValueError(f"{entry!r} says no host and system; write it like till.lan=eatsa")
    return name.lower(), _root(root)


class WrongSettings(Exception):
    """`lines` holds one sentence for every wrong value, with where it came from."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value came from. What came from a secret file is never printed."""

    text: str
    secret: bool = False


DEFAULT = Origin("default")


@dataclass(frozen=True, slots=True)
class Loaded:
    settings: Settings
    origins: dict[str, Origin]

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Key, value as text and origin of every setting, for `config show`."""
        for key in Settings.model_fields:
            origin = self.origins.get(key, DEFAULT)
            value = getattr(self.settings, key)
            shown = "" if value is None else str(value)
            yield key, "********" if origin.secret else shown, origin.text


def flag_name(key: str) -> str:
    return "--" + key.replace("_", "-")


def variable_name(key: str) -> str:
    return PREFIX + key.upper()


def load_settings(flags: Mapping[str, Any]) -> Loaded:
    """Read every source; `flags` maps keys to what was typed, None where nothing was.

    Raises WrongSettings with all that is wrong, not only the first.
    """
    wrong = _unknown_variables()
    found = _flags(flags) | {
        key: pair for key, pair in _variables(wrong).items() if flags.get(key) is None
    }
    folder = found["data"][0] if "data" in found else default_data_folder()
    found = _toml(Path(folder).expanduser() / SETTINGS_FILE, wrong) | found
    origins = {key: origin for key, (_, origin) in found.items()}
    settings = None
    try:
        settings = Settings(**{key: value for key, (value, _) in found.items()})
    except ValidationError as error:
        wrong += [_sentence(item, origins) for item in error.errors()]
    if wrong or settings is None:
        raise WrongSettings(wrong)
    return Loaded(settings, origins)


Found = dict[str, tuple[Any, Origin]]


def _flags(flags: Mapping[str, Any]) -> Found:
    return {
        key: (value, Origin(flag_name(key))) for key, value in flags.items() if value is not None
    }


def _variables(wrong: list[str]) -> Found:
    source = EnvSettingsSource(Settings, env_prefix=PREFIX, env_ignore_empty=True)
    plain = {key: (value, Origin(variable_name(key))) for key, value in source().items()}
    return _secret_files(wrong) | plain


def _secret_files(wrong: list[str]) -> Found:
    """NAME_FILE holds the path of a file with the value, as containers hand out secrets."""
    found: Found = {}
    for key in Settings.model_fields:
        variable = variable_name(key) + "_FILE"
        if path := os.environ.get(variable):
            try:
                text = Path(path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                wrong.append(f"{variable}: {path} cannot be read: {_reason(error)}")
            else:
                found[key] = (text, Origin(variable, secret=True))
    return found


def _toml(path: Path, wrong: list[str]) -> Found:
    try:
        values = TomlConfigSettingsSource(Settings, toml_file=path)()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        wrong.append(f"{path}: {_reason(error)}")
        return {}
    if "data" in values:
        wrong.append(f"data ({path}): the file lies in the data folder, so it cannot choose it")
    for key in values.keys() - Settings.model_fields.keys():
        wrong.append(f"{key} ({path}): no such setting{_nearest(key)}")
    known = Settings.model_fields.keys() - {"data"}
    return {key: (value, Origin(str(path))) for key, value in values.items() if key in known}


def _unknown_variables() -> list[str]:
    known = {variable_name(key) for key in Settings.model_fields}
    known |= {f"{name}_FILE" for name in known}
    ours = sorted(name for name in os.environ if name.upper().startswith(PREFIX))
    return [
        f"{name}: no such setting{_nearest(name[len(PREFIX) :])}"
        for name in ours
        if name.upper() not in known
    ]


def _nearest(key: str) -> str:
    near = get_close_matches(key.lower(), Settings.model_fields, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else str(error)) or "unreadable"


def _sentence(item: Any, origins: Mapping[str, Origin]) -> str:
    key = str(item["loc"][0])
    origin = origins.get(key, DEFAULT)
    message = item["msg"].removeprefix("Value error, ")
    given = "" if origin.secret else f", not {item['input']!r}"
    return f"{key} ({origin.text}): {message[:1].lower()}{message[1:]}{given}"
