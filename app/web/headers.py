"""Headers that every answer carries."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Starlette writes names in small letters.
ALWAYS = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin"))


class SafeHeaders:
    """No guessing of media types, no addresses given away to other sites."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = message["headers"]
                named = [name for name, _ in own]
                message["headers"] = [*own, *(pair for pair in ALWAYS if pair[0] not in named)]
            await send(message)

        await self._app(scope, receive, send_with_headers)
