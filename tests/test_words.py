"""Words -> cues, and passages cut by their words: exact values, and what holds for any words."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.transcripts.report import Cue, Word
from index.transcripts.words import LONGEST_PAUSE, LONGEST_SEGMENT, MOST_WORDS, cues_of, cut


def said(text: str, speaker: str | None = None, start: float = 0) -> list[Word]:
    """A word every half second, without pauses."""
    return [Word(start + at / 2, start + at / 2 + 0.5, word, speaker) for at, word in enumerate(text.split())]


def texts(cues: Sequence[Cue]) -> list[tuple[str, str | None]]:
    return [(cue.text, cue.speaker) for cue in cues]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], []),
        (said("Oui. Non ? Peut-être…” dit Ada, enfin"), ["Oui.", "Non ?", "Peut-être…”", "dit Ada, enfin"]),
        ([Word(0, 1, "a"), Word(1.8, 2, "b"), Word(2.9, 3, "c")], ["a b", "c"]),
        ([Word(0, None, "a"), Word(0.8, None, "b"), Word(1.7, None, "c")], ["a b", "c"]),
        ([Word(5, 6, "a"), Word(4.5, 5, "b"), Word(1, 2, "c")], ["a b", "c"]),
        ([Word(0, 1, "a", "A"), Word(1, 2, "b", "B"), Word(2, 3, "c")], ["a", "b", "c"]),
        (said("mot " * 41), [" ".join(["mot"] * 20)] * 2 + ["mot"]),
    ],
)
def test_words_are_cut_at_sentences_pauses_speakers_steps_back_and_twenty(
    words: list[Word], expected: list[str]
) -> None:
    assert [cue.text for cue in cues_of(words)] == expected


def test_a_cue_has_the_times_the_speaker_the_line_and_the_words_of_its_words() -> None:
    words = (Word(1, 2, "a", "Ada", 7), Word(2, None, "b.", "Ada", 8))
    assert list(cues_of(words)) == [Cue(1, None, "a b.", "Ada", 7, words)]


_WORDS = st.lists(
    st.builds(
        Word,
        st.floats(0, 20),
        st.none() | st.floats(0, 20),
        st.text("ab.!” ", min_size=1).filter(str.strip),
        st.sampled_from([None, "A", "B"]),
    ),
    max_size=60,
)


@given(_WORDS)
def test_no_word_is_lost_and_no_cue_goes_over_its_limits(words: list[Word]) -> None:
    cues = list(cues_of(words))
    assert [word for cue in cues for word in cue.words] == words
    assert " ".join(cue.text for cue in cues) == " ".join(word.text for word in words)
    for cue in cues:
        assert 1 <= len(cue.words) <= MOST_WORDS
        assert {word.speaker for word in cue.words} == {cue.speaker}
        assert cue.start == cue.words[0].start
        for word, following in pairwise(cue.words):
            assert following.start - (word.end if word.end is not None else word.start) <= LONGEST_PAUSE
            assert not word.text.rstrip("” ").endswith((".", "!"))


def passage(words: list[Word], text: str, speaker: str | None = None) -> Cue:
    return Cue(0, 60, text, speaker, words=tuple(words))


def test_a_short_passage_of_one_speaker_stays_whole() -> None:
    short = passage(said("oui non", "Ada"), "Oui. Non.")
    (cue,) = cut(short)
    assert (cue.text, cue.speaker, cue.words) == ("Oui. Non.", "Ada", short.words)
    assert list(cut(passage([], "mot " * 100))) == [passage([], "mot " * 100)]


def test_a_long_passage_is_cut_as_its_text_is_written() -> None:
    text = " ".join(["Mot,"] * LONGEST_SEGMENT + ["fin."])
    cues = list(cut(passage(said("mot " * LONGEST_SEGMENT + "fin"), text, "Ada")))
    assert [(len(cue.words), cue.text[:4], cue.speaker) for cue in cues] == [
        (20, "Mot,", "Ada"), (20, "Mot,", "Ada"), (1, "fin.", "Ada"),
    ]  # fmt: skip
    assert " ".join(cue.text for cue in cues) == text


def test_a_passage_of_several_speakers_is_cut_and_a_word_of_nobody_goes_on_with_the_one_before() -> None:
    words = [*said("euh"), *said("oui bon", "Ada", 1), *said("et", None, 2), *said("non", "Jean", 3)]
    cues = list(cut(passage(words, "Euh oui, bon et non")))
    assert texts(cues) == [("Euh oui, bon et", "Ada"), ("non", "Jean")]


def test_words_that_are_more_than_one_token_still_match_their_text() -> None:
    words = [*said("oui", "Ada"), Word(1, 2, "New York !", "Jean")]
    assert texts(list(cut(passage(words, "oui New York !")))) == [("oui", "Ada"), ("New York !", "Jean")]


def test_a_passage_that_its_words_do_not_say_is_never_cut() -> None:
    other = passage([*said("oui", "Ada"), *said("non", "Jean", 1)], "tout autre chose")
    assert list(cut(other)) == [other]


@given(_WORDS, st.text("ab. ", max_size=300))
def test_cutting_loses_no_text(words: list[Word], text: str) -> None:
    whole = " ".join(word.text for word in words)
    for one in (text, whole):
        assert " ".join(cue.text for cue in cut(passage(words, one))).split() == one.split()
