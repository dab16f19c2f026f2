"""Every word a guest's ticket says, per language, and which language a guest is answered in."""

from collections.abc import Mapping

from app.domain.tickets import State, Ticket

Words = Mapping[str, str]

ENGLISH: Words = {
    "language": "English",
    "order": "Order",
    "your_order": "Your order",
    "received": "Received",
    "received_text": "We have your order.",
    "preparing": "Preparing",
    "preparing_text": "We are making your order.",
    "ready": "Ready",
    "ready_text": "Your order is ready. Come and get it!",
    "host": "Please come to the counter",
    "host_text": "Our staff will help you there.",
    "away": "On its way",
    "away_text": "Your order is on its way to you.",
    "collected": "Thank you",
    "collected_text": "Enjoy! This page will close soon.",
    "cancelled": "Cancelled",
    "cancelled_text": "This order was cancelled.",
    "wait": "About {from}–{to} min to go",
    "wait_one": "About 1 min to go",
    "here": "I’m here",
    "here_said": "The staff know that you are here.",
    "sound_off": "Turn sound on",
    "sound_on": "Sound is on",
    "notify": "Tell my phone",
    "notify_about": "Get a message when your order is ready, even with this page closed.",
    "notify_how": "Subscribe to this topic, and your phone will be told:",
    "notify_app": "Open the ntfy app",
    "notify_web": "Open in the browser",
    "late": "Connection lost, trying again…",
    "stale": "This page may be out of date. Please watch the screens or ask at the counter.",
    "ended": "This ticket has ended or the link is not whole",
    "ended_text": "Please ask at the counter if your order is still to come.",
    "often": "One moment, please",
    "often_text": "That was very often. Try again in a minute.",
    "back": "Back",
    "languages": "Language",
    "scan": "Follow your order on your phone",
}

ITALIAN: Words = {
    "language": "Italiano",
    "order": "Ordine",
    "your_order": "Il tuo ordine",
    "received": "Ricevuto",
    "received_text": "Abbiamo ricevuto il tuo ordine.",
    "preparing": "In preparazione",
    "preparing_text": "Stiamo preparando il tuo ordine.",
    "ready": "Pronto",
    "ready_text": "Il tuo ordine è pronto. Vieni a ritirarlo!",
    "host": "Vieni al banco, per favore",
    "host_text": "Il personale ti aiuterà lì.",
    "away": "In arrivo",
    "away_text": "Il tuo ordine è in viaggio.",
    "collected": "Grazie",
    "collected_text": "Buon appetito! Questa pagina si chiuderà tra poco.",
    "cancelled": "Annullato",
    "cancelled_text": "Questo ordine è stato annullato.",
    "wait": "Ancora {from}–{to} min circa",
    "wait_one": "Ancora 1 min circa",
    "here": "Sono qui",
    "here_said": "Il personale sa che sei qui.",
    "sound_off": "Attiva il suono",
    "sound_on": "Il suono è attivo",
    "notify": "Avvisa il mio telefono",
    "notify_about": "Ricevi un messaggio quando è pronto, anche a pagina chiusa.",
    "notify_how": "Iscriviti a questo canale e il telefono ti avviserà:",
    "notify_app": "Apri l’app ntfy",
    "notify_web": "Apri nel browser",
    "late": "Connessione persa, nuovo tentativo…",
    "stale": "Pagina forse non aggiornata: guarda gli schermi o chiedi al banco.",
    "ended": "Questo biglietto è scaduto o il link non è completo",
    "ended_text": "Se il tuo ordine non è ancora arrivato, chiedi al banco.",
    "often": "Un momento, per favore",
    "often_text": "Troppe richieste. Riprova tra un minuto.",
    "back": "Indietro",
    "languages": "Lingua",
    "scan": "Segui il tuo ordine sul telefono",
}

GERMAN: Words = {
    "language": "Deutsch",
    "order": "Bestellung",
    "your_order": "Ihre Bestellung",
    "received": "Angenommen",
    "received_text": "Ihre Bestellung ist bei uns.",
    "preparing": "In Arbeit",
    "preparing_text": "Wir bereiten Ihre Bestellung zu.",
    "ready": "Fertig",
    "ready_text": "Ihre Bestellung ist fertig. Bitte abholen!",
    "host": "Bitte kommen Sie zur Theke",
    "host_text": "Dort hilft man Ihnen weiter.",
    "away": "Unterwegs",
    "away_text": "Ihre Bestellung ist auf dem Weg zu Ihnen.",
    "collected": "Danke",
    "collected_text": "Guten Appetit! Diese Seite schließt bald.",
    "cancelled": "Storniert",
    "cancelled_text": "Diese Bestellung wurde storniert.",
    "wait": "Noch etwa {from}–{to} Min.",
    "wait_one": "Noch etwa 1 Min.",
    "here": "Ich bin da",
    "here_said": "Das Personal weiß, dass Sie da sind.",
    "sound_off": "Ton einschalten",
    "sound_on": "Ton ist an",
    "notify": "Mein Telefon benachrichtigen",
    "notify_about": "Eine Nachricht, sobald sie fertig ist, auch wenn diese Seite zu ist.",
    "notify_how": "Abonnieren Sie dieses Thema, dann meldet sich Ihr Telefon:",
    "notify_app": "ntfy-App öffnen",
    "notify_web": "Im Browser öffnen",
    "late": "Verbindung unterbrochen, neuer Versuch…",
    "stale": "Diese Seite ist vielleicht veraltet. Bitte auf die Bildschirme achten oder fragen.",
    "ended": "Dieser Zettel ist abgelaufen oder der Link nicht vollständig",
    "ended_text": "Fragen Sie bitte an der Theke, falls Ihre Bestellung noch aussteht.",
    "often": "Einen Moment, bitte",
    "often_text": "Das war sehr oft. Versuchen Sie es in einer Minute noch einmal.",
    "back": "Zurück",
    "languages": "Sprache",
    "scan": "Verfolgen Sie Ihre Bestellung am Telefon",
}

