"""Debates for property tests: turns and sentences of any length, odd characters, people and nobody, times that
overlap."""

from hypothesis import strategies as st

from index.types import UNKNOWN, Attribution, Debate, Origin, Segment

_WORDS = st.sampled_from(
    [
        *"oui non Été cœur ŒUVRE ﬁn l’Europe L'an ça <b> &amp; M. dit. vraiment ? Non… fin! straße".split(),
        *("e\u0301té", "10\u00a0%"),
    ]
)
_TEXTS = st.lists(_WORDS, min_size=1, max_size=60).map(" ".join)
_PEOPLE = st.sampled_from(
    [
        UNKNOWN,
        *(Attribution(name, Origin.LABELLED, 1.0) for name in ("Ada", "Zoé")),
        Attribution("Bob", Origin.VOICE, 0.9),
    ]
)


@st.composite
def made_debates(draw: st.DrawFn) -> Debate:
    """Of up to forty segments."""
    rows = draw(st.lists(st.tuples(_TEXTS, _PEOPLE, st.integers(1, 6), st.integers(0, 5)), min_size=1, max_size=40))
    segments, now, who = [], 0.0, UNKNOWN
    for at, (text, speaker, length, wait) in enumerate(rows):
        who = speaker if wait % 2 else who
        segments.append(Segment(at, now, now + length, text, who))
        now += wait
    return Debate("d", "D", tuple(segments))
