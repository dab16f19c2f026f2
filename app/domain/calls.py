"""What a board says aloud when an order is ready: which recorded clips, one after the other.

The clips are made once from the words here and in aliases.py (`make clips`) and come with the
program: nothing is synthesised while it runs.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_uppercase, digits

from app.domain.aliases import ANIMAL_FIRST, FIRST, SECOND
from app.domain.problems import NotFound

# `number` and `order` begin a call, `ready` ends it, `please` may follow.
PHRASES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "number": "Number",
        "order": "Order for",
        "ready": "is ready.",
        "please": "Please come to the counter.",
        "one": "An order is ready.",
        "several": "Several orders are ready.",
        "look": "Please look at the board.",
        "test": "This is a test of the sound.",
    },
    "it": {
        "number": "Numero",
        "order": "Ordine per",
        "ready": "è pronto.",
        "please": "Si prega di venire al banco.",
        "one": "Un ordine è pronto.",
        "several": "Diversi ordini sono pronti.",
        "look": "Guardate lo schermo, per favore.",
        "test": "Questa è una prova audio.",
    },
    "de": {
        "number": "Nummer",
        "order": "Bestellung für",
        "ready": "ist fertig.",
        "please": "Bitte kommen Sie zur Theke.",
        "one": "Eine Bestellung ist fertig.",
        "several": "Mehrere Bestellungen sind fertig.",
        "look": "Bitte schauen Sie auf die Anzeige.",
        "test": "Dies ist ein Tontest.",
    },
    "fr": {
        "number": "Numéro",
        "order": "Commande pour",
        "ready": "c’est prêt.",
        "please": "Veuillez venir au comptoir.",
        "one": "Une commande est prête.",
        "several": "Plusieurs commandes sont prêtes.",
        "look": "Regardez l’écran, s’il vous plaît.",
        "test": "Ceci est un test du son.",
    },
    "es": {
        "number": "Número",
        "order": "Pedido para",
        "ready": "está listo.",
        "please": "Por favor, pase por el mostrador.",
        "one": "Hay un pedido listo.",
        "several": "Hay varios pedidos listos.",
        "look": "Por favor, mire la pantalla.",
        "test": "Esto es una prueba de sonido.",
    },
}
# Calls that name no order.
NAMELESS: Mapping[str, tuple[str, ...]] = {
    "one": ("one", "look"),
    "several": ("several", "look"),
    "test": ("test",),
}
# Alone, a synthesiser calls this letter by the sound of another.
LETTERS: Mapping[str, Mapping[str, str]] = {"es": {"Y": "i griega"}}

NUMBER = re.compile(r"[A-Z0-9-]{1,8}")
ALIAS = re.compile(r"alias-([a-z]{2})-([^\W\d_]+)-([^\W\d_]+)")


@dataclass(frozen=True, slots=True)
class Clip:
    """One recording: whose voice, and which of its words."""

    language: str
    name: str


def words_to_record(language: str) -> dict[str, str]:
    """Every clip of a language by its name, and what is spoken in it."""
    signs = {sign: LETTERS.get(language, {}).get(sign, sign) for sign in digits + ascii_uppercase}
    qualities = {f"quality-{i}": word for i, word in enumerate(FIRST[language])}
    animals = {f"animal-{i}": word for i, word in enumerate(SECOND[language])}
    return {**signs, **qualities, **animals, **PHRASES[language]}


def clips_of(text: str, language: str, *, please: bool = False) -> list[Clip]:
    """The clips of a call in the order they are heard.

    `text`: a number, spoken sign by sign; `alias-<language>-<its words>`, where an alias keeps the
    words it was given whatever language the call is in; or `one`, `several`, `test`. `please`
    asks the guest to the counter. A language nobody recorded is spoken in English. Raises
    NotFound for anything else.
    """
    voice = _voice(language)
    if text in NAMELESS:
        return [Clip(voice, phrase) for phrase in NAMELESS[text]]
    if NUMBER.fullmatch(text) and text.strip("-"):
        begin, called = "number", [Clip(voice, sign) for sign in text.replace("-", "")]
    else:
        begin, called = "order", _alias(text)
    end = ("ready", "please") if please else ("ready",)
    return [Clip(voice, begin), *called, *(Clip(voice, phrase) for phrase in end)]


def _voice(language: str) -> str:
    return language if language in PHRASES else "en"


def _alias(text: str) -> list[Clip]:
    given = ALIAS.fullmatch(text)
    if given is None:
        raise NotFound("There is no such call.")
    language, *words = given.groups()
    # A board in a language without names of its own has the English ones.
    for known in (language, "en"):
        clips = _clips_of_alias(known, words)
        if clips:
            return clips
    raise NotFound("There is no such alias.")


def _clips_of_alias(language: str, words: list[str]) -> list[Clip]:
    """None at all if these are not the words of an alias of that language."""
    lists = {"quality": FIRST.get(language, ()), "animal": SECOND.get(language, ())}
    kinds = ("animal", "quality") if language in ANIMAL_FIRST else ("quality", "animal")
    pairs = list(zip(kinds, words, strict=True))
    if any(word not in lists[kind] for kind, word in pairs):
        return []
    return [Clip(language, f"{kind}-{lists[kind].index(word)}") for kind, word in pairs]
