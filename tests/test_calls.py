"""What boards say aloud: the clips that come with the program, and how a call is joined of them."""

import io
import re
import wave
from array import array
from pathlib import Path
from zipfile import ZipFile

import pytest
from calmjs.parse import es5

from app.domain.aliases import ANIMAL_FIRST, FIRST, SECOND, alias_of, alias_words
from app.domain.calls import PHRASES, Clip, clips_of, words_to_record
from app.domain.problems import NotFound
from app.files import project_folder
from app.web.board_words import LANGUAGES
from app.web.calls import LEAD, PAUSE, RATE, wav_of
from tests.browser.wall import set_board
from tests.test_board_assets import TOO_NEW
from tests.venue_server import VenueServer, serving

STATIC = project_folder("static")
SOUNDS = STATIC / "sounds"
SCRIPT = (STATIC / "sound.js").read_text(encoding="utf-8")
STYLE = (STATIC / "sound.css").read_text(encoding="utf-8")


def clip_bytes(clip: Clip) -> bytes:
    with ZipFile(SOUNDS / f"{clip.language}.zip") as archive:
        return archive.read(f"{clip.name}.ul")


def frames_of(wav: bytes) -> bytes:
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        frames: bytes = file.readframes(file.getnframes())
        return frames


def alone(clip: Clip) -> bytes:
    """The frames of one clip, without what stands around it."""
    return frames_of(wav_of([clip]))[len(LEAD) : -len(PAUSE)]


def names(text: str, language: str = "en", *, please: bool = False) -> list[str]:
    return [f"{c.language}:{c.name}" for c in clips_of(text, language, please=please)]


# ---- the clips --------------------------------------------------------------------------------


def test_five_languages_have_a_voice() -> None:
    assert set(PHRASES) == {"en", "it", "de", "fr", "es"} == set(FIRST)
    assert set(PHRASES) <= set(LANGUAGES)
    assert len({frozenset(phrases) for phrases in PHRASES.values()}) == 1


@pytest.mark.parametrize("language", PHRASES)
def test_every_word_has_its_clip_and_every_clip_its_word(language: str) -> None:
    with ZipFile(SOUNDS / f"{language}.zip") as archive:
        assert archive.testzip() is None
        found = {name.removesuffix(".ul") for name in archive.namelist()}
    words = words_to_record(language)
    assert found == set(words)
    assert {"0", "9", "A", "Z", "quality-0", "quality-15", "animal-15", "ready"} <= found
    assert all(words.values())


@pytest.mark.parametrize("language", PHRASES)
def test_every_clip_is_heard_and_trimmed(language: str) -> None:
    for name in words_to_record(language):
        samples = array("h", alone(Clip(language, name)))
        seconds = len(samples) / RATE
        assert 0.1 < seconds < 2.5, name
        assert 20_000 < max(map(abs, samples)) < 32_768, name
        loud = [i for i, sample in enumerate(samples) if abs(sample) > 300]
        assert loud[0] < RATE * 0.08, name
        assert loud[-1] > len(samples) - RATE * 0.08, name


@pytest.mark.parametrize("language", PHRASES)
def test_no_sign_sounds_like_another(language: str) -> None:
    signs = [name for name in words_to_record(language) if len(name) == 1]
    assert len(signs) == 36
    assert len({clip_bytes(Clip(language, sign)) for sign in signs}) == 36


def test_chime_lasts_a_second_and_is_not_clipped() -> None:
    frames = frames_of((SOUNDS / "chime.wav").read_bytes())
    samples = array("h", frames)
    assert 0.6 <= len(samples) / RATE <= 1.2
    assert 24_000 < max(map(abs, samples)) < 32_000
    assert abs(samples[-1]) < 50


def test_silence_is_silent() -> None:
    frames = frames_of((SOUNDS / "silence.wav").read_bytes())
    assert len(frames) > RATE // 10
    assert not any(frames)


def test_all_sounds_together_stay_under_3_mb() -> None:
    assert sum(file.stat().st_size for file in SOUNDS.iterdir()) < 3_000_000


