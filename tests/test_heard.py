"""Names as the recogniser misheard them: which are taken for one another, and what an answer says of it."""

import random
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from eval.heard import Asking, Damage, counted, damaged, words_of
from index.local import LocalStore
from index.words.lexical import query_groups, terms
from rag.engine import Engine
from rag.heard import Hearing, Widened, widened
from rag.heard.sounds import mistyped, nearness
from rag.heard.vocabulary import Vocabulary
from rag.heard.written import Written, seen_in
from rag.layout import Layouts
from rag.types import Heard
from tests.conftest import DEBATE
from tests.suite_files import srt

SPEECH = (
    "On a Skelway qui a fait un show. Et puis le CTO de Scaleway annonce des puces NVIDIA BlackWall. Il commence à "
    "lancer chaque GPT, puis le rapport Draghi. Le juge a jugé que les pouces et le macaron de Nathalie Martine et de "
    "Michelle comptent pour Bordeaux, dans l'Italie de Simone et chez DeepMind."
)


def _heard(topic: str, speech: str = SPEECH, *, names: Sequence[str] = (), capitals: bool = True) -> Widened:
    counts = dict.fromkeys(terms(speech, "fr"), 1)
    return widened(
        topic,
        ["fr"],
        Vocabulary.of(counts, 100),
        lambda term: Written(tuple(seen_in(speech, term, "fr"))),
        names=names,
        capitals=capitals,
    )


@pytest.mark.parametrize(
    ("asked", "heard"),
    [
        ("Scaleway", "Skelway"),
        ("Skaleway", "Skelway"),
        ("Skaleway", "Scaleway"),
        ("Blackwell", "BlackWall"),
        ("Blakwell", "Blackwell"),
        ("Pavléas", "Pavlias"),
        ("Dragi", "Draghi"),
        ("Sarkosi", "Sarkozy"),
        ("Zelenski", "Zelensky"),
        ("Monin", "Monnin"),
        ("Volodimir", "Volodymyr"),
        ("Katerine", "Catherine"),
        ("Filip", "Philippe"),
        ("Wolkswagen", "Volkswagen"),
    ],
)
def test_spellings_of_one_name(asked: str, heard: str) -> None:
    assert nearness(asked, heard) is not None
    assert nearness(heard, asked) == nearness(asked, heard)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Martin", "Martine"),
        ("Marine", "Martine"),
        ("Simon", "Simone"),
        ("Michel", "Michelle"),
        ("Daniel", "Danielle"),
        ("Louis", "Louise"),
        ("Nicole", "Nicolas"),
        ("Olivier", "Oliver"),
        ("Laurent", "Loriane"),
        ("Italie", "Italien"),
        ("France", "Français"),
        ("Ukraine", "Ukrainien"),
        ("Hollande", "Hollandais"),
        ("Austria", "Australia"),
        ("Slovaquie", "Slovénie"),
        ("Bachelot", "Bachelet"),
        ("Prodi", "Brody"),
        ("Irak", "Iran"),
        ("Musk", "Mask"),
        ("OTAN", "OTANS"),
        ("juge", "jugé"),
        ("puces", "pouces"),
        ("France", "France2"),
    ],
)
def test_other_words(one: str, other: str) -> None:
    assert nearness(one, other) is None and nearness(other, one) is None
    assert not mistyped(one, other) and not mistyped(other, one)


def test_one_letter_of_a_long_name_may_be_mistyped() -> None:
    assert mistyped("Whirppool", "Whirlpool") and mistyped("Balckwell", "Blackwell")
    assert not mistyped("Marine", "Martin") and not mistyped("Whirlpool", "Whirlpools")


