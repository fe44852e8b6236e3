"""How well the changes of subject are found: ``python -m eval.chapters INDEX`` on a folder that holds an index.

Stretches of different debates are laid one after the other (Choi 2000, "Advances in domain independent linear text
segmentation"), 300 to 900 words each, and the places where they meet are to be found again. Pk (Beeferman, Berger and
Lafferty 1999) and WindowDiff (Pevzner and Hearst 2002) are shares of windows that are wrong: lower is better. Beside
the product: parts of equal length, and parts cut at random. The number of parts is given to all three, and the
product's own choice is shown too.
"""

import argparse
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.local import LocalStore
from index.types import Vectors
from index.words.lexical import terms
from rag.chapters.cutting import cuts, features, part_count
from rag.chapters.units import units_of
from rag.layout import Layouts

_TRIALS = 100
_PARTS = (4, 12)
_WORDS = (300, 900)


@dataclass(frozen=True, slots=True)
class Piece:
    """A unit of a debate."""

    vector: Vectors
    terms: list[str]
    words: int


def pk(gold: Sequence[int], found: Sequence[int], length: int) -> float:
    """Share of windows of half a mean part in which the two disagree whether the ends lie in one part.

    >>> pk([5], [5], 10), pk([5], [], 10) > 0
    (0.0, True)
    """
    return _wrong(gold, found, length, lambda one, other: (one == 0) != (other == 0))


def window_diff(gold: Sequence[int], found: Sequence[int], length: int) -> float:
    """The same, where the number of cuts in the window must agree."""
    return _wrong(gold, found, length, lambda one, other: one != other)


def _wrong(gold: Sequence[int], found: Sequence[int], length: int, differ: Callable[[int, int], bool]) -> float:
    reach = max(1, round(length / (len(gold) + 1) / 2))
    counted = range(length - reach)
    wrong = sum(
        differ(
            sum(at < cut <= at + reach for cut in gold),
            sum(at < cut <= at + reach for cut in found),
        )
        for at in counted
    )
    return wrong / max(len(counted), 1)


def pieces_of(home: Path) -> list[list[Piece]]:
    """The units of each debate of an index."""
    store = LocalStore(home)
    layouts = Layouts(store)
    found = []
    with store.reading():
        for summary in store.debates():
            layout = layouts.of(summary.id)
            units = units_of(layout, store.vectors(summary.id))
            found.append(
                [
                    Piece(
                        unit.vector,
                        terms(layout.text(unit.first, unit.last), summary.language),
                        sum(layout.words[unit.first : unit.last + 1]),
                    )
                    for unit in units
                ]
            )
    store.close()
    return found


def laid_out(debates: Sequence[Sequence[Piece]], chance: random.Random) -> tuple[list[Piece], list[int]]:
    """Stretches of debates, no two neighbours of one, and where each but the first begins."""
    row: list[Piece] = []
    gold: list[int] = []
    before = -1
    for _part in range(chance.randint(*_PARTS)):
        number = chance.choice([at for at in range(len(debates)) if at != before])
        before, debate = number, debates[number]
        wanted, at = chance.randint(*_WORDS), chance.randrange(max(1, len(debate) - 10))
        if row:
            gold.append(len(row))
        while wanted > 0 and at < len(debate):
            row.append(debate[at])
            wanted -= debate[at].words
            at += 1
    return row, gold


def found_again(row: Sequence[Piece], parts: int) -> list[int]:
    """The product's cuts into ``parts``."""
    rows = features(np.array([piece.vector for piece in row]), [piece.terms for piece in row])
    return cuts(rows, [piece.words for piece in row], parts)


def measured(debates: Sequence[Sequence[Piece]], trials: int = _TRIALS) -> dict[str, tuple[float, float]]:
    """Mean Pk and WindowDiff of each way to cut; seeded."""
    chance = random.Random(7)
    values: dict[str, list[tuple[float, float]]] = {}
    for _trial in range(trials):
        row, gold = laid_out(debates, chance)
        parts = len(gold) + 1
        ways = {
            "found, number given": found_again(row, parts),
            "found, own number": found_again(row, part_count(sum(piece.words for piece in row))),
            "equal lengths": [round(len(row) * part / parts) for part in range(1, parts)],
            "at random": sorted(chance.sample(range(1, len(row)), parts - 1)),
        }
        for way, cut in ways.items():
            values.setdefault(way, []).append((pk(gold, cut, len(row)), window_diff(gold, cut, len(row))))
    return {
        way: (float(np.mean([pair[0] for pair in pairs])), float(np.mean([pair[1] for pair in pairs])))
        for way, pairs in values.items()
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Pk and WindowDiff of the chapters, lower is better.")
    parser.add_argument("index", type=Path, help="a folder with an index of several debates")
    parser.add_argument("--trials", type=int, default=_TRIALS)
    arguments = parser.parse_args()
    print(f"{'':22}{'Pk':>8}{'WindowDiff':>12}")
    for way, (wrong, differing) in measured(pieces_of(arguments.index), arguments.trials).items():
        print(f"{way:22}{wrong:8.3f}{differing:12.3f}")


if __name__ == "__main__":
    main()
