"""Every word a board says by itself, per language; the page's script gets them as data."""

from collections.abc import Mapping

Words = Mapping[str, str]

ENGLISH: Words = {
    "ready": "Ready",
    "preparing": "Preparing",
    "host": "See host",
    "please": "Come to the counter",
    "collected": "collected?",
    "station": "{name} ready",
    "wait": "{from}–{to} min",
    "more": "+{count} more",
    "no_ready": "Your order will light up here",
    "no_preparing": "New orders appear here",
    "no_host": "Nobody is asked to the counter",
    "point_free": "This place is free",
    "point_closed": "This place is closed",
    "called": "{order}: ready",
    "called_at": "{order}: ready at {place}",
    "live": "Live",
    "connecting": "Connecting…",
    "lost": "Connection lost, trying again…",
    "restarting": "Back in a moment…",
    "stale": "Screen may be out of date, please listen for your number",
    "still": "As of {time}",
    "press": "Press OK for sound",
    "no_sound": "No sound",
}

ITALIAN: Words = {
    "ready": "Pronti",
    "preparing": "In cucina",
    "host": "Rivolgersi al banco",
    "please": "Venga al banco",
    "collected": "ritirato?",
    "station": "{name} pronto",
    "wait": "{from}–{to} min",
    "more": "altri {count}",
    "no_ready": "Il tuo ordine apparirà qui",
    "no_preparing": "I nuovi ordini appaiono qui",
    "no_host": "Nessuno è atteso al banco",
    "point_free": "Questo posto è libero",
    "point_closed": "Questo posto è chiuso",
    "called": "{order}: pronto",
    "called_at": "{order}: pronto, {place}",
    "live": "In diretta",
    "connecting": "Connessione in corso…",
    "lost": "Connessione persa, nuovo tentativo…",
    "restarting": "Torniamo subito…",
    "stale": "Schermo forse non aggiornato: ascolta il tuo numero",
    "still": "Ore {time}",
    "press": "Premi OK per l’audio",
    "no_sound": "Audio assente",
}

GERMAN: Words = {
    "ready": "Fertig",
    "preparing": "In Arbeit",
    "host": "Bitte zur Theke",
    "please": "Bitte abholen",
    "collected": "abgeholt?",
    "station": "{name} fertig",
    "wait": "{from}–{to} Min.",
    "more": "+{count} weitere",
    "no_ready": "Hier leuchtet Ihre Bestellung auf",
    "no_preparing": "Neue Bestellungen erscheinen hier",
    "no_host": "Niemand wird zur Theke gebeten",
    "point_free": "Dieses Fach ist frei",
    "point_closed": "Dieses Fach ist geschlossen",
    "called": "{order}: fertig",
    "called_at": "{order}: fertig, {place}",
    "live": "Live",
    "connecting": "Verbindung wird hergestellt…",
    "lost": "Verbindung unterbrochen, neuer Versuch…",
    "restarting": "Gleich wieder da…",
    "stale": "Anzeige vielleicht veraltet, bitte auf Ihre Nummer hören",
    "still": "Stand {time}",
    "press": "OK drücken für Ton",
    "no_sound": "Kein Ton",
}

FRENCH: Words = {
    "ready": "Prêt",
    "preparing": "En cuisine",
    "host": "Voir au comptoir",
    "please": "Venez au comptoir",
    "collected": "retiré ?",
    "station": "{name} : prêt",
    "wait": "{from}–{to} min",
    "more": "+{count} autres",
    "no_ready": "Votre commande s’affichera ici",
    "no_preparing": "Les nouvelles commandes s’affichent ici",
    "no_host": "Personne n’est attendu au comptoir",
    "point_free": "Cette place est libre",
    "point_closed": "Cette place est fermée",
    "called": "{order} : prêt",
    "called_at": "{order} : prêt, {place}",
    "live": "En direct",
    "connecting": "Connexion…",
    "lost": "Connexion perdue, nouvel essai…",
    "restarting": "De retour dans un instant…",
    "stale": "Écran peut-être en retard : écoutez votre numéro",
    "still": "À {time}",
    "press": "Son : appuyez sur OK",
    "no_sound": "Pas de son",
}

