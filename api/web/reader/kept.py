"""Debates as they were laid out last, kept while the index does not change."""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import cached_property

from api.web.reader.finding import Folded
from api.web.reader.speaking import Spoken, speaking
from api.web.reader.timeline import Timeline, timeline
from api.web.reader.transcript import Transcript
from api.web.voices import colours
from index.types import Attribution, Turn
from index.writing.labelling import turns_of
from rag.chapters import Chapter
from rag.engine import Engine

_RUNS_KEPT = 100_000
"""About 80 MB: three debates of six hours, or hundreds of short ones."""
_QUICK = 2_000
"""Runs up to which chapters take well under half a second."""


class Kept:
    """A debate with what is computed of it once it is wanted. ``colours`` are by name; ``guesses`` say who may speak
    each segment that has no speaker, where the turns are those that a person can correct."""

    def __init__(self, transcript: Transcript, colours: Mapping[str, int], guesses: Sequence[Attribution] = ()) -> None:
        self.transcript = transcript
        self.colours = colours
        self.guesses = guesses
        self._chapters: tuple[Chapter, ...] | None = None
        self._lock = threading.Lock()

    @cached_property
    def folded(self) -> Folded:
        return Folded.of(self.transcript.text)

    @cached_property
    def timeline(self) -> Timeline:
        return timeline(self.transcript.debate.segments, self.colours)

    @cached_property
    def spoken(self) -> list[Spoken]:
        return speaking(self.transcript.debate.segments)

    def chapters(self, engine: Engine, *, wait: bool) -> tuple[Chapter, ...] | None:
        """None for a long debate of which they are not known yet, unless its reader would ``wait``. Raises
        DebateUnknown."""
        if self._chapters is None and not wait and len(self.transcript.runs) > _QUICK:
            return None
        with self._lock:
            if self._chapters is None:
                self._chapters = engine.chapters(self.transcript.debate.id)
            return self._chapters


class Shelf:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._generation = ""
        self._kept: OrderedDict[tuple[str, bool], Kept] = OrderedDict()

    def of(self, engine: Engine, debate: str, *, to_correct: bool = False) -> Kept:
        """Laid out by its turns as they are known, or as they are guessed, ``to_correct`` them: of hours, in seconds.
        Raises DebateUnknown."""
        key = debate, to_correct
        catalogue = engine.catalogue()
        with self._lock:
            if catalogue.generation != self._generation:
                self._kept.clear()
                self._generation = catalogue.generation
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        by_name = colours(catalogue, {debate}).get(debate, {})
        made = _guessed(engine, debate, by_name) if to_correct else Kept(Transcript.of(engine.debate(debate)), by_name)
        with self._lock:
            if catalogue.generation == self._generation:
                self._kept[key] = made
                self._forget()
        return made

    def _forget(self) -> None:
        while len(self._kept) > 1 and sum(len(one.transcript.runs) for one in self._kept.values()) > _RUNS_KEPT:
            self._kept.popitem(last=False)


def _guessed(engine: Engine, debate: str, by_name: Mapping[str, int]) -> Kept:
    known = engine.attribution(debate)
    spoken = [Turn(turn.first, turn.last, turn.attribution) for turn in turns_of(known)]
    guesses = [guess.attribution for guess in known.guesses]
    return Kept(Transcript.of(known.debate, spoken), by_name, guesses)
