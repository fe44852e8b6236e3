"""Corrections laid over a transcript, and over a revised one; splits; who is one person."""

import random
from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.originals import packed, unpacked
from index.speakers.attribution import attributed
from index.speakers.corrections import Correction, CorrectionKind, corrected, split_at
from index.speakers.names import same_person
from index.speakers.people import alike, person_of, unified
from index.types import UNKNOWN, Attribution, Debate, Origin, Participant, Segment, WordTime, joined_text

TEXTS = (
    "Bonsoir à tous et bienvenue dans cette émission.",
    "Merci de m'avoir invitée ce soir.",
    "Le budget de la culture doit doubler, je le dis depuis longtemps. Non.",
    "Ce n'est pas sérieux, les caisses sont vides depuis dix ans.",
)


def segments(*labels: str | None) -> tuple[Segment, ...]:
    return tuple(
        Segment(
            at, 10.0 * at, 10.0 * at + 9, text, Attribution(name, Origin.LABELLED, 1.0) if name else UNKNOWN, (), name
        )
        for at, (text, name) in enumerate(zip(TEXTS, labels, strict=True))
    )


def said(segment: Segment, speaker: str | None, origin: Origin = Origin.CORRECTED) -> Correction:
    return Correction(CorrectionKind.SPEAKER, segment.start, segment.end, segment.text, speaker, origin=origin)


def cut(segment: Segment, word: int) -> Correction:
    return Correction(CorrectionKind.SPLIT, segment.start, segment.end, segment.text, word=word)


def speakers(found: tuple[Segment, ...]) -> list[str | None]:
    return [segment.speaker for segment in found]


def test_the_last_word_of_a_person_stands_above_the_file_and_a_model_only_guesses() -> None:
    parts = segments("Ada", "Ada", None, None)
    corrections = [
        said(parts[1], "Jean"),
        said(parts[0], "Zoé", Origin.MODEL),
        said(parts[2], "Zoé", Origin.MODEL),
        said(parts[3], "Zoé"),
        said(parts[3], None),
    ]
    found = corrected(parts, corrections)
    assert [(one.speaker, one.attribution.origin) for one in found.segments] == [
        ("Ada", Origin.LABELLED),
        ("Jean", Origin.CORRECTED),
        (None, Origin.UNKNOWN),
        (None, Origin.UNKNOWN),
    ]
    assert found.guesses == {0: Attribution("Zoé", Origin.MODEL, 1.0), 2: Attribution("Zoé", Origin.MODEL, 1.0)}
    assert (set(found.told), found.lost) == ({1, 3}, ())


def test_a_segment_is_cut_at_a_word_and_each_part_corrected() -> None:
    parts = segments(None, None, None, None)
    cuts = [cut(parts[2], 12)]
    whole = corrected(parts, cuts).segments
    assert [one.text for one in whole[2:4]] == [
        "Le budget de la culture doit doubler, je le dis depuis longtemps.",
        "Non.",
    ]
    assert [one.index for one in whole] == [0, 1, 2, 3, 4]
    assert (whole[2].start, whole[3].end) == (20.0, 29.0)
    assert whole[2].end == whole[3].start == pytest.approx(20 + 9 * 65 / 70, abs=0.01)
    found = corrected(parts, [*cuts, said(whole[2], "Ada"), said(whole[3], "Jean")])
    assert speakers(found.segments) == [None, None, "Ada", "Jean", None]


def test_a_cut_falls_where_the_word_was_heard() -> None:
    words = (WordTime(1.0, 1.5, "Oui."), WordTime(7.0, 7.5, "Mais"), WordTime(7.5, None, "non."))
    first, second = split_at(Segment(0, 1.0, 9.0, "Oui. Mais non.", words=words), 1)
    assert (first.text, first.end, first.words) == ("Oui.", 7.0, words[:1])
    assert (second.text, second.start, second.words) == ("Mais non.", 7.0, words[1:])


@pytest.mark.parametrize("word", [0, 3, 9])
def test_a_segment_is_not_cut_outside_its_words(word: int) -> None:
    with pytest.raises(ValueError, match=str(word)):
        split_at(Segment(0, 0, 1, "Oui mais non."), word)


def test_a_correction_finds_its_place_in_a_revised_transcript() -> None:
    """An advert of 40 s was cut, words were heard otherwise, two captions became one."""
    old = segments(None, None, None, None)
    corrections = [said(old[2], "Ada"), said(old[3], "Jean"), said(old[1], "Zoé")]
    revised = (
        Segment(0, 0.0, 19.0, "Bonsoir à tous et bienvenue dans cette émission. Merci de votre invitation."),
        Segment(1, 18.0, 27.0, "Le budget de la culture doit doubler, je dis ça depuis longtemps. Non."),
        Segment(2, 70.0, 79.0, "Ce n'est pas sérieux, les caisses sont vides depuis dix ans."),
    )
    found = corrected(revised, corrections)
    assert speakers(found.segments) == [None, "Ada", "Jean"]
    assert found.lost == (corrections[2],)


