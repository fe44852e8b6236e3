"""A made-up debate of six hours, for measures: 30,000 segments, eight people, some of it by nobody known."""

import random
from collections.abc import Sequence

from index.store import Import, Store
from index.transcripts.report import ImportReport, Note, NoteKind
from index.types import UNKNOWN, Attribution, Debate, Origin, Participant, Segment
from index.writing.embedding import index_fingerprint, indexed
from tests.fakes import HashEncoder

SECONDS = 6 * 3600
_SYLLABLES = "ba de fi go lu ma né pi ro su ta ver dou cla tion ment ance eur ité".split()


def long_debate(count: int = 30_000, *, people: int = 8, seed: int = 1, id_: str = "long") -> Debate:
    """``count`` captions of five to fifteen words over six hours; one turn in ten by nobody known."""
    draw = random.Random(seed)
    words = ["".join(draw.choices(_SYLLABLES, k=draw.randint(1, 4))) for _ in range(4000)]
    names = [f"{draw.choice(words).title()} {draw.choice(words).title()}" for _ in range(people)]
    step, segments, who = SECONDS / count, list[Segment](), UNKNOWN
    for at in range(count):
        if draw.random() < 0.05:
            known = people and draw.random() < 0.9
            who = Attribution(draw.choice(names), Origin.LABELLED, 1.0) if known else UNKNOWN
        segments.append(Segment(at, at * step, (at + 1) * step, _caption(draw, words), who))
    return Debate(id_, "Un très long débat", tuple(segments), tuple(map(Participant, names)))


def _caption(draw: random.Random, words: Sequence[str]) -> str:
    text = " ".join(draw.choices(words, weights=range(len(words), 0, -1), k=draw.randint(5, 15)))
    return text[0].upper() + text[1:] + "." if draw.random() < 0.4 else text


def put(store: Store, debate: Debate) -> None:
    """Into an index of the fake encoder, with a report of a thousand notes."""
    encoder = HashEncoder()
    notes = tuple(Note(NoteKind.EMPTY_CUE, line) for line in range(1, 1001))
    report = ImportReport("srt", "utf-8", len(debate.segments), 300_000, (), 0.0, SECONDS, notes)
    entry = indexed(debate, encoder)
    store.add(
        type(entry)(entry.debate, entry.windows, entry.vectors, entry.terms, Import("made up", report)),
        index_fingerprint(encoder),
    )
