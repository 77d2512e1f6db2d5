"""Log lines: one JSON object each, with nothing about people in them.

An exception is told by its class and the places it passed, never by its message: messages of
databases quote the row, and a row is somebody's award.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from functools import lru_cache
from types import TracebackType
from typing import Any

import orjson

ACCESS = logging.getLogger("skillpassport.access")
FAULTS = logging.getLogger("skillpassport.faults")
MAX_FRAMES = 30


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON; `extra={"fields": …}` adds members."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without line breaks or control characters from outside."""
        line: dict[str, Any] = {
            "time": _time(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1] is not None:
            line |= describe_exception(record.exc_info[1])
        try:
            written = orjson.dumps(line)
        except orjson.JSONEncodeError:  # half a character, or an object of who knows which kind
            written = b"\xff"
        if written.isascii() and b"\x7f" not in written:
            return written.decode()
        return json.dumps(line, ensure_ascii=True, separators=(",", ":"), default=str)


def _time(created: float) -> str:
    """Return an instant as ISO 8601 in UTC with milliseconds."""
    second = int(created)
    return f"{_second(second)}.{int((created - second) * 1000):03d}+00:00"


@lru_cache(maxsize=8)  # most lines are of a second in which there were others
def _second(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).replace(tzinfo=None).isoformat()


def describe_exception(error: BaseException) -> dict[str, Any]:
    """Return the class of an exception and of its causes, and where it was raised."""
    causes: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(causes) < MAX_FRAMES:
        causes.append(f"{type(cause).__module__}.{type(cause).__qualname__}")
        cause = cause.__cause__ or cause.__context__
    return {"exception": causes, "raised_at": _places(error.__traceback__)}


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-MAX_FRAMES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def configure_logging(level: str) -> None:
    """Send every log line of this process to standard error as JSON.

    level: `debug`, `info`, `warning` or `error`
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    # Each record would look these up; no line tells them.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    # They log addresses of requests, in which verification codes lie; alembic talks at each look.
    for name in ("uvicorn.access", "httpx", "httpcore", "asyncio", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
