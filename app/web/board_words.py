"""Every word a board says by itself, per language; the page's script gets them as data."""

from collections.abc import Mapping

Words = Mapping[str, str]

ENGLISH: Words = {
    "ready": "Ready",
    "preparing": "Preparing",
    "host": "See host",
    "collected": "collected?",
    "station": "{name} ready",
    "wait": "{from}–{to} min",
    "more": "+{count} more",
    "no_ready": "Your order will light up here",
    "no_preparing": "New orders appear here",
    "no_host": "Nobody is asked to the counter",
    "called": "{order}: ready",
    "called_at": "{order}: ready at {place}",
    "live": "Live",
    "connecting": "Connecting…",
    "lost": "Connection lost, trying again…",
    "restarting": "Back in a moment…",
    "stale": "Screen may be out of date, please listen for your number",
    "still": "As of {time}",
}

ITALIAN: Words = {
    "ready": "Pronti",
    "preparing": "In cucina",
    "host": "Rivolgersi al banco",
    "collected": "ritirato?",
    "station": "{name} pronto",
    "wait": "{from}–{to} min",
    "more": "altri {count}",
    "no_ready": "Il tuo ordine apparirà qui",
    "no_preparing": "I nuovi ordini appaiono qui",
    "no_host": "Nessuno è atteso al banco",
    "called": "{order}: pronto",
    "called_at": "{order}: pronto, {place}",
    "live": "In diretta",
    "connecting": "Connessione in corso…",
    "lost": "Connessione persa, nuovo tentativo…",
    "restarting": "Torniamo subito…",
    "stale": "Schermo forse non aggiornato: ascolta il tuo numero",
    "still": "Ore {time}",
}

GERMAN: Words = {
    "ready": "Fertig",
    "preparing": "In Arbeit",
    "host": "Bitte zur Theke",
    "collected": "abgeholt?",
    "station": "{name} fertig",
    "wait": "{from}–{to} Min.",
    "more": "+{count} weitere",
    "no_ready": "Hier leuchtet Ihre Bestellung auf",
    "no_preparing": "Neue Bestellungen erscheinen hier",
    "no_host": "Niemand wird zur Theke gebeten",
    "called": "{order}: fertig",
    "called_at": "{order}: fertig, {place}",
    "live": "Live",
    "connecting": "Verbindung wird hergestellt…",
    "lost": "Verbindung unterbrochen, neuer Versuch…",
    "restarting": "Gleich wieder da…",
    "stale": "Anzeige vielleicht veraltet, bitte auf Ihre Nummer hören",
    "still": "Stand {time}",
}

FRENCH: Words = {
    "ready": "Prêt",
    "preparing": "En cuisine",
    "host": "Voir au comptoir",
    "collected": "retiré ?",
    "station": "{name} : prêt",
    "wait": "{from}–{to} min",
    "more": "+{count} autres",
    "no_ready": "Votre commande s’affichera ici",
    "no_preparing": "Les nouvelles commandes s’affichent ici",
    "no_host": "Personne n’est attendu au comptoir",
    "called": "{order} : prêt",
    "called_at": "{order} : prêt, {place}",
    "live": "En direct",
    "connecting": "Connexion…",
    "lost": "Connexion perdue, nouvel essai…",
    "restarting": "De retour dans un instant…",
    "stale": "Écran peut-être en retard : écoutez votre numéro",
    "still": "À {time}",
}

SPANISH: Words = {
    "ready": "Listos",
    "preparing": "En cocina",
    "host": "Pase por el mostrador",
    "collected": "¿recogido?",
    "station": "{name} listo",
    "wait": "{from}–{to} min",
    "more": "+{count} más",
    "no_ready": "Su pedido aparecerá aquí",
    "no_preparing": "Los pedidos nuevos aparecen aquí",
    "no_host": "Nadie tiene que pasar por el mostrador",
    "called": "{order}: listo",
    "called_at": "{order}: listo, {place}",
    "live": "En directo",
    "connecting": "Conectando…",
    "lost": "Sin conexión, reintentando…",
    "restarting": "Volvemos enseguida…",
    "stale": "La pantalla puede no estar al día: escuche su número",
    "still": "A las {time}",
}

LANGUAGES: Mapping[str, Words] = {
    "en": ENGLISH,
    "it": ITALIAN,
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
}


def words_of(language: str) -> Words:
    """A language without words of its own is answered in English."""
    return LANGUAGES.get(language.split("-")[0].lower(), ENGLISH)
