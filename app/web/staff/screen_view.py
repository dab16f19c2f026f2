"""A screen's last report, in words for the people who look after it."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.screens import DEAF_AFTER_MS, Duty, Report, RollCall, Screen
from app.domain.venues import Venue
from app.web.staff.walls import Wall

STATES = {
    Duty.EXPECTED: "Waiting for its first report",
    Duty.LIVE: "Live",
    Duty.LATE: "Late since {since}",
    Duty.ASLEEP: "Asleep since {since}",
}
SOUNDS = {
    "on": "on",
    "off": "off on this board",
    "quiet": "quiet hours",
    "locked": "locked by the browser",
    "failed": "does not play",
}
TRANSPORTS = {"source": "event stream", "socket": "WebSocket", "poll": "polling"}
EXACT_CLOCK_MS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenView:
    """`warnings` are sentences about what is wrong, `facts` names and values."""

    id: str
    name: str
    wall: str
    board: str
    duty: Duty
    state: str
    warnings: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    paired: str


def screen_view(
    screen: Screen, venue: Venue, walls: list[Wall], roll: RollCall, *, now: datetime, build: str
) -> ScreenView:
    titles = {wall.board: wall.title for wall in walls}
    report, duty = roll.last(screen), roll.duty(screen, now)
    since = _time(roll.seen_at(screen) or screen.created_at, venue, now)
    paired = f"Paired on {screen.created_at.astimezone(venue.zone):%d %b %Y}"
    return ScreenView(
        id=screen.id,
        name=screen.name,
        wall=titles.get(screen.board, "Its board was removed"),
        board=f"{venue.slug}/{screen.board}",
        duty=duty,
        state=STATES[duty].format(since=since),
        warnings=tuple(_warnings(report, build)) if report and duty != Duty.ASLEEP else (),
        facts=tuple(_facts(report, venue)) if report else (),
        paired=f"{paired} by {screen.paired_by}" if screen.paired_by else paired,
    )


def _warnings(report: Report, build: str) -> list[str]:
    found = []
    if report.sound == "locked":
        found.append("Sound is locked: press OK on its remote, or any key.")
    if report.sound == "failed":
        found.append("Sound does not play on this device.")
    if report.silent >= DEAF_AFTER_MS:
        found.append(f"It has heard nothing for {_span(report.silent)}; its board may be old.")
    if not report.visible:
        found.append("Its page is hidden behind another one.")
    if report.build != build:
        found.append("It still runs an older page; Reload brings the new one.")
    return found


def _facts(report: Report, venue: Venue) -> list[tuple[str, str]]:
    named = [
        ("Last event", "none yet" if report.seq is None else f"{report.seq} of {venue.seq}"),
        ("Orders shown", str(report.drawn)),
        ("Sound", SOUNDS.get(report.sound, report.sound)),
        ("Clock", _clock(report.drift)),
        ("Size", f"{report.width} × {report.height}" if report.width else ""),
        ("Browser", report.engine or "unknown"),
        ("Connection", TRANSPORTS.get(report.transport, report.transport)),
    ]
    return [(name, value) for name, value in named if value]


def _clock(drift: int) -> str:
    if abs(drift) < EXACT_CLOCK_MS:
        return "right"
    return f"{_span(abs(drift))} {'ahead' if drift > 0 else 'behind'}"


def _span(ms: int) -> str:
    seconds = ms // 1000
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 2 * 3600:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h" if seconds < 2 * 86_400 else f"{seconds // 86_400} days"


def _time(at: datetime, venue: Venue, now: datetime) -> str:
    there, today = at.astimezone(venue.zone), now.astimezone(venue.zone)
    return f"{there:%H:%M}" if there.date() == today.date() else f"{there:%d %b %H:%M}"
