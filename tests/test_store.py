"""The contract of a store, against brute force. Every store runs it."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.errors import DebateUnknown, ModelMismatch
from index.local import LocalStore, Sizes
from index.milvus.store import MilvusStore
from index.pieces.table import PieceTable
from index.pieces.windows import WIDTHS, pieces, windows
from index.speakers.corrections import Correction, CorrectionKind
from index.store import Description, Import, IndexedDebate, Relabelling, Store
from index.transcripts.report import ImportReport
from index.types import EVERYWHERE, Attribution, Debate, Hit, Origin, Participant, Scope, Segment, WordTime
from index.words.lexical import terms
from index.writing.embedding import indexed, tokens_of
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


@pytest.fixture(params=["local", "compressed", "milvus"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Opens the same index again and again; it is empty at first."""
    opened: list[Store] = []
    milvus: str | None = request.getfixturevalue("milvus_index") if request.param == "milvus" else None

    def open_one() -> Store:
        if milvus is not None:
            opened.append(MilvusStore(milvus))
        else:
            opened.append(_compressed(tmp_path) if request.param == "compressed" else LocalStore(tmp_path))
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


CORRECTION = Correction(CorrectionKind.SPEAKER, 0.0, 3.5, ONE.segments[0].text, "Zoé Roux", act=7)


def _unnumbered(corrections: Sequence[Correction] | None) -> list[Correction]:
    return [replace(one, act=None) for one in corrections or ()]


def whole_entry(encoder: HashEncoder) -> IndexedDebate:
    """A debate with all that can be known of one."""
    words = tuple(WordTime(float(n), None, word) for n, word in enumerate(ONE.segments[0].text.split()))
    voiced = tuple(replace(part, voice=part.speaker) for part in ONE.segments)
    debate = replace(ONE, segments=(replace(voiced[0], words=words), *voiced[1:]), description="Une émission.")
    entry = indexed(replace(debate, media="https://e.org/a.mp3"), encoder)
    origin = Import("abc", ImportReport("srt", "utf-8", 24, 240, (), 0.0, 95.5, ()))
    tokens = tokens_of(debate, encoder)
    return replace(entry, origin=origin, base=entry.debate, tokens=tokens, corrections=[CORRECTION])


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


def test_reading_is_of_one_state_whatever_is_written_meanwhile(
    store: Store, open_store: Callable[[], Store], encoder: HashEncoder
) -> None:
    other = open_store()
    query, generation = encoder.embed_query("uranium"), store.generation()
    with store.reading():
        before = store.dense(query, NARROW, 1000, EVERYWHERE), store.lexical(["uranium"], NARROW, 9, EVERYWHERE)
        other.remove("un")
        other.add(indexed(replace(TWO, title="Autre"), encoder), encoder.fingerprint)
        now = store.dense(query, NARROW, 1000, EVERYWHERE), store.lexical(["uranium"], NARROW, 9, EVERYWHERE)
        assert now == before
        assert store.generation() == generation
        assert [store.debate(debate.id) for debate in ALL] == list(ALL)
        assert store.vectors("un").keys() == {(w.width, w.first, w.last) for w in indexed(ONE, encoder).windows}
    assert [summary.title for summary in store.debates()] == ["Autre", "Débat trois"]
    assert {hit.debate for hit in store.dense(query, NARROW, 1000, EVERYWHERE)} == {"deux", "trois"}