FRENCH: Words = {
    "language": "Français",
    "order": "Commande",
    "your_order": "Votre commande",
    "received": "Reçue",
    "received_text": "Nous avons votre commande.",
    "preparing": "En préparation",
    "preparing_text": "Nous préparons votre commande.",
    "ready": "Prête",
    "ready_text": "Votre commande est prête. Venez la chercher !",
    "host": "Merci de venir au comptoir",
    "host_text": "Notre équipe vous y aidera.",
    "away": "En route",
    "away_text": "Votre commande est en route.",
    "collected": "Merci",
    "collected_text": "Bon appétit ! Cette page va bientôt se fermer.",
    "cancelled": "Annulée",
    "cancelled_text": "Cette commande a été annulée.",
    "wait": "Encore {from}–{to} min environ",
    "wait_one": "Encore 1 min environ",
    "here": "Je suis là",
    "here_said": "L’équipe sait que vous êtes là.",
    "sound_off": "Activer le son",
    "sound_on": "Le son est activé",
    "notify": "Prévenir mon téléphone",
    "notify_about": "Un message quand c’est prêt, même cette page fermée.",
    "notify_how": "Abonnez-vous à ce sujet et votre téléphone sera prévenu :",
    "notify_app": "Ouvrir l’application ntfy",
    "notify_web": "Ouvrir dans le navigateur",
    "late": "Connexion perdue, nouvel essai…",
    "stale": "Cette page est peut-être en retard : regardez les écrans ou demandez au comptoir.",
    "ended": "Ce ticket a expiré ou le lien est incomplet",
    "ended_text": "Demandez au comptoir si vous attendez encore votre commande.",
    "often": "Un instant, s’il vous plaît",
    "often_text": "Trop de demandes. Réessayez dans une minute.",
    "back": "Retour",
    "languages": "Langue",
    "scan": "Suivez votre commande sur votre téléphone",
}

SPANISH: Words = {
    "language": "Español",
    "order": "Pedido",
    "your_order": "Su pedido",
    "received": "Recibido",
    "received_text": "Tenemos su pedido.",
    "preparing": "En preparación",
    "preparing_text": "Estamos preparando su pedido.",
    "ready": "Listo",
    "ready_text": "Su pedido está listo. ¡Venga a recogerlo!",
    "host": "Pase por el mostrador, por favor",
    "host_text": "Allí le ayudaremos.",
    "away": "En camino",
    "away_text": "Su pedido está en camino.",
    "collected": "Gracias",
    "collected_text": "¡Buen provecho! Esta página se cerrará pronto.",
    "cancelled": "Cancelado",
    "cancelled_text": "Este pedido se canceló.",
    "wait": "Faltan unos {from}–{to} min",
    "wait_one": "Falta 1 min aproximadamente",
    "here": "Ya estoy aquí",
    "here_said": "El personal sabe que está aquí.",
    "sound_off": "Activar el sonido",
    "sound_on": "El sonido está activado",
    "notify": "Avisar a mi teléfono",
    "notify_about": "Un mensaje cuando esté listo, incluso con esta página cerrada.",
    "notify_how": "Suscríbase a este tema y su teléfono le avisará:",
    "notify_app": "Abrir la aplicación ntfy",
    "notify_web": "Abrir en el navegador",
    "late": "Sin conexión, reintentando…",
    "stale": "Esta página puede no estar al día: mire las pantallas o pregunte en el mostrador.",
    "ended": "Este tique ha caducado o el enlace está incompleto",
    "ended_text": "Pregunte en el mostrador si su pedido aún no ha llegado.",
    "often": "Un momento, por favor",
    "often_text": "Han sido muchas veces. Inténtelo de nuevo en un minuto.",
    "back": "Volver",
    "languages": "Idioma",
    "scan": "Siga su pedido en el teléfono",
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
    return LANGUAGES.get(language, ENGLISH)


def language_for(chosen: str, accepted: str) -> str:
    """What the guest chose, else the best of the browser's Accept-Language; "" if we have none."""
    return next((tag for tag in [chosen, *_accepted(accepted)] if tag in LANGUAGES), "")


def wait_line(wait: tuple[int, int] | None, words: Words) -> str:
    """As in static/ticket.js."""
    if wait is None:
        return ""
    if wait[1] == 1:
        return words["wait_one"]
    return words["wait"].replace("{from}", str(wait[0])).replace("{to}", str(wait[1]))


def called(ticket: Ticket, words: Words) -> str:
    """What the guest is called, in one line."""
    return " ".join(part for part in (ticket.number, ticket.name) if part) or words["your_order"]


def message(ticket: Ticket, language: str) -> tuple[str, str]:
    """Title and text of what a phone is told: no more than the page says."""
    words = words_of(language)
    text = words[f"{ticket.state}_text"]
    if ticket.state == State.READY and ticket.place:
        text += f" → {ticket.place}"
    return f"{called(ticket, words)}: {words[ticket.state]}", text


def _accepted(header: str) -> list[str]:
    """Primary language tags (RFC 9110, 12.5.4), the most wanted first."""
    found: list[tuple[float, str]] = []
    for entry in header.split(",")[:20]:
        tag, _, weight = entry.partition(";")
        try:
            quality = float(weight.partition("=")[2] or 1)
        except ValueError:
            quality = 0.0
        if quality > 0:
            found.append((quality, tag.strip().split("-")[0].lower()))
    return [tag for _, tag in sorted(found, key=lambda pair: -pair[0])]
