"""What ``qdq serve`` writes to stderr: one line a record, JSON or for eyes.

No question, no quote, no transcript and no key may stand there. So of an exception only its kind and its stack are
written, for its message may hold any text, and of what other programs' parts say (the client of a language model tells
whole requests when it is asked to) only warnings, and these without what is filled in.
"""

import json
import logging
import re
import sqlite3
import sys
import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO

from api.serving.seen.current import CURRENT
from rag.settings import Settings

FIELDS = "fields"
"""Of ``extra``: more members of the line."""
_OURS = ("qdq", "uvicorn")
_WARNING = re.compile(r"[^\n]*?:\d+: \w+(?=: )")
"""The place and the kind of one of Python's warnings, as it begins."""


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """For the whole process, to ``stream`` (stderr)."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Lines(as_json=settings.log_format == "json"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(settings.log_level)
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # else a record that cannot be written is printed with all that it holds
    threading.excepthook = _in_a_thread


def _in_a_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        logging.getLogger("qdq").error("unexpected error in a thread", exc_info=args.exc_value)


class Lines(logging.Formatter):
    """A record -> a line."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        members = _members(record)
        if self._as_json:
            return json.dumps(members, ensure_ascii=True, default=str)
        head = " ".join(str(members.pop(name)).replace("\n", "\\n") for name in ("time", "level", "message"))
        return " ".join([head, *(f"{name}={json.dumps(value, default=str)}" for name, value in members.items())])


def _members(record: logging.LogRecord) -> dict[str, Any]:
    when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    members: dict[str, Any] = {
        "time": when,
        "level": record.levelname,
        "logger": record.name,
        "message": _message(record),
    }
    if seen := CURRENT.get():
        members["request_id"] = seen.id
    if isinstance(record.exc_info, tuple):
        members["error"] = list(_chain(record.exc_info[1]))
    return members | getattr(record, FIELDS, {})


def _message(record: logging.LogRecord) -> str:
    if record.name.split(".")[0] in _OURS:
        return record.getMessage()
    where = _WARNING.match(str(record.msg)) if record.name == "py.warnings" else None
    return where[0] if where else str(record.msg).partition("\n")[0]


def _chain(error: BaseException | None) -> Iterator[dict[str, Any]]:
    """An exception and what led to it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield {"type": _kind(error), "stack": _stack(error.__traceback__)}
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _kind(error: BaseException) -> str:
    """With the system's own number or name of what went wrong, where there is one."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    code = error.errno if isinstance(error, OSError) else getattr(error, "sqlite_errorname", None)
    return f"{kind} ({code})" if code is not None and isinstance(error, OSError | sqlite3.Error) else kind


def _stack(trace: TracebackType | None) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