SPANISH: Words = {
    "ready": "Listos",
    "preparing": "En cocina",
    "host": "Pase por el mostrador",
    "please": "Venga al mostrador",
    "collected": "¿recogido?",
    "station": "{name} listo",
    "wait": "{from}–{to} min",
    "more": "+{count} más",
    "no_ready": "Su pedido aparecerá aquí",
    "no_preparing": "Los pedidos nuevos aparecen aquí",
    "no_host": "Nadie tiene que pasar por el mostrador",
    "point_free": "Este lugar está libre",
    "point_closed": "Este lugar está cerrado",
    "called": "{order}: listo",
    "called_at": "{order}: listo, {place}",
    "live": "En directo",
    "connecting": "Conectando…",
    "lost": "Sin conexión, reintentando…",
    "restarting": "Volvemos enseguida…",
    "stale": "La pantalla puede no estar al día: escuche su número",
    "still": "A las {time}",
    "press": "Pulse OK para el sonido",
    "no_sound": "Sin sonido",
}

ARABIC: Words = {
    "ready": "جاهز",
    "preparing": "قيد التحضير",
    "host": "راجع الموظف",
    "please": "يرجى التوجه إلى المنضدة",
    "collected": "تم الاستلام؟",
    "station": "{name} جاهز",
    "wait": "{from}–{to} دقيقة",
    "more": "+{count} أخرى",
    "no_ready": "سيظهر طلبك هنا",
    "no_preparing": "تظهر الطلبات الجديدة هنا",
    "no_host": "لا أحد مطلوب عند المنضدة",
    "point_free": "هذا المكان متاح",
    "point_closed": "هذا المكان مغلق",
    "called": "{order}: جاهز",
    "called_at": "{order}: جاهز عند {place}",
    "live": "مباشر",
    "connecting": "جارٍ الاتصال…",
    "lost": "انقطع الاتصال، نحاول مجددًا…",
    "restarting": "سنعود بعد لحظات…",
    "stale": "قد لا تكون الشاشة محدثة، يرجى الاستماع إلى رقمك",
    "still": "الساعة {time}",
    "press": "اضغط OK لتشغيل الصوت",
    "no_sound": "لا يوجد صوت",
}

HEBREW: Words = {
    "ready": "מוכן",
    "preparing": "בהכנה",
    "host": "נא לגשת למארח",
    "please": "נא לגשת לדלפק",
    "collected": "נאסף?",
    "station": "{name} מוכן",
    "wait": "{from}–{to} דק׳",
    "more": "ועוד {count}",
    "no_ready": "ההזמנה שלך תופיע כאן",
    "no_preparing": "הזמנות חדשות מופיעות כאן",
    "no_host": "איש אינו מתבקש לדלפק",
    "point_free": "המקום פנוי",
    "point_closed": "המקום סגור",
    "called": "{order}: מוכן",
    "called_at": "{order}: מוכן ב{place}",
    "live": "בשידור חי",
    "connecting": "מתחבר…",
    "lost": "החיבור אבד, מנסים שוב…",
    "restarting": "מיד חוזרים…",
    "stale": "ייתכן שהמסך אינו מעודכן, נא להקשיב למספר",
    "still": "נכון לשעה {time}",
    "press": "להפעלת צליל לחצו OK",
    "no_sound": "אין צליל",
}

LANGUAGES: Mapping[str, Words] = {
    "en": ENGLISH,
    "it": ITALIAN,
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
    "ar": ARABIC,
    "he": HEBREW,
}


RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


def direction_of(language: str) -> str:
    """The `dir` of a page in that language."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def words_of(language: str) -> Words:
    """A language without words of its own is answered in English."""
    return LANGUAGES.get(language.split("-")[0].lower(), ENGLISH)
