"""What the text alone tells of who speaks: ``python -m eval.attribution.text SUITE…``, "debate" being the shipped one.

No debate is judged by weights that have seen it. Printed for each: changes of speaker (F1 within one segment), the
host (F1 over segments), the right share of all words, the same for two baselines, and what would be shown unasked; then
over all debates the right share of the words shown at each threshold.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.attribution.held_out import SHOWN_RIGHT, Judged, leave_one_out
from eval.attribution.recordings import GoldDebate, gold_debates, guests_of, shipped
from eval.attribution.recut import recut
from eval.measures.speakers import change_f1
from index.speakers.suggest import suggest
from index.speakers.suggest.mentions import mentions
from index.speakers.suggest.turn_model import load_model

THRESHOLDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class TextRow:
    """Shares of words in [0, 1], and F1; ``shown_right`` is None where nothing is shown."""

    debate: str
    change_f1: float
    host_f1: float
    identity: float
    top_speaker: float
    name_rule: float
    shown: float
    shown_right: float | None


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """``covered`` of the words have a confidence of ``threshold`` at least, and ``right`` of these the right name."""

    threshold: float
    covered: float
    right: float | None


def text_row(judged: Judged) -> TextRow:
    debate, model = judged.debate, judged.model
    known = debate.known
    changes = np.array([suggestion.turn_change > model.change_at for suggestion in judged.suggestions])
    hosts = np.array([suggestion.host >= model.host_at for suggestion in judged.suggestions])
    raw = [label for label in debate.raw if label is not None]
    words = debate.words * known
    shown = judged.confidence >= model.shown_at
    return TextRow(
        debate=debate.id,
        change_f1=change_f1(raw, [str(turn) for turn in np.cumsum(changes)[known]]),
        host_f1=float(2 * (hosts & debate.host)[known].sum() / max((hosts[known].sum() + debate.host.sum()), 1)),
        identity=float((words * judged.right).sum() / words.sum()),
        top_speaker=_share(debate, [_top(debate)] * len(debate.gold)),
        name_rule=_share(debate, name_rule(debate)),
        shown=float((words * shown).sum() / words.sum()),
        shown_right=_right_share(words, judged.right, shown),
    )


def coverage(judged: Sequence[Judged], thresholds: Sequence[float] = THRESHOLDS) -> list[CoverageRow]:
    """Over the words of all debates together."""
    words = np.concatenate([one.debate.words * one.debate.known for one in judged])
    right = np.concatenate([one.right for one in judged])
    confidence = np.concatenate([one.confidence for one in judged])
    return [
        CoverageRow(
            threshold=threshold,
            covered=float(words[confidence >= threshold].sum() / words.sum()),
            right=_right_share(words, right, confidence >= threshold),
        )
        for threshold in thresholds
    ]


def covered_when_right(judged: Sequence[Judged], least: float = SHOWN_RIGHT) -> float:
    """The largest share of words, the surest first, of which ``least`` are right: what hindsight would show."""
    words = np.concatenate([one.debate.words * one.debate.known for one in judged])
    right = np.concatenate([one.right for one in judged])
    order = np.argsort(-np.concatenate([one.confidence for one in judged]), kind="stable")
    total = np.cumsum(words[order])
    good = np.cumsum((words * right)[order]) >= least * np.maximum(total, 1)
    return float((total / total[-1])[good].max(initial=0.0))


def name_rule(debate: GoldDebate) -> list[str | None]:
    """The one-line baseline: the participant whose name ends a question speaks next, until another one's does."""
    names = guests_of(debate)
    speaker: str | None = _top(debate)
    found: list[str | None] = []
    asked: str | None = None
    for segment, some in zip(debate.segments, mentions(debate.segments, debate.participants), strict=True):
        speaker = asked or speaker
        found.append(speaker)
        asked = names[some[-1].guest] if some and "?" in segment.text else None
    return found


def judged_suite(name: str) -> list[Judged]:
    """Each debate by a model that has not seen it; NAME:recut for one segment a sentence."""
    folder, _colon, cut = name.partition(":")
    if folder == "debate":
        model, debate = load_model(), shipped()
        return [Judged(debate, model, suggest(debate.segments, debate.participants, model=model))]
    judged = leave_one_out(gold_debates(Path(folder)))
    if cut != "recut":
        return judged
    others = [(recut(one.debate), one.model) for one in judged]
    return [
        Judged(debate, model, suggest(debate.segments, debate.participants, model=model)) for debate, model in others
    ]


def _top(debate: GoldDebate) -> str:
    """Who speaks most: a baseline that is told."""
    words = debate.words
    speakers = sorted({speaker for speaker in debate.gold if speaker})
    return max(speakers, key=lambda speaker: words[[gold == speaker for gold in debate.gold]].sum())


def _share(debate: GoldDebate, names: Sequence[str | None]) -> float:
    words = debate.words * debate.known
    right = np.array([gold == name for gold, name in zip(debate.gold, names, strict=True)])
    return float((words * right).sum() / words.sum())


def _right_share(
    words: np.ndarray[tuple[int], np.dtype[np.int64]],
    right: np.ndarray[tuple[int], np.dtype[np.float64]],
    shown: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> float | None:
    total = words[shown].sum()
    return float((words * right)[shown].sum() / total) if total else None


def pooled_host_f1(judged: Sequence[Judged]) -> float:
    """Over the segments of all debates together."""
    found = [
        [suggestion.host >= one.model.host_at for suggestion in one.suggestions] & one.debate.known for one in judged
    ]
    hosts, true = np.concatenate(found), np.concatenate([one.debate.host for one in judged])
    return float(2 * (hosts & true).sum() / (hosts.sum() + true.sum()))


def main() -> None:
    """Print the tables of each suite."""
    for name in sys.argv[1:] or ["debate"]:
        judged = judged_suite(name)
        rows = [text_row(one) for one in judged]
        print(
            f"# {name}", f"{'debate':30} change-F1 host-F1 identity top-speaker name-rule shown shown-right", sep="\n"
        )
        for row in rows:
            right = "-" if row.shown_right is None else f"{row.shown_right:.3f}"
            numbers = (row.change_f1, row.host_f1, row.identity, row.top_speaker, row.name_rule, row.shown)
            print(f"{row.debate[:30]:30} {' '.join(f'{number:8.3f}' for number in numbers)} {right:>8}")
        means = np.mean(
            [(row.change_f1, row.host_f1, row.identity, row.top_speaker, row.name_rule, row.shown) for row in rows],
            axis=0,
        )
        print(f"{'mean':30} {' '.join(f'{number:8.3f}' for number in means)}")
        print(f"host F1 over all segments {pooled_host_f1(judged):.3f}")
        _print_coverage(judged)


def _print_coverage(judged: Sequence[Judged]) -> None:
    print("confidence from   words shown   right")
    for row in coverage(judged):
        print(f"{row.threshold:15.2f} {row.covered:13.3f} {'-' if row.right is None else f'{row.right:.3f}':>7}")
    shown = [(one, one.confidence >= one.model.shown_at) for one in judged]
    words = np.concatenate([one.debate.words * one.debate.known for one in judged])
    over = np.concatenate([places for _one, places in shown])
    right = _right_share(words, np.concatenate([one.right for one in judged]), over)
    told = "-" if right is None else f"{right:.3f}"
    print(f"at the threshold of the other debates: shown {words[over].sum() / words.sum():.3f}, right {told}")
    print(f"share of words shown where {SHOWN_RIGHT} are right, with hindsight: {covered_when_right(judged):.3f}")


if __name__ == "__main__":
    main()
