"""The form of a board's settings, posted to save it or asked for as a preview."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from app.domain.board import (
    Access,
    Board,
    Lanes,
    Layout,
    Names,
    ReadyColour,
    Shows,
    Sound,
    Theme,
)
from app.domain.orders import Fulfilment
from app.web.board_words import LANGUAGES
from app.web.native.types import ClockTime, Colour, WebAddress
from app.web.staff.forms import Form, Line, Text

Heading = Annotated[Line, Field(max_length=24)]
Minutes = Annotated[int, Field(ge=1, le=1440)]
Spoken = Annotated[str, StringConstraints(pattern=f"^({'|'.join(LANGUAGES)})$")]
WORDS = ("ready", "preparing", "host", "please")
LONGEST_LIST = 200


class BoardForm(Form):
    """A box that is not ticked is not sent, so `false` is what is left out. `sample`: how many
    made-up orders the preview shows, or the live ones."""

    title: Line = Field("", max_length=60)
    tv_inches: int = Field(55, ge=10, le=120)
    distance_m: float = Field(4.5, ge=0.5, le=30, allow_inf_nan=False)
    layout: Literal[Layout.STANDARD, Layout.EATSA] = Layout.STANDARD
    lanes: Lanes = Lanes.BOTH
    ready_side: Literal["left", "right"] = "right"
    show_placed: bool = False
    stations: list[Line] = Field([], max_length=50)
    fulfilments: list[Fulfilment] = Field([], max_length=3)
    points: list[Line] = Field([], max_length=100)
    shows: Shows = Shows.BOTH
    names: Names = Names.INITIAL
    blocked_words: Text = Field("", max_length=4000)
    theme: Theme = Theme.NIGHT
    ready_colour: ReadyColour = ReadyColour.SKY
    own_wall: Colour = "#0B0F14"
    own_ink: Colour = "#FFFFFF"
    own_ready: Colour = "#58C4FF"
    own_ready_ink: Colour = "#0B0F14"
    calm: bool = False
    language: Spoken = "en"
    second_language: Spoken | None = None
    word_ready: Heading = ""
    word_preparing: Heading = ""
    word_host: Heading = ""
    word_please: Line = Field("", max_length=40)
    notice: Text = Field("", max_length=400)
    order_url: WebAddress = ""
    dwell_seconds: int = Field(60, ge=0, le=3600)
    ready_minutes: Minutes | None = None
    please_minutes: Minutes | None = None
    host_minutes: Minutes = 10
    opens: ClockTime = ""
    closes: ClockTime = ""
    sound: Sound = Sound.OFF
    volume: int = Field(80, ge=0, le=100)
    repeat_calls: bool = False
    quiet_from: ClockTime = ""
    quiet_to: ClockTime = ""
    access: Access = Access.OPEN
    sample: Literal["live", "0", "5", "50", "500"] = "live"

    def changes(self) -> dict[str, Any]:
        """The fields of Board it sets."""
        given = self.model_dump(exclude={f"word_{word}" for word in WORDS} | {"sample"})
        for name in ("stations", "fulfilments", "points"):
            given[name] = tuple(given[name])
        lines = (line.strip() for line in self.blocked_words.splitlines())
        given["blocked_words"] = tuple(line[:80] for line in lines if line)[:LONGEST_LIST]
        typed = {word: getattr(self, f"word_{word}") for word in WORDS}
        given["words"] = {word: text for word, text in typed.items() if text}
        given["second_language"] = self.second_language or ""
        return given | {"sized": True}


def form_of(board: Board) -> dict[str, Any]:
    """What the form's fields show for a board that is not in the settings one by one."""
    return {f"word_{word}": board.words.get(word, "") for word in WORDS} | {
        "blocked_words": "\n".join(board.blocked_words)
    }
