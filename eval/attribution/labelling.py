"""What a few labels bring: ``python -m eval.attribution.labelling SUITE…``, "debate" being the one that ships.

A person is simulated who answers with the gold speaker of the segment that the product asks about; the label holds for
that segment alone, and propagates. Where the gold is unknown, the person passes, which costs an answer as well. The
weights have not seen the debate: those of FREDSum leave it out.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from eval.attribution.held_out import leave_one_out
from eval.attribution.recordings import GoldDebate, gold_debates, shipped
from index.speakers.suggest import least_certain, suggest
from index.speakers.suggest.turn_model import TurnModel, load_model

STEPS = (0, 1, 2, 3, 5, 8, 12, 20, 30, 50, 80)
_SHARE_ASKED = 0.1


@dataclass(frozen=True, slots=True)
class LabellingRow:
    """After ``labels`` answers: the share of words whose name is right, and the seconds that the last answer took."""

    debate: str
    turns: int
    labels: int
    accuracy: float
    seconds: float


def labelling_rows(
    debate: GoldDebate, model: TurnModel, most: int, *, whole_turns: bool = True
) -> Iterator[LabellingRow]:
    """After each answer, from none to ``most``; each is for the whole turn around the segment asked about, or for that
    segment alone."""
    fixed: dict[int, str] = {}
    passed: dict[int, str] = {}
    changes: set[int] = set()
    turns = 1 + sum(one != other for one, other in pairwise(debate.gold))
    for labels in range(most + 1):
        began = time.perf_counter()
        suggestions = suggest(debate.segments, debate.participants, fixed, changes=changes, model=model)
        asked = least_certain(debate.segments, suggestions, fixed | passed)
        seconds = time.perf_counter() - began
        names = [suggestion.speaker for suggestion in suggestions]
        yield LabellingRow(debate.id, turns, labels, accuracy(debate, names), seconds)
        if asked is None:
            return
        answer = debate.gold[asked]
        places = _turn(debate, asked) if whole_turns else [asked]
        (passed if answer is None else fixed).update(dict.fromkeys(places, answer or ""))
        if whole_turns and answer is not None:
            changes.update({places[0], places[-1] + 1})


def _turn(debate: GoldDebate, place: int) -> list[int]:
    """The places of the gold turn around ``place``."""
    first = last = place
    while first > 0 and debate.gold[first - 1] == debate.gold[place]:
        first -= 1
    while last + 1 < len(debate.gold) and debate.gold[last + 1] == debate.gold[place]:
        last += 1
    return list(range(first, last + 1))


def accuracy(debate: GoldDebate, names: Sequence[str | None]) -> float:
    """The share of the words with a known speaker whose name is right."""
    words = debate.words * debate.known
    right = np.array([gold == name for gold, name in zip(debate.gold, names, strict=True)])
    return float((words * right).sum() / words.sum())


def _suite(name: str) -> list[tuple[GoldDebate, TurnModel]]:
    if name == "debate":
        return [(shipped(), load_model())]
    return [(judged.debate, judged.model) for judged in leave_one_out(gold_debates(Path(name)))]


def main() -> None:
    """Print, for each debate, the share of right words after some numbers of labels."""
    for name in sys.argv[1:] or ["debate"]:
        print(f"# {name}", "debate turns " + " ".join(f"{step:>5}" for step in STEPS) + "  1/10  max s", sep="\n")
        tenths = []
        for debate, model in _suite(name):
            turns = 1 + sum(one != other for one, other in pairwise(debate.gold))
            tenth = round(turns * _SHARE_ASKED)
            rows = list(labelling_rows(debate, model, max(tenth, 12)))
            shown = " ".join(f"{rows[step].accuracy:5.3f}" if step < len(rows) else "    -" for step in STEPS)
            tenths.append(rows[min(tenth, len(rows) - 1)].accuracy)
            print(f"{debate.id[:22]:22} {turns:4} {shown} {tenths[-1]:5.3f} {max(row.seconds for row in rows):5.2f}")
        print(f"mean with one turn in ten: {np.mean(tenths):.3f}")


if __name__ == "__main__":
    main()
