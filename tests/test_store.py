"""The contract of a store, against brute force. Every store runs it."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.build import WIDTHS, indexed
from index.errors import DebateUnknown, ModelMismatch
from index.lexical import terms
from index.local import LocalStore, Sizes
from index.store import Description, IndexedDebate, Store
from index.types import EVERYWHERE, Attribution, Debate, Hit, Origin, Participant, Scope, Segment
from index.windows import pieces, windows
from tests.fakes import HashEncoder

NARROW = min(WIDTHS)
SUBJECTS = ("budget culture théâtre musée", "énergie nucléaire réacteur uranium", "école professeur classe élève")


def _debate(name: str, day: date | None, speakers: Sequence[str | None], subjects: Sequence[str]) -> Debate:
    segments = tuple(
        Segment(
            index,
            4.0 * index,
            4.0 * index + 3.5,
            f"Passage {name} {index} : {subjects[index % len(subjects)]} numéro {index * 7 % 5}.",
            Attribution(speaker, Origin.LABELLED, 1.0) if speaker else Attribution(),
        )
        for index, speaker in enumerate(speakers)
    )
    return Debate(
        name, f"Débat {name}", segments, (Participant("Ada Martin", "avocate"),), day, "https://youtu.be/x", "fr"
    )


ONE = _debate("un", date(2024, 1, 10), ["Ada Martin", "Ada Martin", "Jean Petit", None] * 6, SUBJECTS)
TWO = _debate("deux", date(2024, 6, 1), ["Jean Petit", "Zoé Roux"] * 9, SUBJECTS[:2])
THREE = _debate("trois", None, [None] * 8, SUBJECTS[2:])
ALL = (ONE, TWO, THREE)


def _compressed(folder: Path) -> LocalStore:
    """Whose vectors are compressed from the second window on."""
    return LocalStore(folder, Sizes(exact=1, quiet=0.0))


@pytest.fixture(params=[LocalStore, _compressed], ids=["local", "compressed"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Opens the same index again and again."""
    opened: list[Store] = []

    def open_one() -> Store:
        opened.append(request.param(tmp_path))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: Callable[[], Store], encoder: HashEncoder) -> Store:
    """Holds the three debates."""
    store = open_store()
    for debate in ALL:
        store.add(indexed(debate, encoder), encoder.fingerprint)
    if isinstance(store, LocalStore):
        store.settle()
    return store


def _in_scope(debate: Debate, first: int, last: int, scope: Scope) -> bool:
    if scope.debates is not None and debate.id not in scope.debates:
        return False
    if scope.date_from is not None and (debate.date is None or debate.date < scope.date_from):
        return False
    if scope.date_to is not None and (debate.date is None or debate.date > scope.date_to):
        return False
    speakers = {piece.speaker for piece in pieces(debate.segments)[first : last + 1]}
    return scope.speakers is None or bool(speakers & scope.speakers)


SCOPES = {
    "everywhere": EVERYWHERE,
    "one debate": Scope(debates=frozenset({"deux"})),
    "a speaker": Scope(speakers=frozenset({"Zoé Roux"})),
    "two speakers of a debate": Scope(debates=frozenset({"un"}), speakers=frozenset({"Jean Petit", "Zoé Roux"})),
    "from a day": Scope(date_from=date(2024, 6, 1)),
    "up to a day": Scope(date_to=date(2024, 5, 31)),
    "nobody": Scope(speakers=frozenset({"Personne"})),
    "no debate": Scope(debates=frozenset()),
}


def _brute(width: int, scope: Scope, score: Callable[[str], float]) -> dict[tuple[str, int, int], float]:
    return {
        (debate.id, window.first, window.last): score(window.text)
        for debate in ALL
        for window in windows(pieces(debate.segments), width)
        if _in_scope(debate, window.first, window.last, scope)
    }


def _found(hits: Sequence[Hit], width: int) -> dict[tuple[str, int, int], float]:
    assert all(hit.width == width for hit in hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    return {(hit.debate, hit.first, hit.last): hit.score for hit in hits}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES.keys())
def test_dense_gives_the_cosine_of_every_window_in_scope(
    store: Store, encoder: HashEncoder, scope: Scope, width: int
) -> None:
    query = encoder.embed_query("énergie nucléaire")
    expected = _brute(width, scope, lambda text: float(encoder.embed_query(text) @ query))
    found = _found(store.dense(query, width, 1000, scope), width)
    assert found.keys() == expected.keys()
    assert found == pytest.approx(expected, abs=2e-3)  # vectors are stored as float16


