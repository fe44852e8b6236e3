"""Long work, as server-sent events:

    progress   {stage, label, done, total, left}: what is being done; of a stage with total 0 nobody knows the length;
               ``left`` are the seconds that it will take, null while that is not known
    NAME       what the request answers without streaming
    error      a problem (RFC 9457) instead of it: then the index is as it was before

What is wrong from the beginning is the answer's status, before any event. A client that leaves stops the work, unless
that is stored already.
"""

import contextvars
import threading
from collections.abc import Callable, Generator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeAlias, TypeVar

from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from api.progress import Pace, stage_name
from api.schemas.debates import ProgressOut
from api.serving.events import COMMENT, PROBLEM, component, described, event, streamed
from index.errors import Language
from index.types import Progress

_QUIET = 0.5
"""Seconds after which a client that has left is looked for."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Told:
    """How far a stage is; of one with ``total`` 0 nobody knows the length. ``left`` are seconds."""

    stage: str
    done: int
    total: int
    left: int | None


@dataclass(frozen=True, slots=True)
class _Made(Generic[T]):
    """What the work came to."""

    result: T


_Step: TypeAlias = Told | _Made[T] | None
_Queue: TypeAlias = SimpleQueue[Told | _Made[T] | BaseException]


class _Left(Exception):
    """Nobody waits for it any more."""


def description(name: str, schema: str) -> dict[str, Any]:
    """For OpenAPI: the answer with ``stream=true``, whose last event is ``name`` with what ``schema`` describes."""
    return {
        "content": described(progress=ProgressOut.model_json_schema(), **{name: component(schema)}, error=PROBLEM),
        "description": "With `stream=true`, events: `progress` (`stage`, `label`, `done`, `total`, and the seconds "
        f"`left`, null while unknown), then `{name}` (as without streaming) or `error` (a problem).",
    }


def work_events(
    work: Callable[[Progress], T], files: ExitStack, language: Language, name: str, out: Callable[[T], BaseModel]
) -> StreamingResponse:
    """Runs ``work``, and closes ``files`` when it has ended; the event ``name`` tells what it returns as ``out`` makes
    it. Raises what goes wrong before it tells anything."""
    return streamed(steps(work, files), language, partial(_part, language, name, out))


def steps(work: Callable[[Progress], T], files: ExitStack) -> Generator[_Step[T], None, None]:
    """What ``work`` tells from a thread of its own, None while it tells nothing, and what it returns. Closing it stops
    ``work`` at the next thing that it tells; ``files`` see that as a failure unless ``work`` was through by then."""
    told: _Queue[T] = SimpleQueue()
    left, through, pace = threading.Event(), threading.Event(), Pace()

    def tell(stage: str, done: int, total: int) -> None:
        if left.is_set():
            raise _Left
        told.put(Told(stage, done, total, pace.left(stage, done, total)))

    def run() -> None:
        try:
            made = _Made(work(tell))
            through.set()
            told.put(made)
        except BaseException as error:  # for whoever waits, whatever it is
            told.put(error)

    thread = threading.Thread(target=contextvars.copy_context().run, args=(run,))  # what is logged there has its id
    with files:
        thread.start()
        try:
            step: _Step[T] = None
            while not isinstance(step, _Made):
                step = _next(told)
                yield step
        except GeneratorExit:
            left.set()
            thread.join()
            if not through.is_set():
                raise
        finally:
            left.set()
            thread.join()


def _next(told: _Queue[T]) -> _Step[T]:
    try:
        found = told.get(timeout=_QUIET)
    except Empty:
        return None
    if isinstance(found, BaseException):
        raise found
    return found


def _part(language: Language, name: str, out: Callable[[T], BaseModel], step: _Step[T]) -> str:
    if isinstance(step, Told):
        progress = ProgressOut(label=stage_name(step.stage, language), **asdict(step))
        return event("progress", progress.model_dump(mode="json"))
    if isinstance(step, _Made):
        return event(name, out(step.result).model_dump(mode="json"))
    return COMMENT
