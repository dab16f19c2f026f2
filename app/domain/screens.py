"""Screens on walls: the codes that pair them, what they report, and what that says of them."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# Neither 0 nor O nor Q, neither 1 nor I nor L, no Z, S or B beside 2, 5 and 8, no wide M and W,
# and no vowels: nothing that is misread across a room, and no words.
LETTERS = "CDFGHJKNPRTVXY23456789"
CODE_LENGTH = 5
A_CODE = re.compile(f"[{LETTERS}]{{{CODE_LENGTH}}}")
CODE_LASTS = timedelta(minutes=10)

LIVE_WITHIN = timedelta(seconds=45)  # a screen reports every 30 s
LATE_WITHIN = timedelta(minutes=3)
SEEN_KEPT_EVERY = timedelta(minutes=10)
DEAF_AFTER_MS = 45_000  # the page itself warns of old data then

SYSTEMS = (
    (re.compile(r"Web0S|webOS|NetCast"), "LG TV"),
    (re.compile(r"Tizen"), "Samsung TV"),
    (re.compile(r"VIDAA|Hisense", re.I), "Hisense TV"),
    (re.compile(r"\bAFT\w+"), "Fire TV"),
    (re.compile(r"CrKey"), "Chromecast"),
    (re.compile(r"Android"), "Android"),
    (re.compile(r"iPad|iPhone"), "iOS"),
    (re.compile(r"Windows"), "Windows"),
    (re.compile(r"Mac OS X"), "macOS"),
    (re.compile(r"CrOS"), "ChromeOS"),
    (re.compile(r"Linux|X11"), "Linux"),
)
ENGINES = (
    (re.compile(r"Chrom(?:e|ium)/(\d{1,4})"), "Chromium"),
    (re.compile(r"Firefox/(\d{1,4})"), "Firefox"),
    (re.compile(r"AppleWebKit/(\d{1,4})"), "WebKit"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A paired TV. `venue` and `board` are slugs; `last_seen_at` is kept to ten minutes."""

    id: str
    venue: str
    board: str
    name: str
    created_at: datetime
    paired_by: str
    last_seen_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCode:
    """A code on a TV that waits to be paired."""

    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a screen last said of itself. `seq`: of the last event it applied, None before the
    first; `silent` and `drift` are milliseconds: how long it heard nothing, and how far its clock
    is ahead. `sound` is the sound script's word for its state, empty without one."""

    at: datetime
    seq: int | None
    silent: int
    drift: int
    transport: str
    drawn: int
    build: str
    visible: bool
    sound: str
    width: int
    height: int
    engine: str


class Duty(StrEnum):
    """EXPECTED: nothing was heard yet, and it is too early to make something of that."""

    EXPECTED = "expected"
    LIVE = "live"
    LATE = "late"
    ASLEEP = "asleep"


class RollCall:
    """The last report of every screen, kept in memory. After a start the screens are given the
    time to report once more before anything is said against them."""

    def __init__(self, since: datetime) -> None:
        self._since = since
        self._reports: dict[str, Report] = {}
        self._kept: dict[str, datetime] = {}

    def take(self, screen: Screen, report: Report) -> bool:
        """Note a report; whether it is time to write down that the screen is there."""
        self._reports[screen.id] = report
        kept = self._kept.get(screen.id, screen.last_seen_at)
        if kept is not None and report.at - kept < SEEN_KEPT_EVERY:
            return False
        self._kept[screen.id] = report.at
        return True

    def last(self, screen: Screen) -> Report | None:
        return self._reports.get(screen.id)

    def seen_at(self, screen: Screen) -> datetime | None:
        report = self.last(screen)
        return report.at if report else screen.last_seen_at

    def duty(self, screen: Screen, now: datetime) -> Duty:
        silence = now - (self.seen_at(screen) or screen.created_at)
        if screen.id not in self._reports and min(silence, now - self._since) < LIVE_WITHIN:
            return Duty.EXPECTED
        if silence < LIVE_WITHIN:
            return Duty.LIVE
        return Duty.LATE if silence < LATE_WITHIN else Duty.ASLEEP

    def forget(self, screen: str) -> None:
        self._reports.pop(screen, None)
        self._kept.pop(screen, None)


def new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))


def typed_code(text: str) -> str:
    """What somebody typed, as the TV shows it: spaces, dashes and small letters do not matter."""
    return "".join(ch for ch in text.upper() if ch.isalnum())


def engine_of(agent: str) -> str:
    """A browser's long name in short: `Chromium 38, LG TV`."""
    engines = (f"{name} {found[1]}" for like, name in ENGINES if (found := like.search(agent)))
    systems = (name for like, name in SYSTEMS if like.search(agent))
    return ", ".join(word for word in (next(engines, ""), next(systems, "")) if word)