@pytest.mark.parametrize(
    ("topic", "pairs"),
    [
        ("Skaleway à Station F", [("Skaleway", "Scaleway"), ("Skaleway", "Skelway")]),
        ("Scaleway", [("Scaleway", "Skelway")]),
        ("les Blakwell", [("Blakwell", "BlackWall")]),
        ("ChatGPT", [("ChatGPT", "chaque GPT")]),
        ("chatgpt", [("chatgpt", "chaque GPT")]),
        ("le rapport Dragi", [("Dragi", "Draghi")]),
        ("the Blakwell chips", [("Blakwell", "BlackWall")]),
        ("Deep Mind", [("Deep Mind", "DeepMind")]),
        ("la puces du jugé", []),
        ("Macron", []),
        ("Martin et Michel", []),
        ("les Italiens", []),
        ("Simon", []),
        ("blakwell", []),
        ("GPD", []),
        ("", []),
    ],
)
def test_pairs(topic: str, pairs: list[tuple[str, str]]) -> None:
    assert {(one.asked, one.heard) for one in _heard(topic).heard} == set(pairs)


def test_small_letters_in_a_question_that_knows_no_capitals() -> None:
    assert _heard("blakwell", capitals=False).heard == (Heard("blakwell", "BlackWall"),)
    assert _heard("dragi").heard == (Heard("dragi", "Draghi"),)  # the very sound
    assert _heard("arheter", "Selon Arthur on peut acheter.", capitals=False).heard == ()


def test_a_word_in_small_letters_is_no_name() -> None:
    assert _heard("Skaleway", "Il y a un skelway dans la rue. Le Skelway de Paris.").heard == ()
    assert _heard("Skaleway", "Skelway est là. Skelway !").heard == ()  # any word has a capital there


def test_what_stands_all_over_the_place_is_not_misheard() -> None:
    writing = Written(tuple(seen_in("chez Skelway on", "skelway", "fr")))
    common = Vocabulary.of({"skelway": 41}, 100)
    rare = Vocabulary.of({"skelway": 40}, 100)
    assert widened("Scaleway", ["fr"], common, lambda _term: writing).heard == ()
    assert widened("Scaleway", ["fr"], rare, lambda _term: writing).heard == (Heard("Scaleway", "Skelway"),)


_COUNTS = st.dictionaries(
    st.sampled_from("skelway skalway scaleway draghi dragi dreghi kempf kemf budget budjet l'an ai 100".split()),
    st.integers(1, 60),
)


@given(st.lists(_COUNTS, min_size=1, max_size=4), st.sampled_from(["skaleway", "dragi", "draghi", "kempf", "budget"]))
def test_a_vocabulary_that_follows_the_index_is_what_would_be_made_anew(
    states: list[dict[str, int]], term: str
) -> None:
    followed = None
    for counts in states:
        followed = Vocabulary.of(counts, 100, followed)
        anew = Vocabulary.of(dict(sorted(counts.items())), 100)
        assert list(followed.like(term)) == list(anew.like(term))
        assert list(followed.typed_like(term)) == list(anew.typed_like(term))
        near = [other for other in counts if OSA.distance(term, other) <= 1 and other[0] == term[0] and len(other) >= 4]
        rare = sorted((other for other in near if counts[other] <= 40), key=lambda other: (other != term, other))
        assert list(followed.typed_like(term)) == rare


def test_a_name_of_the_debate_is_not_another_one_misheard() -> None:
    assert _heard("Scaleway", names=["skelway"]).heard == ()
    assert _heard("Skaleway", names=["skelway"]).groups == (("skaleway", "scaleway", "skelway"),)


@given(st.text(max_size=60))
def test_widening_only_adds(topic: str) -> None:
    plain = query_groups(topic, ["fr"])
    found = _heard(topic)
    assert len(found.groups) == len(plain)
    assert all(group[: len(one)] == one for group, one in zip(found.groups, plain, strict=True))
    assert all(pair.heard in SPEECH for pair in found.heard)
    assert found == _heard(topic)


@given(st.lists(st.sampled_from(["Scaleway", "Skelway", "Blakwell", "Martin", "Nathaly", "de", "GPT"]), max_size=5))
def test_no_pair_for_short_words_or_the_word_itself(asked: list[str]) -> None:
    pairs = _heard(" ".join(asked)).heard
    assert all(len(one.asked) >= 5 and one.asked != one.heard and one.asked in asked for one in pairs)


@given(st.text("abcdeiknoqrstuvyé", min_size=1, max_size=12), st.text("abcdeiknoqrstuvyé", min_size=1, max_size=12))
def test_nearness_is_symmetric_and_bounded(one: str, other: str) -> None:
    assert nearness(one, other) == nearness(other, one)
    assert nearness(one, other) in (None, 0, 1, 2)
    if min(len(one), len(other)) < 5:
        assert nearness(one, other) is None


