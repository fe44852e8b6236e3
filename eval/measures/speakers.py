"""How well the speakers of a recording are told: what is attributed against the gold.

Segments whose gold speaker is unknown are left out. Weights are words, so that a long turn counts for what is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from index.types import Segment


@dataclass(frozen=True, slots=True)
class SpeakerMeasures:
    """All in [0, 1], higher is better.

    ``coverage`` is the share of words that got a name and ``accuracy`` the right share of those. ``accuracy_60`` is the
    right share of the 60 % of words that are attributed with the most confidence, where a word without a name is wrong;
    so are ``_80`` and ``_100``. ``turn_f1`` is of the changes of speaker, right when within one segment.
    """

    accuracy: float
    coverage: float
    accuracy_60: float
    accuracy_80: float
    accuracy_100: float
    turn_f1: float


@dataclass(frozen=True, slots=True)
class _Judged:
    words: int
    confidence: float
    right: bool
    named: bool


def measure_speakers(gold: Sequence[Segment], found: Sequence[Segment]) -> SpeakerMeasures | None:
    """Both are the segments of the same recording. None when no gold speaker is known. Raises ValueError for lists of
    different lengths."""
    known = [(truth, guess) for truth, guess in zip(gold, found, strict=True) if truth.speaker is not None]
    if not known:
        return None
    judged = [
        _Judged(
            words=len(truth.text.split()),
            confidence=guess.attribution.confidence if guess.speaker else -1.0,
            right=guess.speaker == truth.speaker,
            named=guess.speaker is not None,
        )
        for truth, guess in known
    ]
    total, named = sum(one.words for one in judged), sum(one.words for one in judged if one.named)
    right = sum(one.words for one in judged if one.right)
    return SpeakerMeasures(
        accuracy=right / named if named else 0.0,
        coverage=named / total,
        accuracy_60=_accuracy_at(0.6, judged),
        accuracy_80=_accuracy_at(0.8, judged),
        accuracy_100=_accuracy_at(1.0, judged),
        turn_f1=change_f1([truth.speaker for truth, _ in known], [guess.speaker for _, guess in known]),
    )


def _accuracy_at(coverage: float, judged: Sequence[_Judged]) -> float:
    """The last segment counts with as many words as still fit."""
    wanted = coverage * sum(one.words for one in judged)
    left, right = wanted, 0.0
    for one in sorted(judged, key=lambda one: -one.confidence):
        taken = min(left, one.words)
        right += taken * one.right
        left -= taken
    return right / wanted


def change_f1(gold: Sequence[str | None], found: Sequence[str | None]) -> float:
    """Changes are matched one to one from the left, which is the most that can be matched within one segment."""
    wanted, given = _changes(gold), _changes(found)
    if not wanted and not given:
        return 1.0
    matched, at = 0, 0
    for change in wanted:
        while at < len(given) and given[at] < change - 1:
            at += 1
        if at < len(given) and given[at] <= change + 1:
            matched += 1
            at += 1
    return 2 * matched / (len(wanted) + len(given))


def _changes(speakers: Sequence[str | None]) -> list[int]:
    return [at for at in range(1, len(speakers)) if speakers[at] != speakers[at - 1]]
