"""The made corpus of the bench, its vectors, and the index that grows with it."""

import gzip
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.bench import parts
from eval.bench.growth import asking, filling, recall
from eval.bench.growth.corpus import WINDOWS, Asked, Corpus, changed
from eval.bench.growth.vectors import MadeVectors, perturbed
from eval.bench.limits import measured
from index.local import LocalStore
from index.pieces.windows import WIDTHS
from index.types import EVERYWHERE, Scope, joined_text
from index.writing.embedding import index_fingerprint, windows_of
from rag.engine import Engine
from rag.settings import Settings
from tests.fakes import HashEncoder

_WORDS = (
    "budget culture hôpital école réforme justice énergie climat sécurité logement travail retraite industrie "
    "agriculture territoire frontière recherche numérique transport fiscalité"
).split()


def _sentences(count: int) -> list[str]:
    """Each once, of 6 to 14 words."""
    random_ = random.Random(7)
    return [f"Phrase {at} " + " ".join(random_.choices(_WORDS, k=random_.randint(4, 12))) + "." for at in range(count)]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus(_sentences(4_000), most_bases=100)


@pytest.fixture(scope="module")
def noise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("noise") / "segments.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for text in ["Oui.", " ".join(["long"] * 41), *_sentences(4_000)]:
            file.write(json.dumps({"text": text.replace(" ", "  ", 1), "source": "made"}) + "\n")
    return path


def test_every_debate_has_a_thousand_windows_and_two_to_four_people(corpus: Corpus) -> None:
    bases = {corpus.base_of(number) for number in range(20)}
    assert bases == set(range(len(bases)))
    assert 1 < len(bases) < 5
    texts = []
    for number in range(8):
        debate = corpus.debate(number)
        assert WINDOWS <= len(windows_of(debate)) <= WINDOWS + len(WIDTHS) - 1
        people = [person.name for person in debate.participants]
        assert 2 <= len(set(people)) == len(people) <= 4
        assert {part.speaker for part in debate.segments} <= set(people)
        assert all(
            before.end == after.start for before, after in zip(debate.segments, debate.segments[1:], strict=False)
        )
        texts.append(joined_text(debate.segments))
    assert len(set(texts)) == 8
    assert len({corpus.debate(number).date for number in range(8)}) == 8


def test_the_corpus_is_always_the_same(corpus: Corpus) -> None:
    other = Corpus(_sentences(4_000), most_bases=100)
    for number in (0, 1, 7):
        assert other.debate(number) == corpus.debate(number)
    assert other.questions(4, 20) == corpus.questions(4, 20)


def test_a_copy_is_cut_where_its_base_is(corpus: Corpus) -> None:
    number = next(number for number in range(20) if corpus.base_of(number) != number)
    copy, base = corpus.debate(number), corpus.debate(corpus.base_of(number))
    places = [[(window.width, window.first, window.last) for window in windows_of(one)] for one in (copy, base)]
    assert places[0] == places[1]
    pairs = list(zip(copy.segments, base.segments, strict=True))
    assert sum(one.text != other.text for one, other in pairs) > 0.95 * len(pairs)
    assert [part.text.count(" ") for part in copy.segments] == [part.text.count(" ") for part in base.segments]


@given(st.lists(st.sampled_from(["Le", "12", "Paris", "mot,", "petit", "-", "l'an", "été"]), min_size=1), st.integers())
def test_a_change_is_small(words: list[str], seed: int) -> None:
    before = " ".join(words)
    after = changed(before, random.Random(seed))
    different = [at for at, (one, other) in enumerate(zip(words, after.split(" "), strict=True)) if one != other]
    assert len(different) <= 2
    assert after == changed(before, random.Random(seed))
    if "12" in words or "Paris" in words[1:]:
        assert len(different) == 1
    if len(different) == 2:
        assert sorted(words) == sorted(after.split(" "))


