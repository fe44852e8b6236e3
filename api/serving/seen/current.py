"""What is seen of the request that is being answered, in whatever thread: how it is called, how long its stages take.
Nothing of what it asks or is answered is here."""

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.types import Scope

from api.serving.limits.kinds import FILES, PLAIN
from rag.types import Answer

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

OTHER = "other"
"""For what nobody here has a name for."""
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(slots=True)
class Seen:
    """``stages`` in seconds; ``passages`` and ``abstained`` of an answer, None where there is none."""

    id: str
    tracer: "Tracer | None" = None
    stages: dict[str, float] = field(default_factory=dict)
    passages: int | None = None
    abstained: bool | None = None

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Of a question, as ``rag.trace`` tells it; a span where somebody gathers them."""
        began = time.perf_counter()
        try:
            if self.tracer is None:
                yield
            else:
                with self.tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False):
                    yield
        finally:
            self.stages[name] = self.stages.get(name, 0.0) + time.perf_counter() - began


CURRENT: ContextVar[Seen | None] = ContextVar("qdq_seen", default=None)
"""Of this request; None outside of one."""


def answered(answer: Answer) -> None:
    """To be told of each answer that leaves."""
    if seen := CURRENT.get():
        seen.passages, seen.abstained = len(answer.citations), answer.abstained


def method_of(scope: Scope) -> str:
    """One that is known; any other is nobody's text to write down."""
    method = str(scope["method"])
    return method if method in _METHODS else OTHER


def route_of(scope: Scope) -> str:
    """As it is written in the program, such as ``/v1/debates/{debate}``, with nothing of the request in it."""
    if route := getattr(scope.get("route"), "path_format", None):
        return str(route)
    path = str(scope["path"])
    if path in PLAIN:  # refused before anything looked for its route
        return path
    return next((files + "{path}" for files in FILES if path.startswith(files)), OTHER)


def request_id(given: str | None) -> str:
    """What the client calls its request, where that can stand in a log; else a new one.

    >>> request_id("abc-1"), len(request_id('"}\\n{')), len(request_id(None))
    ('abc-1', 16, 16)
    """
    return given if given and _ID.fullmatch(given) else secrets.token_hex(8)


def caller_id(scope: Scope) -> str | None:
    """Of the key with which a request comes; None without one."""
    found = getattr(scope.get("state", {}).get("caller"), "id", None)
    return str(found) if found else None