def _bm25(query: Sequence[str]) -> Callable[[str], float]:
    """Over all windows of all widths, as FTS5 documents it: k1 = 1.2, b = 0.75."""
    texts = [terms(w.text, "fr") for debate in ALL for width in WIDTHS for w in windows(pieces(debate.segments), width)]
    mean = sum(map(len, texts)) / len(texts)
    counts = {term: sum(term in text for text in texts) for term in query}
    idf = {term: max(1e-6, math.log((len(texts) - n + 0.5) / (n + 0.5))) for term, n in counts.items()}

    def score(text: str) -> float:
        words = Counter(terms(text, "fr"))
        length = 1.2 * (1 - 0.75 + 0.75 * words.total() / mean)
        return sum(idf[term] * words[term] * 2.2 / (words[term] + length) for term in query)

    return score


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES.keys())
def test_lexical_gives_bm25_of_every_matching_window_in_scope(store: Store, scope: Scope, width: int) -> None:
    query = ["uranium", "4", "introuvabl"]
    expected = {place: score for place, score in _brute(width, scope, _bm25(query)).items() if score > 0}
    assert _found(store.lexical(query, width, 1000, scope), width) == pytest.approx(expected, rel=1e-4)


def test_searches_give_the_best_k(store: Store, encoder: HashEncoder) -> None:
    query = encoder.embed_query("professeur")
    assert store.dense(query, NARROW, 3, EVERYWHERE) == store.dense(query, NARROW, 1000, EVERYWHERE)[:3]
    assert store.lexical(["profes"], NARROW, 0, EVERYWHERE) == []
    every = store.lexical(["professeur"], NARROW, 1000, EVERYWHERE)
    assert store.lexical(["professeur"], NARROW, 2, EVERYWHERE) == every[:2]


@pytest.mark.parametrize("query", ['"', "* OR", "NEAR(", "é", "a'b", "-"])
def test_terms_are_never_operators(store: Store, query: str) -> None:
    assert store.lexical([query], NARROW, 10, EVERYWHERE) == []


def test_background_is_the_mean_and_deviation_over_windows(store: Store, encoder: HashEncoder) -> None:
    query = encoder.embed_query("culture et théâtre")
    texts = [w.text for debate in ALL for width in WIDTHS for w in windows(pieces(debate.segments), width)]
    cosines = encoder.embed_passages(texts) @ query
    assert store.background(query) == pytest.approx((float(cosines.mean()), float(cosines.std())), abs=1e-3)


def test_document_frequencies_count_windows(store: Store) -> None:
    texts = [terms(w.text, "fr") for debate in ALL for width in WIDTHS for w in windows(pieces(debate.segments), width)]
    expected = {term: sum(term in text for text in texts) for term in ("uranium", "theatr", "absent")}
    assert store.document_frequencies(["uranium", "theatr", "absent"]) == (expected, len(texts))


def test_what_was_added_comes_back(store: Store) -> None:
    assert [store.debate(debate.id) for debate in ALL] == list(ALL)
    assert [(summary.id, summary.words, summary.labelled_words) for summary in store.debates()] == [
        (
            debate.id,
            sum(len(s.text.split()) for s in debate.segments),
            sum(len(s.text.split()) for s in debate.segments if s.speaker),
        )
        for debate in sorted(ALL, key=lambda debate: debate.id)
    ]
    assert store.speakers() == {
        "Ada Martin": frozenset({"un"}),
        "Jean Petit": frozenset({"un", "deux"}),
        "Zoé Roux": frozenset({"deux"}),
    }


def test_one_summary_and_the_names_are_those_of_the_whole_list(store: Store) -> None:
    assert [store.summary(debate.id) for debate in ALL] == [
        next(summary for summary in store.debates() if summary.id == debate.id) for debate in ALL
    ]
    assert store.summary("nope") is None
    assert store.names() == {"Ada Martin", "Jean Petit", "Zoé Roux"}


def test_the_same_id_replaces(store: Store, encoder: HashEncoder) -> None:
    other = replace(THREE, id="un", title="Autre")
    store.add(indexed(other, encoder), encoder.fingerprint)
    assert store.debate("un") == other
    assert [summary.id for summary in store.debates()] == ["deux", "trois", "un"]
    assert "Ada Martin" not in store.speakers()
    hits = store.lexical(["uranium"], NARROW, 1000, EVERYWHERE)
    assert {hit.debate for hit in hits} == {"deux"}


