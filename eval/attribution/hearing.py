"""How well speakers are told from sound: debates of known truth are made, heard, and named by what is said in them.

Judged word by word, since hearing may cut a segment that holds two voices. What a recording refuses is nobody's name
for any of its words.
"""

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np

from eval.attribution.heard_words import Sure, in_voice, judged_words, perfectly_heard, surenesses, together
from eval.attribution.made_script import joined
from eval.attribution.made_sound import Made, Voices, make
from eval.attribution.voices import JudgedVoice
from index.errors import Language, RecordingError
from index.sound.types import Heard
from index.speakers.attribution import Models, attributed
from index.types import Debate, Progress, Segment

Ear: TypeAlias = Callable[[Path, Debate], Heard]
"""What ``index.sound.hear`` is, or anything in its place. May raise a RecordingError."""

SHORT = ("clean", "hard")
_JOINED = 60.0
"""Minutes of a debate that is two in one."""


@dataclass(frozen=True, slots=True)
class HearingRow:
    """``seconds`` of ``debate`` under ``condition``, heard in ``took`` seconds. ``right``, ``wrong`` and ``role``: the
    shares of ``words`` by the names that they got (see ``verdict``); ``in_voice``: those in the voice that is their
    speaker's, each voice being one speaker's at most; ``perfect``: those that would be right if all were, what is left
    being the naming's. ``refused`` says why nothing was heard, or nothing."""

    debate: str
    condition: str
    seconds: float
    speakers: int
    voices: int
    words: int
    right: float
    wrong: float
    role: float
    perfect: float
    in_voice: float
    took: float
    sure: tuple[Sure, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """``conditions`` by their names; the first ``minutes`` of each debate; ``seed`` gives the voices to the speakers.
    ``models``: what was fitted without a debate, by its id; the others are named by what is shipped."""

    conditions: Sequence[str] = SHORT
    minutes: float | None = None
    seed: int = 0
    models: Mapping[str, Models] = field(default_factory=dict)
    language: Language = "en"


def hearing_rows(
    debates: Sequence[Debate], voices: Voices, ear: Ear, asked: Asked, progress: Progress | None = None
) -> Iterator[HearingRow]:
    """A row for each condition and each debate that has gold speakers and not more of them than there are voices; the
    last debate is two in one, where that gives more speakers than any has. Raises SuiteInvalid."""
    debates = _heard_of(debates, len(voices.names), asked.minutes)
    total = len(asked.conditions) * len(debates)
    for at, condition in enumerate(asked.conditions):
        for number, debate in enumerate(debates):
            if progress:
                progress("made", at * len(debates) + number, total)
            with tempfile.TemporaryDirectory(prefix="qdq-hearing-") as folder:
                path = Path(folder) / "made.wav"
                made = make(debate, voices, condition, path, minutes=asked.minutes, seed=asked.seed)
                yield _row(debate, condition, made, ear, asked)
    if progress:
        progress("made", total, total)


def pooled(rows: Sequence[HearingRow]) -> list[HearingRow]:
    """A row for each condition, over all its words; counts of speakers and voices are sums."""
    return [
        _pool(condition, [row for row in rows if row.condition == condition])
        for condition in dict.fromkeys(row.condition for row in rows)
    ]


def _heard_of(debates: Sequence[Debate], most: int, minutes: float | None) -> list[Debate]:
    """Those whose speakers are known and have voices enough, and two in one, of different people."""
    fit = [debate for debate in debates if _crowd(debate) and _needed(debate) <= most]
    pairs = [(one, two) for at, one in enumerate(fit) for two in fit[at + 1 :] if not _guests(one) & _guests(two)]
    both = [joined(one, two, (minutes or _JOINED) / 2) for one, two in pairs]
    largest = max((debate for debate in both if _needed(debate) <= most), key=_crowd, default=None)
    return [*fit, largest] if largest and _crowd(largest) > max(map(_crowd, fit)) else fit


def _crowd(debate: Debate) -> int:
    return len({segment.speaker for segment in debate.segments if segment.speaker})


def _needed(debate: Debate) -> int:
    """Voices: whoever is not known has one of their own."""
    return len({segment.speaker for segment in debate.segments})


def _guests(debate: Debate) -> set[str]:
    return {person.name for person in debate.participants}


def _row(gold: Debate, condition: str, made: Made, ear: Ear, asked: Asked) -> HearingRow:
    def judged(segments: Sequence[Segment]) -> list[JudgedVoice]:
        named = _named(replace(made.debate, segments=tuple(segments)), asked.models.get(gold.id))
        return judged_words(made, gold, named)

    def share(judged: Sequence[JudgedVoice], wanted: str) -> float:
        return sum(one.words for one in judged if one.verdict == wanted) / total

    known = [speaker for speaker in made.words if speaker]
    began, total, refused = time.perf_counter(), max(len(known), 1), ""
    try:
        found = ear(made.path, made.debate).segments
    except RecordingError as error:
        found, refused = (), error.message(asked.language)
    took = time.perf_counter() - began
    words = judged(found) if found else []
    return HearingRow(
        debate=gold.id,
        condition=condition,
        seconds=made.duration,
        speakers=len(set(known)),
        voices=len({segment.voice for segment in found if segment.voice}),
        words=total,
        right=share(words, "right"),
        wrong=share(words, "wrong"),
        role=share(words, "role"),
        perfect=share(judged(perfectly_heard(made)), "right"),
        in_voice=in_voice(made, found) if found else 0.0,
        took=took,
        sure=surenesses(words),
        refused=refused,
    )


def _named(debate: Debate, models: Models | None) -> Sequence[Segment]:
    """As the product names them."""
    return attributed(debate, (), {}, models=models).debate.segments


def _pool(condition: str, rows: Sequence[HearingRow]) -> HearingRow:
    words = np.array([row.words for row in rows], dtype=np.float64)
    share = words / max(words.sum(), 1)
    return HearingRow(
        debate="",
        condition=condition,
        seconds=sum(row.seconds for row in rows),
        speakers=sum(row.speakers for row in rows),
        voices=sum(row.voices for row in rows),
        words=int(words.sum()),
        right=float(share @ [row.right for row in rows]),
        wrong=float(share @ [row.wrong for row in rows]),
        role=float(share @ [row.role for row in rows]),
        perfect=float(share @ [row.perfect for row in rows]),
        in_voice=float(share @ [row.in_voice for row in rows]),
        took=sum(row.took for row in rows),
        sure=tuple(map(together, zip(*(row.sure for row in rows), strict=True))),
        refused=str(sum(1 for row in rows if row.refused) or ""),
    )
