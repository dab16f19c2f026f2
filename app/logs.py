"""Logs as one line each on stderr: time, level, what happened, then key=value."""

import logging
import sys

import structlog

TIME = structlog.processors.TimeStamper(fmt="iso", utc=True)
SHARED: list[structlog.typing.Processor] = [structlog.stdlib.add_log_level, TIME]


def configure_logs(level: str) -> None:
    """Everything that logs, libraries too, through one formatter. Addresses with keys in them
    are never logged: there is no access log, and uvicorn says only what went wrong."""
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(
                key_order=["timestamp", "level", "event"], drop_missing=True
            ),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    # At debug the one writes every frame of every stream, names and telephone numbers with it,
    # the other that it was asked something, twice each time.
    for name in ("sse_starlette", "aiosqlite"):
        logging.getLogger(name).setLevel(logging.INFO)