def test_samples_are_those_of_g_711(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sounds").mkdir()
    with ZipFile(tmp_path / "sounds" / "en.zip", "w") as archive:
        archive.writestr("0.ul", bytes([0x00, 0x0F, 0x40, 0x7F, 0x80, 0xC5, 0xF0, 0xFE, 0xFF]))
    monkeypatch.setattr("app.web.calls.project_folder", lambda name: tmp_path)
    samples = array("h", alone(Clip("en", "0")))
    assert samples.tolist() == [-32124, -16764, -1884, 0, 32124, 1564, 120, 8, 0]


# ---- what is said -----------------------------------------------------------------------------


def test_number_is_spoken_sign_by_sign() -> None:
    assert names("41") == ["en:number", "en:4", "en:1", "en:ready"]
    assert names("A-07", "de") == ["de:number", "de:A", "de:0", "de:7", "de:ready"]


def test_guest_is_asked_to_the_counter_after_the_number() -> None:
    assert names("7", "it", please=True) == ["it:number", "it:7", "it:ready", "it:please"]


def test_calls_without_a_number() -> None:
    assert names("several", "fr") == ["fr:several", "fr:look"]
    assert names("one", "es", please=True) == ["es:one", "es:look"]
    assert names("test") == ["en:test"]


def test_alias_keeps_the_order_of_its_own_language() -> None:
    assert names("alias-en-Blue-Fox") == ["en:order", "en:quality-0", "en:animal-0", "en:ready"]
    assert names("alias-it-Lepre-verde", "it")[1:3] == ["it:animal-4", "it:quality-2"]


def test_alias_keeps_its_words_in_a_call_of_another_language() -> None:
    said = names("alias-de-Grüne-Bärin", "fr")
    assert said == ["fr:order", "de:quality-2", "de:animal-1", "fr:ready"]


def test_board_in_a_language_without_aliases_has_the_english_ones() -> None:
    assert alias_of(1, "nl") == alias_of(1, "en")
    assert names("alias-nl-Blue-Fox", "nl") == names("alias-en-Blue-Fox", "en")


@pytest.mark.parametrize("language", FIRST)
def test_every_alias_a_board_may_show_can_be_said(language: str) -> None:
    for serial in range(len(FIRST[language]) * len(SECOND[language])):
        text = "-".join(["alias", language, *alias_of(serial, language).split(" ")])
        quality, animal = alias_words(serial, language)
        spoken = [words_to_record(language)[c.name] for c in clips_of(text, language)[1:3]]
        pair = [animal, quality] if language in ANIMAL_FIRST else [quality, animal]
        assert spoken == pair


WRONG = [
    "a", "41a", "123456789", "-", "---", "4 1", "４１", "alias", "alias-en", "alias-en-Fox",
    "alias-en-Fox-Blue", "alias-en-Blue-Fox-Fox", "alias-it-Blue-Volpe", "alias-1-Blue-Fox",
    "Several", "ready", "quality-0", "41\n",
]  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_anything_else_is_no_call(text: str) -> None:
    with pytest.raises(NotFound):
        clips_of(text, "en")


# ---- the WAV ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", PHRASES)
def test_call_is_its_clips_joined_in_order(language: str) -> None:
    clips = clips_of("A41", language, please=True)
    wav = wav_of(clips)
    assert wav[:4] + wav[8:16] == b"RIFFWAVEfmt "
    assert int.from_bytes(wav[4:8], "little") == len(wav) - 8
    frames, at = frames_of(wav), len(LEAD)
    for clip in clips:
        expected = alone(clip)
        assert len(expected) == 2 * len(clip_bytes(clip))
        assert frames[at : at + len(expected)] == expected
        at += len(expected) + len(PAUSE)
    assert at == len(frames)


def test_call_of_two_digits_takes_no_longer_than_four_seconds() -> None:
    """One call follows the other every four seconds; the chime shares them with the first word."""
    for language in PHRASES:
        frames = frames_of(wav_of(clips_of("41", language)))
        assert len(frames) / 2 / RATE < 3


async def test_call_of_a_board_is_a_wav(server: VenueServer) -> None:
    async with server.client() as nobody:
        answer = await nobody.get("/b/main/call/it/41.wav")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/wav")
    assert answer.content == wav_of(clips_of("41", "it"))
    assert int(answer.headers["content-length"]) == len(answer.content)


async def test_every_board_has_its_calls(server: VenueServer) -> None:
    await server.http.post("/api/v1/venues/main/boards", json={"slug": "hall"})
    said = await server.http.get("/b/main/hall/call/en/several.wav")
    assert said.content == wav_of(clips_of("several", "en"))


async def test_repeated_call_asks_to_the_counter(server: VenueServer) -> None:
    said = await server.http.get("/b/main/call/en/41.wav?please=1")
    assert said.content == wav_of(clips_of("41", "en", please=True))


async def test_language_without_clips_is_spoken_in_english(server: VenueServer) -> None:
    dutch = await server.http.get("/b/main/call/nl/41.wav")
    assert dutch.content == wav_of(clips_of("41", "en"))


async def test_head_tells_the_length(server: VenueServer) -> None:
    whole = await server.http.get("/b/main/call/en/41.wav")
    head = await server.http.head("/b/main/call/en/41.wav")
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) == len(whole.content)
    assert head.headers["accept-ranges"] == "bytes"