def test_all_of_a_debate_is_kept(store: Store, encoder: HashEncoder) -> None:
    entry = whole_entry(encoder)
    store.add(replace(entry, renames={"J. Petit": "Jean Petit"}), encoder.fingerprint)
    found = store.stored("un")
    assert (found.debate, found.windows) == (entry.debate, entry.windows)
    assert [*map(sorted, found.terms)] == [*map(sorted, entry.terms)]
    assert np.array_equal(found.vectors, entry.vectors.astype(np.float16).astype(np.float32))
    assert (found.origin, _unnumbered(found.corrections)) == (entry.origin, _unnumbered([CORRECTION]))
    assert found.base == entry.base
    assert store.original("un") == entry.base
    assert store.debate("un", words=True) == entry.debate
    assert store.debate("un").segments[0].words == ()
    assert store.report("un") == (entry.origin.report if entry.origin else None)
    assert (store.report("deux"), store.tokens("deux")) == (None, None)
    assert (store.sources(), store.renames()) == ({"abc": "un"}, {"J. Petit": "Jean Petit"})
    kept, tokens = store.tokens("un"), entry.tokens
    assert kept is not None
    assert tokens is not None
    assert np.array_equal(kept.codes, tokens.codes)
    assert np.array_equal(kept.per_word, tokens.per_word)
    assert store.fingerprint() == encoder.fingerprint
    assert store.size() > 0


def test_vectors_are_of_length_one(store: Store, encoder: HashEncoder) -> None:
    entry = indexed(ONE, encoder)
    found = store.vectors("un")
    for window, vector in zip(entry.windows, entry.vectors, strict=True):
        kept = found[window.width, window.first, window.last]
        assert float(np.linalg.norm(kept)) == pytest.approx(1.0, abs=1e-6)
        assert float(kept @ vector) == pytest.approx(1.0, abs=1e-4)


def test_pieces_are_those_of_the_debate_as_it_is(store: Store) -> None:
    for debate in ALL:
        assert store.pieces(debate.id).to_bytes() == PieceTable.of(debate).to_bytes()
    zoe = tuple(replace(part, attribution=Attribution("Zoé Roux", Origin.CORRECTED, 1.0)) for part in ONE.segments)
    assert store.relabel(Relabelling([replace(ONE, segments=zoe)]), store.generation())
    english = replace(TWO, language="en", participants=())
    assert store.describe(Description(english, english), store.generation())
    for debate in (replace(ONE, segments=zoe), english):
        assert store.pieces(debate.id).to_bytes() == PieceTable.of(debate).to_bytes()
    with pytest.raises(DebateUnknown):
        store.pieces("nope")


def test_who_speaks_is_changed_and_found_at_once(store: Store, encoder: HashEncoder) -> None:
    store.add(whole_entry(encoder), encoder.fingerprint)
    said = Attribution("Zoé Roux", Origin.CORRECTED, 1.0)
    segments = tuple(replace(part, attribution=said) if part.index == 3 else part for part in ONE.segments)
    (kept,) = store.corrections("un")
    assert kept.act is not None
    later = replace(CORRECTION, start=12.0, end=15.5, text=ONE.segments[3].text, act=None)
    since, query = store.generation(), encoder.embed_query("uranium")
    change = Relabelling([replace(ONE, segments=segments, participants=())], added={"un": [later], "deux": [later]})
    assert not store.relabel(change, "an earlier state")
    assert store.relabel(change, since)
    assert store.generation() != since
    assert [part.speaker for part in store.debate("un").segments[2:5]] == ["Jean Petit", "Zoé Roux", "Ada Martin"]
    assert store.debate("un").participants == ()
    assert store.original("un") == whole_entry(encoder).base
    zoe = Scope(debates=frozenset({"un"}), speakers=frozenset({"Zoé Roux"}))
    hits = store.dense(query, NARROW, 1000, zoe)
    assert hits
    assert all(hit.first <= 3 <= hit.last for hit in hits)
    act = kept.act + 1
    assert store.corrections("un") == [kept, replace(later, act=act)]
    assert store.corrections("deux") == [replace(later, act=act)]
    assert store.relabel(Relabelling([ONE], removed=[act], renames={"Z": "Zoé Roux"}), store.generation())
    assert (store.corrections("un"), store.corrections("deux")) == ([kept], [])
    assert store.dense(query, NARROW, 1000, zoe) == []
    assert store.renames() == {"Z": "Zoé Roux"}
    assert store.relabel(Relabelling(renames={"Z": None}), store.generation())
    assert store.renames() == {}