def test_sentences_that_would_be_cut_or_say_too_little_are_left_out(noise: Path, corpus: Corpus) -> None:
    assert Corpus.read(noise, 100).debate(1) == corpus.debate(1)
    assert Corpus.read(noise, 1).base_of(5) == 0
    with pytest.raises(ValueError, match="10 sentences make no debate"):
        Corpus(_sentences(10), 3).base_of(0)


def test_questions_are_different_spread_and_name_somebody_every_other_time(corpus: Corpus) -> None:
    asked = corpus.questions(4, 40)
    assert len({one.question for one in asked}) == 40
    assert Counter(one.number for one in asked) == dict.fromkeys(range(4), 10)
    assert [one.speaker is not None for one in asked] == [True, False] * 20
    for one in asked:
        debate = corpus.debate(one.number)
        said = [part for part in debate.segments if all(word in part.text for word in one.topic.split())]
        assert said
        assert one.debate == debate.id
        if one.speaker:
            assert one.speaker in one.question
            assert one.speaker in {part.speaker for part in said}


# vectors


def test_vectors_are_made_once_and_kept(corpus: Corpus, tmp_path: Path) -> None:
    encoder = HashEncoder()
    first = MadeVectors(corpus, encoder, tmp_path, encoded=2)
    entry, fingerprint = first.entry(1)
    assert fingerprint == index_fingerprint(encoder)
    assert first.made == len(entry.windows) == len(encoder.embedded)
    texts = [window.text for window in entry.windows]
    assert np.abs(entry.vectors - HashEncoder().embed_passages(texts)).max() < 1e-3
    again = MadeVectors(corpus, encoder, tmp_path, encoded=2)
    assert np.array_equal(again.entry(1)[0].vectors, entry.vectors)
    assert (again.made, len(encoder.embedded)) == (0, len(texts))
    assert MadeVectors(corpus, HashEncoder("other@1"), tmp_path, encoded=2).of(1).vectors.shape == entry.vectors.shape
    assert len(list((tmp_path / "bench").iterdir())) == 2


def test_later_vectors_are_near_those_of_their_base(corpus: Corpus, tmp_path: Path) -> None:
    encoder = HashEncoder()
    made = MadeVectors(corpus, encoder, tmp_path, encoded=1)
    number = next(number for number in range(1, 20) if corpus.base_of(number) == 0)
    base, copy = made.of(0), made.of(number)
    cosines = (base.vectors * copy.vectors).sum(axis=1)
    assert 0.95 < cosines.min() < cosines.max() < 0.99
    assert cosines.mean() == pytest.approx(0.97, abs=0.003)
    assert np.array_equal(copy.vectors, made.of(number).vectors)
    assert copy.vectors.dtype == np.float32
    entry, _fingerprint = made.entry(number)
    assert entry.tokens is not None
    assert len(entry.tokens.per_word) == len(joined_text(entry.debate.segments).split(" "))
    assert made.made == len(encoder.embedded) == len(base.vectors)


@given(st.integers(0, 2**31))
def test_noise_turns_vectors_and_keeps_their_length(seed: int) -> None:
    vectors = np.eye(64, 384, dtype=np.float32)
    found = perturbed(vectors, seed)
    assert np.allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-6)
    assert (found * vectors).sum(axis=1).mean() == pytest.approx(0.97, abs=0.01)


# the index


