"""Records every word of app/domain/calls.py with espeak-ng, and strikes the chime.

One archive per language with a clip each, 16 kHz mono in G.711 µ-law (8 bits that sound like 13);
chime.wav and silence.wav are ordinary 16-bit PCM. The same words give the same bytes.
"""

import math
import subprocess
import sys
import wave
from array import array
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from app.domain.calls import PHRASES, words_to_record

RATE = 16_000
VOICES = {"en": "en-gb", "it": "it", "de": "de", "fr": "fr-fr", "es": "es"}
# Frequency in Hz, when it is struck and how long it rings on, in seconds.
CHIME = ((659.26, 0.0, 0.22), (523.25, 0.28, 0.30))
CHIME_SECONDS = 1.0
# Overtones of a bar chime and how loud they are.
OVERTONES = ((1.0, 1.0), (2.0, 0.28), (3.01, 0.12), (5.4, 0.04))


def record(language: str, text: str) -> bytes:
    """A word that is part of a call is spoken slowly, and a comma keeps the voice up: more is to
    come. Silence before and after is cut off."""
    sentence, pace = (text, "165") if text.endswith(".") else (f"{text},", "135")
    speak = ["espeak-ng", "-v", VOICES[language], "-s", pace, "-a", "120", "--stdout", sentence]
    spoken = subprocess.run(speak, check=True, capture_output=True).stdout
    sox = ["sox", "-D", "-t", "wav", "-", "-t", "ul", "-r", str(RATE), "-c", "1", "-"]
    trim = ["silence", "1", "0.003", "0.4%", "fade", "0.005", "reverse"]
    even = ["highpass", "90", "gain", "-n", "compand", "0.005,0.1", "6:-60,-60,-30,-15,0,-6"]
    level = [*even, "rate", str(RATE), "gain", "-n", "-2"]
    made = subprocess.run(
        [*sox, *trim, *trim, *level], input=spoken, check=True, capture_output=True
    )
    return made.stdout


def archive(folder: Path, language: str) -> None:
    words = words_to_record(language)
    with ThreadPoolExecutor() as recorders:
        clips = list(recorders.map(lambda text: record(language, text), words.values()))
    with ZipFile(folder / f"{language}.zip", "w", ZIP_DEFLATED, compresslevel=9) as file:
        for name, clip in zip(words, clips, strict=True):
            # A date of its own would make new bytes of the same words.
            file.writestr(ZipInfo(f"{name}.ul"), clip, ZIP_DEFLATED, 9)


def write(file: Path, samples: list[float]) -> None:
    """Samples from -1 to 1."""
    with wave.open(str(file), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(RATE)
        frames = array("h", (round(sample * 32_767) for sample in samples))
        if sys.byteorder == "big":
            frames.byteswap()
        wav.writeframes(frames.tobytes())


def struck(at: float) -> float:
    return sum(
        loud * math.sin(math.tau * pitch * tone * (at - start)) * math.exp((start - at) / ringing)
        for pitch, start, ringing in CHIME
        if at >= start
        for tone, loud in OVERTONES
    )


def chime() -> list[float]:
    count = round(CHIME_SECONDS * RATE)
    raw = [struck(i / RATE) * min(1.0, (count - i) / (0.05 * RATE)) for i in range(count)]
    loudest = max(map(abs, raw))
    return [0.8 * sample / loudest for sample in raw]


if __name__ == "__main__":
    sounds = Path(sys.argv[1])
    sounds.mkdir(parents=True, exist_ok=True)
    write(sounds / "chime.wav", chime())
    write(sounds / "silence.wav", [0.0] * (RATE // 4))
    for each in PHRASES:
        archive(sounds, each)