def test_a_debate_that_is_cut_otherwise_may_bring_its_base_its_report_and_its_corrections(
    store: Store, encoder: HashEncoder
) -> None:
    entry = whole_entry(encoder)
    assert entry.base is not None and entry.origin is not None
    store.add(entry, encoder.fingerprint)
    later = replace(CORRECTION, start=2.0, end=5.5)
    voiced = Attribution("SPEAKER_00", Origin.VOICE, 0.8)
    segments = (*entry.base.segments[:3], replace(entry.base.segments[3], attribution=voiced, voice="SPEAKER_00"))
    base = replace(entry.base, segments=(*segments, *entry.base.segments[4:]), media="/r/a.mp3")
    report = replace(entry.origin.report, segments=25)
    cut = replace(indexed(base, encoder), base=base, origin=Import("abc", report), corrections=[later, later])
    since = store.generation()
    assert not store.relabel(Relabelling(recut=[cut]), "another")
    assert store.relabel(Relabelling(recut=[cut], added={"deux": [CORRECTION]}), since)
    assert store.original("un") == base
    assert (store.report("un"), store.sources()) == (report, {"abc": "un"})
    assert _unnumbered(store.corrections("un")) == _unnumbered([later, later])
    known = store.tokens("un")
    assert known is not None and entry.tokens is not None and known.to_bytes() == entry.tokens.to_bytes()
    acts = {one.act for debate in ("un", "deux") for one in store.corrections(debate)}
    assert len(acts) == 2
    assert store.relabel(Relabelling(recut=[replace(cut, corrections=None)]), store.generation())
    assert len(store.corrections("un")) == 2


def test_a_debate_that_is_cut_otherwise_keeps_what_is_known_of_it(store: Store, encoder: HashEncoder) -> None:
    entry = whole_entry(encoder)
    store.add(entry, encoder.fingerprint)
    first, second = (replace(ONE.segments[0], text=text) for text in ("Passage un 0 : budget", "culture théâtre."))
    cut = replace(ONE, segments=tuple(replace(s, index=n) for n, s in enumerate((first, second, *ONE.segments[1:]))))
    change = Relabelling(recut=[replace(indexed(cut, encoder), base=entry.base)])
    assert store.relabel(change, store.generation())
    assert store.debate("un") == cut
    assert store.original("un").segments == entry.debate.segments
    assert store.report("un") == (entry.origin.report if entry.origin else None)
    assert store.tokens("un") is not None
    assert _unnumbered(store.corrections("un")) == _unnumbered([CORRECTION])


def test_acts_that_are_brought_get_numbers_that_nobody_has(store: Store, encoder: HashEncoder) -> None:
    """Of another index, whose acts were numbered for themselves: taking one back takes nothing else back."""
    said = replace(CORRECTION, act=None)
    assert store.relabel(Relabelling(added={"deux": [said]}), store.generation())
    (mine,) = store.corrections("deux")
    assert mine.act is not None
    brought = [replace(CORRECTION, start=4.0 * at, act=act) for at, act in enumerate((9, 9, mine.act, 9))]
    store.add(replace(indexed(ONE, encoder), corrections=brought), encoder.fingerprint)
    first, second = mine.act + 1, mine.act + 2
    assert [one.act for one in store.corrections("un")] == [first, first, second, first]
    assert _unnumbered(store.corrections("un")) == _unnumbered(brought)
    assert store.relabel(Relabelling(added={"trois": [said]}), store.generation())
    assert [one.act for one in store.corrections("trois")] == [mine.act + 3]
    assert store.relabel(Relabelling(removed=[first]), store.generation())
    assert [one.act for one in store.corrections("un")] == [second]
    assert store.corrections("deux") == [mine]
    store.add(replace(indexed(ONE, encoder), corrections=()), encoder.fingerprint)
    assert store.corrections("un") == []