@pytest.fixture
def sizes(noise: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[int, dict[str, Any]]:
    """The arguments for two sizes, over the fake encoder."""
    home = tmp_path / "index"

    def opened(folder: str) -> Engine:
        return Engine(LocalStore(Path(folder)), HashEncoder(), Settings(home=Path(folder)))

    monkeypatch.setattr("eval.bench.parts.open_engine", opened)
    monkeypatch.setenv("QDQ_CACHE", str(tmp_path / "cache"))
    both = {"noise": str(noise), "home": str(home), "encoded": 2_000}
    return {windows: {**both, "windows": windows} for windows in (1_000, 4_000)}


def test_an_index_grows_from_size_to_size(sizes: dict[int, dict[str, Any]]) -> None:
    small = filling.measure(anew=True, **sizes[1_000])
    assert (small["debates"], small["embedded"], small["copies"]) == (1, small["windows"], 0)
    assert small["added"] == small["windows"] in (WINDOWS, WINDOWS + 1)
    large = filling.measure(anew=False, **sizes[4_000])
    assert (large["debates"], large["copies"]) == (4, 2)
    assert large["added"] == large["windows"] - small["windows"]
    assert large["embedded"] == pytest.approx(1_000, abs=1)
    with pytest.raises(RuntimeError, match="4 debates in the index, 1 wanted"):
        asking.measure(questions=2, **sizes[1_000])
    took = asking.measure(questions=6, **sizes[4_000])
    assert list(took) == ["ask", "dense", "lexical"]
    assert all(set(kinds) == {"anyone", "named"} for kinds in took.values())
    found = recall.measure(questions=4, **sizes[4_000])
    assert set(found) == set(recall.KINDS)
    assert all(share > 0.97 for share in found.values())
    again = filling.measure(anew=True, **sizes[1_000])
    assert (again["debates"], again["embedded"], again["windows"]) == (1, 0, small["windows"])


def test_what_is_nearest_is_what_a_search_of_everything_finds(corpus: Corpus, tmp_path: Path) -> None:
    encoder = HashEncoder()
    made = MadeVectors(corpus, encoder, tmp_path, encoded=2)
    asked = corpus.questions(3, 3)
    vectors = np.array([encoder.embed_query(one.topic) for one in asked])
    person = corpus.debate(2).participants[0].name
    day = corpus.debate(1).date
    scopes = [EVERYWHERE, Scope(speakers=frozenset({person})), Scope(date_from=day, date_to=day)]
    found = recall.exact_nearest(corpus, made, 3, vectors, scopes)
    assert set(found) == {(width, at) for width in WIDTHS for at in range(3)}
    for (width, at), best in found.items():
        assert [place for _score, place in best] == _brute(corpus, made, vectors[at], width, scopes[at])
        assert len(best) == recall.K


def _brute(corpus: Corpus, made: MadeVectors, vector: Any, width: int, scope: Scope) -> list[Any]:
    scored: list[tuple[float, Any]] = []
    for number in range(3):
        debate, embedded = corpus.debate(number), made.of(number).vectors
        for window, row in zip(windows_of(debate), embedded, strict=True):
            speakers = {part.speaker for part in debate.segments[window.first : window.last + 1]}
            inside = scope.speakers is None or speakers & scope.speakers
            dated = scope.date_from is None or debate.date == scope.date_from
            if window.width == width and inside and dated:
                scored.append((-float(row @ vector), (debate.id, window.first, window.last)))
    return [place for _score, place in sorted(scored)[: recall.K]]


def test_the_scope_of_a_question_is_who_it_names() -> None:
    assert asking.scope_of(Asked("?", "x", 0, None)) == EVERYWHERE
    assert asking.scope_of(Asked("?", "x", 0, "Ada")) == Scope(speakers=frozenset({"Ada"}))


def test_the_parts_of_an_answer_add_up(sizes: dict[int, dict[str, Any]]) -> None:
    filling.measure(anew=True, **sizes[1_000])
    home, asked = sizes[1_000]["home"], list[str]()
    questions = ["Que sait-on du budget ?", "Qui parle de justice ?", "Et le climat ?"]
    took = measured(parts.open_engine(home), parts.open_engine(home), asked.append, questions)
    assert list(took) == ["encode", "tokenise", "faiss", "terms", "sum", "engine", "http"]
    assert took["sum"]["p50"] >= max(took[name]["p50"] for name in ("encode", "faiss", "terms"))
    assert asked[-3:] == questions
    assert len(set(asked)) == len(asked)
