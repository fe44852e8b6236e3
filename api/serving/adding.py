"""A debate that is added, as server-sent events:

    progress   {stage, label, done, total, left}: what is being done; of a stage with total 0 nobody knows the length;
               ``left`` are the seconds that it will take, null while that is not known
    added      what the request answers without streaming
    error      a problem (RFC 9457) instead of ``added``: then the index is as it was before

What is wrong with the file itself is the answer's status, before any event. A client that leaves takes its debate
back, unless that is stored already.
"""

import contextvars
import threading
from collections.abc import Callable, Generator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import TypeAlias

from fastapi.responses import StreamingResponse

from api.progress import Pace, stage_name
from api.schemas.debates import ProgressOut, added_out
from api.serving.events import COMMENT, PROBLEM, component, described, event, streamed
from index.errors import Language
from index.types import Progress
from index.writing.build import Added

DESCRIPTION = {
    "content": described(progress=ProgressOut.model_json_schema(), added=component("AddedOut"), error=PROBLEM),
    "description": "With `stream=true`, events: `progress` (`stage`, `label`, `done`, `total`, and the seconds `left`, "
    "null while unknown), then `added` (as without streaming) or `error` (a problem).",
}
_QUIET = 0.5
"""Seconds after which a client that has left is looked for."""


@dataclass(frozen=True, slots=True)
class Told:
    """How far a stage is; of one with ``total`` 0 nobody knows the length. ``left`` are seconds."""

    stage: str
    done: int
    total: int
    left: int | None


_Step: TypeAlias = Told | Added | None


class _Left(Exception):
    """Nobody waits for the debate any more."""


def added_events(add: Callable[[Progress], Added], files: ExitStack, language: Language) -> StreamingResponse:
    """Runs ``add``, and closes ``files`` when it has ended. Raises what goes wrong before it tells anything."""
    return streamed(_steps(add, files), language, partial(_part, language))


def _steps(add: Callable[[Progress], Added], files: ExitStack) -> Generator[_Step, None, None]:
    """What ``add`` tells from a thread of its own, None while it tells nothing, and what it returns. Closing it stops
    ``add`` at the next thing that it tells."""
    told: SimpleQueue[Told | Added | BaseException] = SimpleQueue()
    left, pace = threading.Event(), Pace()

    def tell(stage: str, done: int, total: int) -> None:
        if left.is_set():
            raise _Left
        told.put(Told(stage, done, total, pace.left(stage, done, total)))

    def run() -> None:
        try:
            told.put(add(tell))
        except BaseException as error:  # for whoever waits, whatever it is
            told.put(error)

    thread = threading.Thread(target=contextvars.copy_context().run, args=(run,))  # what is logged there has its id
    with files:
        thread.start()
        try:
            step: _Step = None
            while not isinstance(step, Added):
                step = _next(told)
                yield step
        finally:
            left.set()
            thread.join()


def _next(told: "SimpleQueue[Told | Added | BaseException]") -> _Step:
    try:
        found = told.get(timeout=_QUIET)
    except Empty:
        return None
    if isinstance(found, BaseException):
        raise found
    return found


def _part(language: Language, step: _Step) -> str:
    if isinstance(step, Told):
        progress = ProgressOut(label=stage_name(step.stage, language), **asdict(step))
        return event("progress", progress.model_dump(mode="json"))
    if isinstance(step, Added):
        return event("added", added_out(step, language).model_dump(mode="json"))
    return COMMENT
