"""How names hold in short recordings, whose voices are told apart perfectly: python -m eval.attribution.pieces SUITE

Pieces of every length from everywhere in the debates: people are called late, so that what names them in a whole debate
may be missing. With ``--incomplete``, each debate is announced without one of its guests, whom nobody should be taken
for. What goes wrong here is the naming's, never the sound's. No debate is judged by what was fitted on it.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.attribution.held_out import models_without_each
from eval.attribution.trials import told_from
from eval.attribution.voices import verdict
from eval.suites.native import read_folder
from index.speakers.attribution import Models, attributed
from index.transcripts.limits import LIMITS
from index.types import Attribution, Debate, Origin, Participant, Segment

MINUTES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 45)
STARTS = (0, 10, 20, 30, 45, 60, 80, 100, 120)
Announced = Callable[[Debate], list[Debate]]
"""How a debate may be told of."""
_WHOLE = 0.8
"""Of its length that a piece at the end of a debate has to have."""


@dataclass(frozen=True, slots=True)
class PieceRow:
    """Shares of the ``words`` of all ``pieces`` that are ``minutes`` long; ``wrong_by_text`` is the part of ``wrong``
    that no voice's name gave, but what the text tells of a voice without one."""

    minutes: float
    pieces: int
    words: int
    right: float
    wrong: float
    wrong_by_text: float


def piece_of(debate: Debate, start: float, minutes: float) -> Debate | None:
    """The segments that begin in ``minutes`` from ``start`` on, which is in minutes too; None where the debate is
    over before."""
    begin, end = 60 * start, 60 * (start + minutes)
    inside = [one for one in debate.segments if begin <= one.start < end]
    if not inside or inside[-1].end - begin < _WHOLE * (end - begin):
        return None
    return replace(debate, segments=tuple(replace(one, index=index) for index, one in enumerate(inside)))


def in_voices(debate: Debate) -> Debate:
    """As a recording would be heard without a mistake: a voice for each speaker, and no names."""
    numbers: dict[str | None, str] = {}

    def heard(segment: Segment) -> Segment:
        voice = numbers.setdefault(segment.speaker, f"SPEAKER_{len(numbers):02d}")
        return replace(segment, voice=voice, attribution=Attribution(voice, Origin.VOICE, 1.0))

    return replace(debate, segments=tuple(map(heard, debate.segments)))


def whole_cast(debate: Debate) -> list[Debate]:
    """As it is announced."""
    return [debate]


def without_each(debate: Debate) -> list[Debate]:
    """The debate as it is announced without one of its guests, for each of them."""

    def hidden(person: Participant) -> Debate:
        others = tuple(one for one in debate.participants if one is not person)
        title, description = (text.replace(person.name, "") for text in (debate.title, debate.description))
        return replace(debate, title=title, description=description, participants=others)

    return [hidden(person) for person in debate.participants]


def piece_rows(
    debates: Sequence[Debate],
    models: Mapping[str, Models],
    minutes: Sequence[float] = MINUTES,
    announced: Announced = whole_cast,
) -> Iterator[PieceRow]:
    """A row for each length. The debates' segments have the gold; ``models`` are what was fitted without each debate,
    by its id, or nothing for what is shipped."""
    for length in minutes:
        found = [
            _judged(whole, piece, models.get(whole.id))
            for whole in debates
            for told in announced(whole)
            for start in STARTS
            if (piece := piece_of(told, start, length))
        ]
        yield _row(length, len(found), sum(found, Counter()))


def _judged(whole: Debate, gold: Debate, models: Models | None) -> Counter[tuple[str, Origin]]:
    """Words by what their name is worth and what gave it."""
    hosts = told_from(whole.id, whole.title, whole.description, whole.segments).hosts
    named = attributed(in_voices(gold), (), {}, models=models).debate.segments
    words: Counter[tuple[str, Origin]] = Counter()
    for one, found in zip(gold.segments, named, strict=True):
        if one.speaker:
            worth = verdict(one.speaker, found.speaker, hosts)
            words[worth, found.attribution.origin] += len(one.text.split())
    return words


def _row(minutes: float, pieces: int, words: Counter[tuple[str, Origin]]) -> PieceRow:
    total = max(words.total(), 1)

    def share(wanted: str, *origins: Origin) -> float:
        return sum(words[wanted, origin] for origin in origins or tuple(Origin)) / total

    return PieceRow(minutes, pieces, words.total(), share("right"), share("wrong"), share("wrong", Origin.SUGGESTED))


def main(arguments: Sequence[str]) -> None:
    folder = Path(arguments[0])
    debates = [one.debate for one in read_folder(folder, folder.name, limits=LIMITS).recordings]
    announced = without_each if "--incomplete" in arguments else whole_cast
    print(f"{'minutes':>7} {'pieces':>6} {'words':>7} {'right':>6} {'wrong':>6} {'by text':>7}")
    for row in piece_rows(debates, models_without_each(folder), announced=announced):
        shares = f"{row.right:6.3f} {row.wrong:6.3f} {row.wrong_by_text:7.3f}"
        print(f"{row.minutes:7g} {row.pieces:6} {row.words:7} {shares}")


if __name__ == "__main__":
    main(sys.argv[1:])
