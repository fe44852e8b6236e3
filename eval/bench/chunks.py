"""What is measured on: a suite, cut down so that every product has the same, and as the chunks that others index.

A chunk is a window of segments, 60 words at least and hardly over 90, begun half a chunk after the one before it: short
enough to be shown as it is, long enough to be found. It keeps its place in time, so that gold spans apply to it. Where
it is known who speaks, their names are written into what is indexed: without them no product that takes texts could
answer « que dit X », and a user who has the names would write them in.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from eval.bench.rivals import Chunk
from eval.suites.find import find_suite
from eval.suites.indexes import files_of
from eval.suites.questions import GoldQuestion
from eval.suites.suite import Recording, Suite
from index.pieces.windows import pieces, windows
from index.types import Debate, Segment
from index.writing.build import Details
from rag.settings import Settings

WIDTH = 60


@dataclass(frozen=True, slots=True)
class Cut:
    """A suite of which the first ``recordings`` and an even choice of ``questions`` are used; None: all."""

    suite: str
    recordings: int | None = None
    questions: int | None = None

    @property
    def name(self) -> str:
        return Path(self.suite).name


@dataclass(frozen=True)
class SuiteSource:
    """A ``Source``: the recordings of a suite."""

    recordings: tuple[Recording, ...]

    @cached_property
    def chunks(self) -> tuple[Chunk, ...]:
        return chunks_of(recording.debate for recording in self.recordings)

    def files(self) -> Iterator[tuple[Path, Details]]:
        for recording in self.recordings:
            with files_of(recording, labelled=True) as (path, details):
                yield path, details


def chunks_of(debates: Iterable[Debate]) -> tuple[Chunk, ...]:
    """In the order of the debates, and of time."""
    found: list[Chunk] = []
    for debate in debates:
        parts = pieces(debate.segments)
        for window in windows(parts, WIDTH):
            held = parts[window.first : window.last + 1]
            start, end = held[0].start, max(part.end for part in held)
            found.append(Chunk(len(found), debate.id, window.first, window.last, start, end, window.text, _named(held)))
    return tuple(found)


def _named(parts: Sequence[Segment]) -> str:
    """ "Ada Martin : Bonsoir. Jean Petit : Merci." """
    found: list[str] = []
    speaker = None
    for part in parts:
        if part.speaker is not None and part.speaker != speaker:
            found.append(f"{part.speaker} :")
        speaker = part.speaker
        found.append(part.text)
    return " ".join(found)


def read_cut(cut: Cut, settings: Settings) -> Suite:
    """Raises as ``find_suite`` does."""
    suite = find_suite(cut.suite, settings)
    recordings = suite.recordings[: cut.recordings]
    inside = {recording.debate.id for recording in recordings}
    kept = [question for question in suite.questions if {span.debate for span in question.gold} <= inside]
    return replace(suite, recordings=recordings, questions=_evenly(kept, cut.questions))


def _evenly(questions: list[GoldQuestion], count: int | None) -> tuple[GoldQuestion, ...]:
    """From the first to the last in equal steps, so that each kind of question keeps its share."""
    if count is None or count >= len(questions):
        return tuple(questions)
    return tuple(questions[at * len(questions) // count] for at in range(count))