def test_what_is_said_twice_keeps_its_time() -> None:
    parts = [Segment(at, 100.0 * at, 100.0 * at + 5, "Oui.") for at in range(5)]
    found = corrected(parts, [said(parts[3], "Ada")])
    assert speakers(found.segments) == [None, None, None, "Ada", None]
    moved = [replace(part, start=part.start + 50, end=part.end + 50) for part in parts]
    assert corrected(moved, [said(parts[3], "Ada")]).lost != ()


@given(st.data())
def test_cuts_keep_the_text_and_corrections_reach_exactly_their_segments(data: st.DataObject) -> None:
    texts = data.draw(
        st.lists(st.lists(st.sampled_from("oui non peut être".split()), min_size=1, max_size=6), min_size=1, max_size=6)
    )
    parts = [Segment(at, 20.0 * at, 20.0 * at + 10, " ".join([f"n{at}", *words])) for at, words in enumerate(texts)]
    cuts = [cut(part, word) for part in parts if (word := data.draw(st.integers(0, len(part.text.split()) - 1)))]
    whole = corrected(parts, cuts).segments
    assert joined_text(whole) == joined_text(parts)
    assert len(whole) == len(parts) + len(cuts)
    assert all(one.end == other.start for one, other in pairwise(whole) if other.start % 20)
    at = data.draw(st.integers(0, len(parts) - 1))
    named = corrected(parts, [said(parts[at], "Ada")]).segments
    assert speakers(named) == ["Ada" if place == at else None for place in range(len(parts))]


def test_a_debate_is_packed_whole() -> None:
    words = (WordTime(0.0, None, "Bonsoir"), WordTime(0.5, 0.9, "à"))
    parts = (
        replace(segments("Ada", None, None, "SPEAKER_00")[0], words=words),
        *segments("Ada", None, None, "SPEAKER_00")[1:],
    )
    base = Debate("d", "Débat", parts, (Participant("Ada", "avocate", ("Adèle",)),))
    changed = replace(base, segments=parts[:1], participants=())
    assert unpacked(packed(base), changed) == base


def test_renames_reach_speakers_and_participants() -> None:
    base = Debate("d", "Débat", segments("J. Petit", "Ada", None, None), (Participant("Jean Petit", "maire"),))
    found = attributed(base, [], {"J. Petit": "Jean Petit", "Jean Petit": "Jean-Marie Petit"}).debate
    assert speakers(found.segments)[:2] == ["Jean-Marie Petit", "Ada"]
    assert found.participants == (
        Participant("Jean-Marie Petit", "maire", ("Jean Petit", "J. Petit")),
        Participant("Ada"),
    )


def test_spellings_of_one_name() -> None:
    known = ["Jean-Baptiste Kempf", "Constantin Pavléas", "Jean Martin", "Jacques Martin"]
    assert unified(["KEMPF Jean-Baptiste", "J.-B. Kempf", "Constantin PAVLEAS", "Kempf", "J. Martin"], known) == {
        "KEMPF Jean-Baptiste": "Jean-Baptiste Kempf",
        "J.-B. Kempf": "Jean-Baptiste Kempf",
        "Constantin PAVLEAS": "Constantin Pavléas",
    }
    assert unified(["Jean-Baptiste Kempf"], ["J.-B. Kempf"]) == {}
    assert alike(["Kempf", "Jean-Baptiste Kempf", "Ada"]) == [("Kempf", "Jean-Baptiste Kempf")]


@given(
    st.lists(
        st.lists(st.sampled_from("Jean J. Ada M. Martin Petit de 2 –".split()), min_size=1, max_size=3).map(" ".join)
    )
)
def test_nobody_who_may_be_one_is_missed_for_not_being_compared(names: list[str]) -> None:
    pairs = alike(names)
    assert {frozenset(pair) for pair in pairs} == {
        frozenset(pair)
        for pair in combinations(dict.fromkeys(names), 2)
        if same_person(*pair) and not any(map(str.isdigit, pair))
    }
    assert len(pairs) == len(set(pairs))


def test_renames_that_go_in_a_circle_end() -> None:
    assert person_of("a", {"a": "b", "b": "c"}) == "c"
    assert person_of("a", {"a": "b", "b": "a"}) in ("a", "b")


def test_many_corrections_are_laid_over_a_long_debate_without_delay() -> None:
    """2,000 segments, each corrected: what a language model gives."""
    order = random.Random(5)
    parts = [Segment(at, 3.0 * at, 3.0 * at + 3, f"mot {order.random()}") for at in range(2_000)]
    found = corrected(parts, [said(part, "Ada") for part in parts])
    assert (set(speakers(found.segments)), found.lost) == ({"Ada"}, ())