async def test_players_that_ask_for_parts_get_them(server: VenueServer) -> None:
    whole = (await server.http.get("/b/main/call/en/41.wav")).content
    for wanted, first, last in [
        ("bytes=0-1", 0, 1),
        ("bytes=100-", 100, len(whole) - 1),
        (f"bytes=44-{len(whole) + 5}", 44, len(whole) - 1),
    ]:
        part = await server.http.get("/b/main/call/en/41.wav", headers={"Range": wanted})
        assert part.status_code == 206
        assert part.headers["content-range"] == f"bytes {first}-{last}/{len(whole)}"
        assert part.content == whole[first : last + 1]


@pytest.mark.parametrize(
    "wanted", ["bytes=9-3", "bytes=999999999-", "bytes=-5", "bytes=0-1,4-5", "apples=0-1", "bytes"]
)
async def test_a_range_that_cannot_be_read_gets_everything(
    server: VenueServer, wanted: str
) -> None:
    answer = await server.http.get("/b/main/call/en/41.wav", headers={"Range": wanted})
    assert answer.status_code == 200
    assert answer.content == wav_of(clips_of("41", "en"))


async def test_a_page_of_this_build_may_keep_it_for_ever(server: VenueServer) -> None:
    build = server.house.build
    kept = await server.http.get(f"/b/main/call/en/41.wav?build={build}")
    old = await server.http.get("/b/main/call/en/41.wav?build=0123456789ab")
    assert "immutable" in kept.headers["cache-control"]
    assert old.headers["cache-control"] == "no-cache"
    assert old.content == kept.content


@pytest.mark.parametrize("text", [*WRONG[:-1], "%2e%2e%2fen", "%00", "41%0a", "\U0001f98a"])
async def test_what_cannot_be_said_is_not_found(server: VenueServer, text: str) -> None:
    answer = await server.http.get(f"/b/main/call/en/{text}.wav")
    assert answer.status_code == 404
    assert answer.json()["type"] == "not-found"


@pytest.mark.parametrize("language", ["EN", "eng", "e", "..", "1t", "%00%00"])
async def test_what_is_no_language_is_not_found(server: VenueServer, language: str) -> None:
    answer = await server.http.get(f"/b/main/call/{language}/41.wav")
    assert answer.status_code == 404


async def test_unknown_boards_and_venues_say_nothing(server: VenueServer) -> None:
    board = await server.http.get("/b/main/nowhere/call/en/41.wav")
    venue = await server.http.get("/b/nowhere/call/en/41.wav")
    assert (board.status_code, board.json()["type"]) == (404, "board-not-found")
    assert (venue.status_code, venue.json()["type"]) == (404, "venue-not-found")


async def test_unknown_parameters_are_refused(server: VenueServer) -> None:
    answer = await server.http.get("/b/main/call/en/41.wav?voice=anna")
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid-request")


async def test_paired_board_speaks_to_its_screens_only(server: VenueServer) -> None:
    await set_board(server, access="paired")
    async with server.client() as nobody:
        refused = await nobody.get("/b/main/call/en/41.wav")
    heard = await server.http.get("/b/main/call/en/41.wav")
    assert (refused.status_code, heard.status_code) == (401, 200)


# ---- the page ---------------------------------------------------------------------------------


async def test_silent_board_loads_nothing_of_it(server: VenueServer) -> None:
    silent = (await server.http.get("/b/main")).text
    await set_board(server, sound="chime")
    page = (await server.http.get("/b/main")).text
    plain = (await server.http.get("/b/main?plain=1")).text
    for file in ("sound.js", "sound.css"):
        assert file in page
        assert file not in silent + plain


async def test_page_may_play_our_own_sounds_only(server: VenueServer) -> None:
    policy = (await server.http.get("/b/main")).headers["content-security-policy"]
    assert "media-src 'self';" in policy + ";"


async def test_chime_is_a_static_file(tmp_path: Path) -> None:
    async with serving(tmp_path) as server:
        answer = await server.http.get(f"/static/{server.house.build}/sounds/chime.wav")
    assert answer.content == (SOUNDS / "chime.wav").read_bytes()
    assert answer.headers["content-type"].startswith("audio/")
    assert "immutable" in answer.headers["cache-control"]


def test_script_is_plain_es5() -> None:
    es5(SCRIPT)


@pytest.mark.parametrize("feature", TOO_NEW)
def test_style_uses_nothing_younger_than_chromium_38(feature: str) -> None:
    assert re.search(TOO_NEW[feature], STYLE) is None


def test_script_and_style_stay_small() -> None:
    assert len(SCRIPT.encode()) < 10_000
    assert len(STYLE.encode()) < 2_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_in_the_header_is_short(language: str) -> None:
    """It stands beside the clock, in letters for the whole room."""
    assert len(LANGUAGES[language]["press"]) <= 24
    assert len(LANGUAGES[language]["no_sound"]) <= 24
