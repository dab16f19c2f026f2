"""A spoken call as one WAV, joined from the clips that come with the program (static/sounds)."""

import asyncio
import io
import re
import wave
from collections.abc import Iterable
from zipfile import ZipFile

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.domain.calls import Clip, clips_of
from app.domain.problems import NotFound
from app.files import project_folder
from app.web.context import asked, house
from app.web.native.types import Said
from app.web.static import FOR_EVER
from app.web.table import Entry, Who

RATE = 16_000  # samples a second, one channel of 16 bits
LANGUAGE = re.compile("[a-z]{2}")
# Heard between two clips. Before the first: amplifiers that wake up swallow the beginning.
PAUSE, LEAD = bytes(RATE // 16 * 2), bytes(RATE // 8 * 2)
RANGE = re.compile(r"bytes=([0-9]{1,9})-([0-9]{0,9})")


class CallQuery(Said):
    please: bool = Field(False, description="1: the guest is asked to the counter too")
    build: str = Field("", description="the answer to a page of this build may be kept for ever")


async def speak(request: Request) -> Response:
    """The call of one order, of several, or a test; see app/domain/calls.py for `text`."""
    query: CallQuery = asked(request)
    language, text = request.path_params["language"], request.path_params["text"]
    if not LANGUAGE.fullmatch(language):
        raise NotFound("There is no such language.")
    clips = clips_of(text, language, please=query.please)
    wav = await asyncio.to_thread(wav_of, clips)
    current = query.build == house(request).build
    headers = {"Cache-Control": FOR_EVER if current else "no-cache", "Accept-Ranges": "bytes"}
    return _part(wav, request.headers.get("range", ""), headers)


def wav_of(clips: Iterable[Clip]) -> bytes:
    """The clips one after the other, as a WAV file of 16-bit PCM."""
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(RATE)
        wav.writeframes(LEAD + PAUSE.join(_frames(clip) for clip in clips) + PAUSE)
    return file.getvalue()


def _frames(clip: Clip) -> bytes:
    """Little-endian 16-bit samples of the µ-law bytes in the language's archive."""
    with ZipFile(project_folder("static") / "sounds" / f"{clip.language}.zip") as archive:
        coded = archive.read(f"{clip.name}.ul")
    frames = bytearray(2 * len(coded))
    frames[0::2], frames[1::2] = coded.translate(LOW), coded.translate(HIGH)
    return bytes(frames)


def _sample(code: int) -> int:
    """ITU-T G.711: sign, three bits of exponent, four of mantissa, all inverted."""
    bits = ~code & 0xFF
    size = ((((bits & 0x0F) << 3) + 0x84) << (bits >> 4 & 0x07)) - 0x84
    return -size if bits & 0x80 else size


LOW = bytes(_sample(code) & 0xFF for code in range(256))
HIGH = bytes(_sample(code) >> 8 & 0xFF for code in range(256))


def _part(wav: bytes, wanted: str, headers: dict[str, str]) -> Response:
    """The whole file, or the bytes asked for: some players play only what they get in parts. A
    range we cannot read or fill is answered with everything, as RFC 9110 (14.2) allows."""
    asked = RANGE.fullmatch(wanted)
    if asked is None or int(asked[1]) >= len(wav):
        return Response(wav, 200, headers, "audio/wav")
    first, last = int(asked[1]), min(int(asked[2] or len(wav) - 1), len(wav) - 1)
    if last < first:
        return Response(wav, 200, headers, "audio/wav")
    headers["Content-Range"] = f"bytes {first}-{last}/{len(wav)}"
    return Response(wav[first : last + 1], 206, headers, "audio/wav")


def _row(board: str, of: str) -> Entry:
    return Entry(
        method="GET",
        path=f"{board}/call/{{language}}/{{text}}.wav",
        handler=speak,
        who=Who.BOARD,
        query=CallQuery,
        summary=f"A call of {of}, spoken: a number, alias-<language>-<its words>, one, several "
        "or test",
        media="audio/wav",
        open_to_all=True,
    )


ROUTES = (_row("/b/{venue}", "the venue's board"), _row("/b/{venue}/{board}", "a board"))
