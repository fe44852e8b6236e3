"""What is evaluated: questions with gold, and the recordings they speak of."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eval.suites.questions import GoldQuestion
from index.types import Debate


@dataclass(frozen=True, slots=True)
class Recording:
    """A debate with its gold speakers, as far as they are known.

    ``path`` is its transcript and ``side_file`` what says who speaks; a recording without a file is its text.
    """

    debate: Debate
    path: Path | None = None
    side_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Suite:
    """``sets`` names the file that each question comes from, by its id. ``home`` is the user's own index, when it is
    that one that is asked; otherwise the recordings are indexed for the evaluation. ``left_out`` counts queries that
    nobody judged."""

    name: str
    questions: tuple[GoldQuestion, ...]
    recordings: tuple[Recording, ...]
    sets: Mapping[str, str] = field(default_factory=dict)
    home: Path | None = None
    left_out: int = 0

    @property
    def has_side_files(self) -> bool:
        return any(recording.side_file is not None for recording in self.recordings)

    @property
    def corpus_hash(self) -> str:
        """Over the texts and times of the recordings, whatever their format and whoever speaks."""
        return _digest(
            f"{recording.debate.id} {segment.start} {segment.end} {segment.text}"
            for recording in sorted(self.recordings, key=lambda recording: recording.debate.id)
            for segment in recording.debate.segments
        )

    @property
    def questions_hash(self) -> str:
        """Over the questions with their gold, in the order of their ids."""
        ordered: Sequence[GoldQuestion] = sorted(self.questions, key=lambda question: question.id)
        return _digest(question.model_dump_json() for question in ordered)


def _digest(parts: Iterable[str]) -> str:
    """Sixteen hexadecimal digits."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode() + b"\n")
    return digest.hexdigest()[:16]
