"""Whose name a word may begin, looked up, against asking each name."""

from hypothesis import given
from hypothesis import strategies as st

from index.speakers.names import KnownNames, close, name_parts
from index.words.lexical import fold

_NAMES = (
    "Jean-Baptiste Kempf", "Constantin Pavléas", "Bruno Le Maire", "Marine Le Pen", "M. Macron", "Éric Zemmour",
    "Philippe Pfister", "Filip Fister", "Anne Hidalgo", "Qing Chen", "Ken", "Le", "Présentatrice", "de Gaulle", "Jo",
)  # fmt: skip
_WORDS = st.one_of(
    st.sampled_from(
        "Kemf kempf Kempff Pavlias Pavleas macron Makron zemour Zemmmour fister Phister Pfyster le de jo J k q chen "
        "Ching hidalgo Idalgo Hildago gaule Philip philipe pen penn ken".split()
    ),
    st.text("abcéikpfhqz", min_size=1, max_size=7),
)


def begun_by_hand(word: str, names: list[str]) -> list[str]:
    return [
        name
        for name in names
        if any(
            part == word or close(word, part) or (len(word) == 1 and part.startswith(word)) for part in name_parts(name)
        )
    ]


@given(_WORDS, st.lists(st.sampled_from(_NAMES), unique=True))
def test_a_word_begins_the_names_that_it_would_begin_one_by_one(word: str, names: list[str]) -> None:
    assert KnownNames.of(tuple(names)).begun_by(fold(word)) == begun_by_hand(fold(word), names)


def test_a_misspelt_word_finds_all_who_may_be_meant_in_their_order() -> None:
    known = KnownNames.of(_NAMES)
    assert known.begun_by("fister") == ["Philippe Pfister", "Filip Fister"]
    assert known.begun_by("le") == ["Bruno Le Maire", "Marine Le Pen", "Le"]
    assert known.begun_by("pavlias") == ["Constantin Pavléas"]
    assert known.begun_by("budget") == []