def test_removal_leaves_nothing(store: Store, encoder: HashEncoder) -> None:
    for debate in ALL:
        store.remove(debate.id)
    assert store.debates() == []
    assert store.speakers() == {}
    assert store.dense(encoder.embed_query("budget"), NARROW, 10, EVERYWHERE) == []
    assert store.lexical(["budget"], NARROW, 10, EVERYWHERE) == []
    assert store.document_frequencies(["budget"]) == ({"budget": 0}, 0)


def test_an_unknown_debate_is_refused_and_changes_nothing(store: Store) -> None:
    generation = store.generation()
    with pytest.raises(DebateUnknown, match="nope"):
        store.remove("nope")
    with pytest.raises(DebateUnknown, match="deux, trois, un"):
        store.debate("nope")
    assert store.generation() == generation


def test_another_open_store_sees_a_change_at_once(
    store: Store, open_store: Callable[[], Store], encoder: HashEncoder
) -> None:
    other = open_store()
    query = encoder.embed_query("uranium")
    before = other.dense(query, NARROW, 1000, EVERYWHERE)
    store.remove("un")
    after = other.dense(query, NARROW, 1000, EVERYWHERE)
    assert {hit.debate for hit in before} == {"un", "deux", "trois"}
    assert {hit.debate for hit in after} == {"deux", "trois"}


def test_another_model_is_refused_until_the_index_is_rebuilt(store: Store) -> None:
    newer = HashEncoder("hash@2")
    with pytest.raises(ModelMismatch, match=r"hash@1.*hash@2.*qdq rebuild"):
        store.add(indexed(ONE, newer), newer.fingerprint)
    store.check_fingerprint("hash@1")
    entries = [indexed(debate, newer) for debate in ALL]
    assert not store.rebuild(entries, newer.fingerprint, "an earlier state")
    assert store.rebuild(entries, newer.fingerprint, store.generation())
    store.check_fingerprint("hash@2")
    assert [store.debate(debate.id) for debate in ALL] == list(ALL)


def test_an_entry_whose_parts_disagree_is_refused(encoder: HashEncoder) -> None:
    entry = indexed(ONE, encoder)
    with pytest.raises(ValueError, match=rf"{len(entry.windows)} windows, {len(entry.windows) - 1} vectors"):
        IndexedDebate(ONE, entry.windows, np.asarray(entry.vectors[1:]), entry.terms)


def test_other_fields_leave_the_words_and_the_vectors(store: Store, encoder: HashEncoder) -> None:
    query = encoder.embed_query("énergie nucléaire")
    before, report = store.dense(query, NARROW, 1000, EVERYWHERE), store.generation()
    changed = replace(TWO, title="Autre", date=None, url=None, media="https://e.org/a.mp3", participants=())
    assert store.describe(Description(changed, changed), report)
    assert store.debate("deux") == changed
    assert (store.original("deux").title, store.original("deux").participants) == ("Autre", ())
    summary = next(one for one in store.debates() if one.id == "deux")
    assert (summary.title, summary.date, summary.url, summary.media) == ("Autre", None, None, "https://e.org/a.mp3")
    assert store.dense(query, NARROW, 1000, EVERYWHERE) == before
    assert store.debate("un") == ONE
    in_june = Scope(date_from=date(2024, 6, 1))
    assert store.dense(query, NARROW, 1000, in_june) == []
    assert store.generation() != report


def test_other_fields_are_refused_in_another_state(store: Store) -> None:
    generation = store.generation()
    assert not store.describe(Description(replace(TWO, title="Autre"), TWO), "an earlier state")
    assert (store.generation(), store.debate("deux")) == (generation, TWO)
    with pytest.raises(DebateUnknown, match="nope"):
        store.describe(Description(replace(TWO, id="nope"), TWO), generation)


def test_terms_of_another_language_take_the_place_of_the_old(store: Store, encoder: HashEncoder) -> None:
    english = indexed(replace(TWO, language="en"), encoder)
    assert store.describe(Description(english.debate, english.debate, english.terms), store.generation())
    found = store.vocabulary()
    expected = Counter(
        term
        for debate in (ONE, english.debate, THREE)
        for window in indexed(debate, encoder).terms
        for term in set(window)
    )
    assert found == dict(expected)
    assert {hit.debate for hit in store.lexical(english.terms[0], NARROW, 1000, EVERYWHERE)} >= {"deux"}
