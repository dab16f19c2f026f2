"""Names that say nothing of a guest: "Blue Fox" instead of John D., per language.

Made from the order's serial, so nothing is stored. Steps through all pairs before one comes again:
two orders of one venue clash only if 255 others were placed between them. Every word has a spoken
clip of its own (see app/web/calls.py), so the lists may grow at the end only.
"""

from collections.abc import Mapping

STEP = 103  # coprime to 256, so that neighbours share neither word

# Sixteen colours and qualities, sixteen animals. In languages that put the animal first, so do we.
FIRST: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Blue", "Red", "Green", "Golden", "Silver", "White", "Black", "Pink", "Happy", "Brave",
        "Quick", "Quiet", "Lucky", "Clever", "Sunny", "Gentle",
    ),
    "it": (
        "blu", "rosa", "verde", "dorata", "argento", "bianca", "nera", "viola", "felice", "forte",
        "veloce", "gentile", "celeste", "abile", "solare", "vivace",
    ),
    "de": (
        "Blaue", "Rote", "Grüne", "Goldene", "Silberne", "Weiße", "Schwarze", "Rosa", "Frohe",
        "Mutige", "Schnelle", "Stille", "Wache", "Kluge", "Sonnige", "Sanfte",
    ),
    "fr": (
        "bleue", "rouge", "verte", "dorée", "argentée", "blanche", "noire", "rose", "joyeuse",
        "brave", "rapide", "calme", "agile", "habile", "solaire", "douce",
    ),
    "es": (
        "azul", "roja", "verde", "dorada", "plateada", "blanca", "negra", "rosa", "feliz",
        "valiente", "veloz", "serena", "audaz", "hábil", "solar", "gentil",
    ),
}  # fmt: skip
# Feminine in the four languages where it matters, so that every pair is right.
SECOND: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Fox", "Bear", "Owl", "Wolf", "Hare", "Otter", "Lynx", "Swan", "Tiger", "Panda", "Eagle",
        "Whale", "Koala", "Robin", "Seal", "Bee",
    ),
    "it": (
        "Volpe", "Orsa", "Civetta", "Lupa", "Lepre", "Lontra", "Lince", "Oca", "Tigre", "Rana",
        "Aquila", "Balena", "Gazzella", "Rondine", "Foca", "Ape",
    ),
    "de": (
        "Katze", "Bärin", "Eule", "Wölfin", "Ziege", "Ente", "Robbe", "Schwalbe", "Biene", "Amsel",
        "Gans", "Forelle", "Maus", "Meise", "Kröte", "Hummel",
    ),
    "fr": (
        "Renarde", "Ourse", "Chouette", "Louve", "Biche", "Loutre", "Tortue", "Oie", "Tigresse",
        "Grenouille", "Pie", "Baleine", "Gazelle", "Mésange", "Abeille", "Souris",
    ),
    "es": (
        "Zorra", "Osa", "Lechuza", "Loba", "Liebre", "Nutria", "Tortuga", "Oca", "Cebra", "Rana",
        "Garza", "Ballena", "Gacela", "Alondra", "Foca", "Abeja",
    ),
}  # fmt: skip
ANIMAL_FIRST = frozenset({"it", "fr", "es"})


def alias_of(serial: int, language: str) -> str:
    """The alias of a venue's order by its serial; a language without a list has the English."""
    quality, animal = alias_words(serial, language)
    return f"{animal} {quality}" if language in ANIMAL_FIRST else f"{quality} {animal}"


def alias_words(serial: int, language: str) -> tuple[str, str]:
    """Quality and animal."""
    known = language if language in FIRST else "en"
    first, second = FIRST[known], SECOND[known]
    place = serial * STEP % (len(first) * len(second))
    return first[place % len(first)], second[place // len(first)]