@given(st.from_regex(r"[A-Z][a-z]{5,10}", fullmatch=True), st.sampled_from(Damage), st.integers(0, 99))
def test_damage_leaves_the_ends(word: str, damage: Damage, seed: int) -> None:
    found = damaged(word, damage, random.Random(seed))
    assert (found[0], found[-1]) == (word[0], word[-1])
    assert found == damaged(word, damage, random.Random(seed))


@pytest.fixture
def talk(engine: Engine, tmp_path: Path) -> Engine:
    """Three captions, of which one mishears a name."""
    (tmp_path / "a.srt").write_text(srt(["On a Skelway à Paris.", "Le budget double.", "Voici la culture."]), "utf-8")
    engine.add(tmp_path / "a.srt")
    return engine


def test_the_vocabulary_follows_the_index(talk: Engine, home: Path, tmp_path: Path) -> None:
    store = LocalStore(home)
    hearing = Hearing(store, Layouts(store))
    counts = store.vocabulary()
    assert counts == store.document_frequencies(list(counts))[0] and "skelway" in counts
    assert hearing.widened("Scaleway", "Scaleway", ["fr"], ()).groups == (("scaleway", "skelway"),)
    talk.remove("a")
    assert hearing.vocabulary().counts == {} == store.vocabulary()
    store.close()


def test_an_answer_says_it_in_the_language_of_the_question(talk: Engine) -> None:
    french, english = talk.ask("Que dit-on de Scaleway ?"), talk.ask("What do they say about Scaleway?")
    assert french.heard == english.heard == (Heard("Scaleway", "Skelway"),)
    assert french.answer.endswith("\nÉcrit ainsi dans la transcription : Scaleway ≈ « Skelway »")
    assert english.answer.endswith("\nWritten so in the transcript: Scaleway ≈ “Skelway”")
    assert talk.ask("Que dit-on du budget ?").heard == ()


def test_the_measurement_counts(talk: Engine, home: Path) -> None:
    store = LocalStore(home)
    layouts = Layouts(store)
    asking = Asking(store, Hearing(store, layouts), {one.id: one for one in store.debates()}, ())
    words = words_of(asking, layouts)
    assert set(words.names) == {"Skelway", "Paris"} and set(words.ordinary) == {"budget", "double", "culture"}
    found = counted(asking, ["Skelway"], Damage.SOUND, 0)
    assert (found["asked"], found["right"], found["wrong"]) == (1, 1, 0)
    store.close()


@pytest.mark.parametrize(
    ("question", "pair", "words"),
    [
        ("Qu'a annoncé Skaleway à Station F ?", Heard("Skaleway", "Skelway"), "On a Skelway qui a fait un show"),
        ("Que disent-ils de ChatGPT ?", Heard("ChatGPT", "chaque GPT"), "commence à lancer chaque GPT"),
        ("Les Blakwell c'est pour quand ?", Heard("Blakwell", "BlackWall"), "BlackWall"),
        ("Que dit Pavleas du rapport Dragi ?", Heard("Dragi", "Draghi"), "le rapport Draghi"),
    ],
)
def test_the_shipped_debate(debate_engine: Engine, question: str, pair: Heard, words: str) -> None:
    answer = debate_engine.ask(question)
    text = " ".join(segment.text for segment in debate_engine.debate(DEBATE).segments)
    assert not answer.abstained and pair in answer.heard
    assert f"{pair.asked} ≈ « {pair.heard} »" in answer.answer.split("\n")[-1]
    assert words in answer.citations[0].text and all(citation.quote in text for citation in answer.citations)
    assert all(re.search(rf"\b{one.heard}\b", text) for one in answer.heard)


def test_a_count_takes_the_misheard_in(debate_engine: Engine) -> None:
    answer = debate_engine.ask("Combien de fois parle-t-on de Scaleway ?")
    assert len(answer.sections) == 5 and answer.heard == (Heard("Scaleway", "Skelway"),)
