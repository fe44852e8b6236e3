"""What only an engine on a server has: other writers, killed ones, servers that are away. The contract is in
test_store.py."""

import itertools
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import settings as drawn

from api.serving.app import create_app
from eval.runs.floors import breaches, read_floors
from eval.runs.run import Evaluation
from eval.suites.find import find_suite
from eval.suites.indexes import _digest
from index.encoding.sentence_transformer import SentenceTransformerEncoder
from index.errors import (
    StoreBusy,
    StoreDamaged,
    StoreExtraMissing,
    StoreHeld,
    StoreLate,
    StoreNewer,
    StoreUnreachable,
    StoreUnwritable,
)
from index.local import LocalStore
from index.migrate import migrate
from index.milvus import commit, lock, search
from index.milvus.client import FLUSHED, Client, Row
from index.milvus.rows import _fitting, _rung
from index.milvus.schema import (
    BLOBS,
    STATE,
    TEXT_BYTES,
    IndexType,
    Options,
    locally,
    search_parameters,
    windows,
    windows_collection,
)
from index.milvus.snapshot import ROOT
from index.milvus.state import Root, packed_root, unpacked_root
from index.milvus.store import MilvusStore
from index.pieces.windows import WIDTHS
from index.store import Description, Relabelling, Store
from index.types import EVERYWHERE, Attribution, Debate, Hit, Origin, Scope, Segment, Window
from index.words.lexical import terms
from index.writing.embedding import indexed
from rag.engine import Engine
from rag.settings import Settings, load_settings
from rag.stores import open_place, open_store
from tests.conftest import DEBATE
from tests.fakes import DIMENSION, HashEncoder
from tests.made_debates import made_debates
from tests.suite_files import srt
from tests.test_floors import FLOORS
from tests.test_store import NARROW, ONE, THREE, TWO

SECRET = "root:SEKRET"


@pytest.fixture
def store(milvus_index: str, encoder: HashEncoder) -> Iterator[MilvusStore]:
    """Holds two debates."""
    with closing(MilvusStore(milvus_index)) as store:
        for debate in (ONE, TWO):
            store.add(indexed(debate, encoder), encoder.fingerprint)
        yield store


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a Milvus server: milvus-lite's own, over the network; it answers, however busy the machine is.

    It works on one request at a time: two inserts at once may both open its log of a collection, and one handle is
    then left open (`milvus_lite/storage/wal.py`). Writers still come between each other's requests.
    """
    pytest.importorskip("milvus_lite", reason="milvus-lite is not installed")
    import grpc
    from milvus_lite.adapter.grpc.server import start_server_in_thread

    server, database, port = start_server_in_thread(str(tmp_path_factory.mktemp("served") / "data"), max_workers=1)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        grpc.channel_ready_future(channel).result(timeout=60)
    yield port
    server.stop(grace=1)
    database.close()


def _state(store: Store) -> object:
    """Everything that can be seen of an index."""
    query = HashEncoder().embed_query("réacteur nucléaire")
    return (
        [store.stored(summary.id).debate for summary in store.debates()],
        store.generation(),
        store.dense(query, 30, 1000, EVERYWHERE),
        store.lexical(["uranium"], 30, 9, EVERYWHERE),
        store.vocabulary(),
    )


def _rows(store: MilvusStore, collection: str) -> set[int]:
    """The versions of all rows that there are, named or not."""
    return {int(row["version"]) for row in store._client.every(collection, "number >= 0", ["version"])}


def _named(store: MilvusStore) -> set[int]:
    state = store._now()
    parts = [part for entry in state.debates.values() for part in entry.parts.values()]
    parts += [part for page in state.pages.values() for part, _acts in page.corrections.values()]
    own = (*state.root.pages.values(), state.root.renames, state.root.retired)
    return {part.version for part in (*parts, *own) if part}


# what is found


@drawn(max_examples=5)
@given(debate=made_debates())
def test_both_stores_find_the_same(milvus_place: str, tmp_path_factory: pytest.TempPathFactory, debate: Debate) -> None:
    encoder = HashEncoder()
    local, shared = LocalStore(tmp_path_factory.mktemp("local")), MilvusStore(milvus_place)
    with closing(local), closing(shared):
        for summary in shared.debates():
            shared.remove(summary.id)
        for store in (local, shared):
            for one in (THREE, debate):
                store.add(indexed(one, encoder), encoder.fingerprint)
        asked = [terms(segment.text, "fr") for segment in debate.segments[:3]]
        query = encoder.embed_query(debate.segments[0].text)
        assert shared.vocabulary() == local.vocabulary()
        assert shared.background(query) == pytest.approx(local.background(query), abs=1e-4)
        for scope in (EVERYWHERE, Scope(speakers=frozenset({"Ada"})), Scope(debates=frozenset({"d"}))):
            for width in WIDTHS:
                for wanted in asked:
                    _same(shared.lexical(wanted, width, 1000, scope), local.lexical(wanted, width, 1000, scope))
                _same(shared.dense(query, width, 1000, scope), local.dense(query, width, 1000, scope))


def _same(found: Sequence[Hit], expected: Sequence[Hit]) -> None:
    scores = [{(hit.debate, hit.first, hit.last): hit.score for hit in hits} for hits in (found, expected)]
    assert scores[0] == pytest.approx(scores[1], abs=1e-5, rel=1e-4)


def test_many_debates_are_searched_in_several_expressions(
    store: MilvusStore, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = encoder.embed_query("énergie nucléaire")
    dense, lexical = (store.dense(query, NARROW, 5, EVERYWHERE), store.lexical(["uranium"], NARROW, 5, EVERYWHERE))
    monkeypatch.setattr(search, "_VERSIONS", 1)
    _same(store.dense(query, NARROW, 5, EVERYWHERE), dense)
    _same(store.lexical(["uranium"], NARROW, 5, EVERYWHERE), lexical)
    assert {hit.debate for hit in dense} == {hit.debate for hit in lexical} == {"un", "deux"}


def test_terms_that_share_a_number_are_told_apart(
    store: MilvusStore, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = store.lexical(["uranium"], NARROW, 100, EVERYWHERE)
    for module in ("rows", "search"):
        monkeypatch.setattr(f"index.milvus.{module}.term_number", lambda term: 7)
    store.add(indexed(ONE, encoder), encoder.fingerprint)
    store.add(indexed(TWO, encoder), encoder.fingerprint)
    _same(store.lexical(["uranium"], NARROW, 100, EVERYWHERE), before)


def test_windows_without_terms_and_words_without_end_are_stored(store: MilvusStore, encoder: HashEncoder) -> None:
    endless = "x" * 70_000
    odd = Debate("odd", "O", (Segment(0, 0.0, 1.0, "est-ce que ?"), Segment(1, 1.0, 2.0, f"uranium {endless}")))
    store.add(indexed(odd, encoder), encoder.fingerprint)
    assert store.debate("odd") == odd
    assert store.document_frequencies([endless])[0][endless] >= 1
    assert "odd" in {hit.debate for hit in store.lexical(["uranium"], NARROW, 100, EVERYWHERE)}
    assert [" ".join(found) for found in store.stored("odd").terms] == [
        " ".join(found) for found in indexed(odd, encoder).terms
    ]


def test_what_does_not_fit_is_cut_between_terms() -> None:
    assert _fitting(["a", "é" * TEXT_BYTES]) == "a"
    assert _fitting(["é" * TEXT_BYTES]) == ""
    assert _fitting(["a", "b"]) == "a b"


def test_half_of_the_windows_stand_on_each_next_rung() -> None:
    rungs = [_rung("d", Window(first, first, 30, "")) for first in range(8_000)]
    shares = [sum(rung >= least for rung in rungs) / len(rungs) for least in range(4)]
    assert shares == pytest.approx([1.0, 0.5, 0.25, 0.125], abs=0.02)


def test_a_large_index_is_sampled(store: MilvusStore, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    query = encoder.embed_query("culture")
    mean, _deviation = store.background(query)
    monkeypatch.setattr(search, "_SAMPLE", 20)
    store.describe(Description(TWO, TWO), store.generation())
    sample = store._windows._sample(store._now())
    assert 0 < len(sample) < store._now().windows
    assert float(np.mean(sample @ query)) == pytest.approx(mean, abs=0.08)


def test_the_evaluation_holds_its_floors(
    milvus_place: str, model: SentenceTransformerEncoder, debate_home: Path, tmp_path: Path
) -> None:
    """On the index of a suite, which is apart from what the settings name, and is not embedded again here."""
    settings = Settings(home=tmp_path / "home", cache=tmp_path / "cache", store=str(tmp_path / "mine.db"))
    suite = find_suite("debate", settings)
    place = settings.cache / "eval" / f"debate-{_digest(suite, model, True)}" / "index.db"
    with closing(LocalStore(debate_home)) as local, closing(MilvusStore(str(place))) as store:
        assert migrate(local, store).copied == (DEBATE,)
    result = Evaluation(suite, settings, model).run("shipped")
    assert (result.index.seconds, result.index.debates) == (None, 1)
    assert breaches(read_floors(FLOORS), [result]) == []
    assert not (tmp_path / "mine.db").exists()


@pytest.mark.parametrize("index", get_args(IndexType))
def test_every_type_of_index_finds_the_same(
    store: MilvusStore, milvus_place: str, encoder: HashEncoder, tmp_path: Path, index: IndexType
) -> None:
    settings = Settings(home=tmp_path, store=milvus_place, store_index=index, store_partitions=4)
    with closing(open_place(milvus_place, settings, f"of_{index.lower()}")) as other:
        assert isinstance(other, MilvusStore)
        for debate in (ONE, TWO):
            other.add(indexed(debate, encoder), encoder.fingerprint)
        collection = windows_collection(DIMENSION)
        other._client._call(other._client._milvus.flush, other._client._named(collection))
        made = "FLAT" if index == "AUTOINDEX" else index  # here, see ``locally``
        assert other._client.index_type(collection, "vector") == made
        assert windows(DIMENSION, other._options).options == {"num_partitions": 4}  # milvus-lite always has 16
        for text in ("énergie nucléaire", "professeur"):
            query = encoder.embed_query(text)
            found = other.dense(query, NARROW, 8, EVERYWHERE)
            exact = store.dense(query, NARROW, 8, EVERYWHERE)
            assert [hit.score for hit in found] == pytest.approx([hit.score for hit in exact], abs=0.02)


_SCOPES = (EVERYWHERE, Scope(speakers=frozenset({"Ada Martin"})), Scope(debates=frozenset({"trois", "deux"})))


@pytest.mark.parametrize(("index", "least"), [("AUTOINDEX", 1.0), ("HNSW", 0.99), ("IVF_SQ8", 0.9), ("FLAT", 1.0)])
def test_none_of_many_windows_is_lost(
    milvus_place: str, encoder: HashEncoder, tmp_path: Path, index: IndexType, least: float
) -> None:
    """More than milvus-lite indexes at once, and more wanted than an approximate index looks at by itself."""
    chance = np.random.default_rng(7)
    settings = Settings(home=tmp_path, store_index=index)
    with (
        closing(open_place(milvus_place, settings, f"many_{index.lower()}")) as shared,
        closing(LocalStore(tmp_path)) as local,
    ):
        for debate in (_long("un", 800), _long("deux", 800), THREE):
            entry = indexed(debate, encoder)
            vectors = chance.standard_normal(entry.vectors.shape).astype(np.float32)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            for store in (shared, local):
                store.add(replace(entry, vectors=vectors), encoder.fingerprint)
        assert local.document_frequencies([])[1] > 4 * FLUSHED
        for width, scope in itertools.product(WIDTHS, _SCOPES):
            query = chance.standard_normal(DIMENSION).astype(np.float32)
            found = _places(shared.dense(query / np.linalg.norm(query), width, 300, scope))
            exact = _places(local.dense(query / np.linalg.norm(query), width, 300, scope))
            assert len(found) == len(exact)
            assert len(found & exact) >= least * len(exact)


def _long(name: str, segments: int) -> Debate:
    return replace(
        THREE,
        id=name,
        segments=tuple(
            replace(
                THREE.segments[0],
                index=at,
                start=9.0 * at,
                end=9.0 * at + 8.0,
                text=f"Passage {name} {at} : {_WORDS}",
                attribution=Attribution(("Ada Martin", "Jean Petit", "Zoé Roux")[at % 3], Origin.LABELLED, 1.0),
            )
            for at in range(segments)
        ),
    )


_WORDS = " ".join(f"mot{at}" for at in range(24)) + "."


def _places(hits: Sequence[Hit]) -> set[tuple[str, int, int]]:
    return {(hit.debate, hit.first, hit.last) for hit in hits}


def test_an_index_that_was_made_otherwise_is_looked_through_as_well() -> None:
    """Of an earlier version: milvus-lite's AUTOINDEX looks at 64 unless it is told. A server's is left alone."""
    assert search_parameters("AUTOINDEX", 350, local=True)["ef"] > 10_000
    assert search_parameters("AUTOINDEX", 350, local=False) == {}
    assert search_parameters("HNSW", 350, local=False) == {"ef": 700}
    assert locally(Options("IVF_SQ8")) == Options("IVF_SQ8")


# several servers


def test_what_one_does_the_others_see_at_once(store: MilvusStore, milvus_index: str, encoder: HashEncoder) -> None:
    with closing(MilvusStore(milvus_index)) as other:
        assert other.generation() == store.generation()
        store.add(indexed(THREE, encoder), encoder.fingerprint)
        assert [summary.id for summary in other.debates()] == ["deux", "trois", "un"]
        assert "trois" in {hit.debate for hit in other.dense(encoder.embed_query("école"), NARROW, 50, EVERYWHERE)}
        renamed = replace(TWO, title="Autre")
        assert other.describe(Description(renamed, renamed), store.generation())
        assert store.debate("deux").title == "Autre"
        assert store.generation() == other.generation()


def test_a_server_in_this_process_is_waited_for(
    store: MilvusStore, milvus_index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is never away, however long a busy machine lets it wait."""
    for seconds in ("CONNECT_SECONDS", "CALL_SECONDS"):
        monkeypatch.setattr(f"index.milvus.client.{seconds}", 1e-6)
    with closing(MilvusStore(milvus_index)) as other:
        assert [summary.id for summary in other.debates()] == ["deux", "un"]
        assert len(_rows(other, BLOBS)) > 2


def test_stores_that_are_opened_at_once_share_one_server(milvus_place: str, tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(MilvusStore, [str(tmp_path / "x.db")] * 4))
    assert len({store.generation() for store in stores}) == 1
    for store in stores:
        store.close()


def test_what_is_brought_to_one_server_is_asked_of_another(
    milvus_index: str, encoder: HashEncoder, tmp_path: Path
) -> None:
    settings = [Settings(home=tmp_path / name, store=milvus_index, abstain_below=0.0) for name in "ab"]
    engines = [Engine(open_store(one), encoder, one) for one in settings]
    first, second = (TestClient(create_app(engine)) for engine in engines)
    question = {"question": "Que dit Ada Martin du budget de la culture ?"}
    with first, second:
        assert second.post("/v1/ask", json=question).json()["citations"] == []
        file = srt(["Le budget de la culture doit doubler.", "Les réacteurs sont à l'arrêt."])
        sent = first.post("/v1/debates", files={"file": ("petit.srt", file)}, data={"participants": "Ada Martin"})
        assert sent.status_code == 201
        turn = {"first": 0, "last": 0, "speaker": "Ada Martin"}
        assert second.patch("/v1/debates/petit/turns", json=turn).status_code == 200
        answer = first.post("/v1/ask", json=question).json()
        cited = answer["citations"][0]
        assert (cited["quote"], cited["speaker"]) == ("Le budget de la culture doit doubler.", "Ada Martin")
        assert second.delete("/v1/debates/petit").status_code == 204
        assert first.post("/v1/ask", json=question).json()["citations"] == []


def test_who_has_just_written_reads_the_newest_state(
    store: MilvusStore, milvus_index: str, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever consistency was chosen for questions."""
    levels: list[str] = []
    get = Client.get

    def told(self: Client, name: str, ids: list[str], fields: list[str], level: str) -> dict[str, Row]:
        levels.append(level if name == STATE else "")
        return get(self, name, ids, fields, level)

    monkeypatch.setattr(Client, "get", told)
    with closing(MilvusStore(milvus_index, options=Options(consistency="Bounded"))) as bounded:
        levels.clear()
        bounded.generation()
        assert levels == ["Bounded"]
        assert not bounded.describe(Description(TWO, TWO), "an earlier state")
        assert not bounded.relabel(Relabelling(), "an earlier state")
        levels.clear()
        bounded.generation()
        assert levels == ["Strong"]


def test_other_fields_move_no_window(store: MilvusStore) -> None:
    before = store._now().debates["deux"].parts
    changed = replace(TWO, title="Autre", participants=())
    assert store.describe(Description(changed, changed), store.generation())
    after = store._now().debates["deux"].parts
    assert {name for name in before if before[name] != after[name]} == {"segments", "pieces", "original"}


def test_writers_at_once_lose_nothing(served: int, encoder: HashEncoder) -> None:
    """Under two names of one server, since writers of one process on one name wait for each other without it."""
    stores = [MilvusStore(f"http://{host}:{served}", prefix="writers") for host in ("127.0.0.1", "localhost")]
    assert stores[0].dense(encoder.embed_query("école"), NARROW, 5, EVERYWHERE) == []
    assert stores[1].lexical(["ecol"], NARROW, 5, EVERYWHERE) == []
    assert (stores[0].background(encoder.embed_query("école")), stores[0].vocabulary()) == ((0.0, 1.0), {})
    failed: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for turn in range(3):
                made = replace(THREE, id=f"d-{number}-{turn}")
                stores[number % 2].add(indexed(made, encoder), encoder.fingerprint)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    for store in stores:
        assert [summary.id for summary in store.debates()] == [f"d-{n}-{turn}" for n in range(4) for turn in range(3)]
        store.close()


_KILLED = """
import os, signal, sys
from index.writing.embedding import indexed
from index.milvus.client import Client
from index.milvus.store import MilvusStore
from tests.fakes import HashEncoder
from tests.test_store import TWO, replace

place, method, collection = sys.argv[1:]
called = getattr(Client, method)

def killing(self, name, *given, **named):
    if name.startswith(collection) and "claim" not in str(given)[:20]:
        os.kill(os.getpid(), signal.SIGKILL)
    return called(self, name, *given, **named)

store = MilvusStore(place, prefix="killed")
entry = indexed(replace(TWO, title="Jamais vu"), HashEncoder())
setattr(Client, method, killing)
store.add(entry, "hash@1")
"""


@pytest.fixture
def mortal(served: int, encoder: HashEncoder) -> Iterator[MilvusStore]:
    """An index whose writers are killed."""
    with closing(MilvusStore(f"http://127.0.0.1:{served}", prefix="killed")) as store:
        for debate in (ONE, TWO):
            store.add(indexed(debate, encoder), encoder.fingerprint)
        yield store


@pytest.mark.parametrize(
    ("method", "collection", "leaves"),
    [("insert", "windows_", BLOBS), ("upsert", STATE, windows_collection(DIMENSION))],
    ids=["before the windows", "before it is visible"],
)
def test_a_killed_writer_leaves_the_index_as_it_was(
    mortal: MilvusStore,
    encoder: HashEncoder,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    collection: str,
    leaves: str,
) -> None:
    before, rows = _state(mortal), _rows(mortal, leaves)
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, mortal.place, method, collection], cwd=Path(__file__).parents[1], check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert _rows(mortal, leaves) > rows  # it left something
    assert _state(mortal) == before
    monkeypatch.setattr(lock, "LEASE_SECONDS", 0.0)  # its claim may be there
    monkeypatch.setattr(commit, "LEFT_SECONDS", -60.0)
    mortal.add(indexed(THREE, encoder), encoder.fingerprint)
    assert [summary.title for summary in mortal.debates()] == ["Débat deux", "Débat trois", "Débat un"]
    retired = {one.part.version for one in mortal._committer._retired(mortal._now().root)}
    for swept in (BLOBS, windows_collection(DIMENSION)):
        assert _rows(mortal, swept) <= _named(mortal) | retired
    mortal.remove("trois")


def test_a_broken_claim_stops_its_writer(store: MilvusStore, encoder: HashEncoder) -> None:
    """As one that was suspended for longer than a claim holds."""
    before = _state(store)
    claim = lock.Claim(store._client, "claim-taken-away")
    with pytest.raises(StoreBusy):
        store._committer.commit(store._now(), commit.Change(debates={"un": None}), claim)
    assert _state(store) == before


def test_who_is_interrupted_while_waiting_leaves_no_claim(store: MilvusStore, monkeypatch: pytest.MonkeyPatch) -> None:
    claims = lock._claims

    def interrupted(client: Client) -> set[str]:
        assert len(claims(client)) == 1
        raise KeyboardInterrupt

    monkeypatch.setattr(lock, "_claims", interrupted)
    with pytest.raises(KeyboardInterrupt):
        store.remove("un")
    assert claims(store._client) == set()


def test_rows_that_may_have_been_swept_are_not_made_visible(
    store: MilvusStore, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _state(store)
    monkeypatch.setattr(commit, "MADE_SECONDS", -1.0)
    with pytest.raises(StoreLate):
        store.add(indexed(THREE, encoder), encoder.fingerprint)
    assert _state(store) == before


def test_rows_stay_for_who_still_reads_them_and_then_go(
    store: MilvusStore, milvus_index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection = windows_collection(DIMENSION)
    version = store._now().debates["un"].parts["windows"].version
    store.remove("un")
    assert version in _rows(store, collection)
    monkeypatch.setattr(commit, "KEPT_SECONDS", -1.0)
    store.remove("deux")
    assert version not in _rows(store, collection)


# what goes wrong


def test_the_extra_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for module, message in (("milvus_lite", "'milvus-lite'"), ("pymilvus", r"'qui-dit-quoi\[milvus\]'")):
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(StoreExtraMissing, match=message):
            MilvusStore(str(tmp_path / "x.db"))


def test_a_server_that_is_away_is_named_without_the_token(milvus_place: str) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(StoreUnreachable) as told:
        open_store(Settings(store=address, store_token=SECRET))  # type: ignore[arg-type]
    for sentence in (told.value.message("fr"), told.value.message("en")):
        assert address in sentence
        assert "SEKRET" not in sentence
    assert "QDQ_STORE_TOKEN" in told.value.message("en")


def test_a_server_that_says_nothing_is_given_up(milvus_place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.milvus.client.CONNECT_SECONDS", 0.3)
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        with pytest.raises(StoreUnreachable, match=str(mute.getsockname()[1])):
            MilvusStore(f"http://127.0.0.1:{mute.getsockname()[1]}")


def test_a_server_that_goes_away_is_named(tmp_path: Path, milvus_place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from milvus_lite.adapter.grpc.server import start_server_in_thread

    server, database, port = start_server_in_thread(str(tmp_path / "data"))
    with closing(MilvusStore(f"http://127.0.0.1:{port}")) as store:
        server.stop(grace=None).wait()
        database.close()
        monkeypatch.setattr("index.milvus.client.CALL_SECONDS", 0.3)
        with pytest.raises(StoreUnreachable, match=str(port)):
            store.debates()


def test_a_token_in_what_a_server_says_is_not_repeated(store: MilvusStore) -> None:
    store._client._token = "SEKRET"
    told = store._client._translation(RuntimeError("wrong token SEKRET"))
    assert "wrong token …" in told.message("en")
    store._client._token = ""


@pytest.mark.parametrize("place", ["ftp://host", "http://user:SEKRET@host:1", "http://", "folder", "http://host:0"])
def test_a_store_that_cannot_be_one_is_refused(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QDQ_STORE", place)
    monkeypatch.setenv("QDQ_STORE_TOKEN", "SEKRET\x01")
    with pytest.raises(Exception, match="QDQ_STORE") as told:
        load_settings()
    assert "SEKRET" not in str(told.value)


def test_a_path_that_cannot_be_one_is_named(tmp_path: Path, milvus_place: str) -> None:
    (tmp_path / "file.db").write_text("mine")
    with pytest.raises(StoreDamaged, match=r"file\.db"):
        MilvusStore(str(tmp_path / "file.db"))
    with pytest.raises(StoreUnwritable, match=r"file\.db"):
        MilvusStore(str(tmp_path / "file.db" / "x.db"))
    assert (tmp_path / "file.db").read_text() == "mine"


def test_a_path_that_another_program_holds_is_said_to_be(
    tmp_path: Path, milvus_place: str, caplog: pytest.LogCaptureFixture
) -> None:
    """In one sentence, without milvus-lite's own traceback."""
    fcntl = pytest.importorskip("fcntl", reason="Windows locks files otherwise")
    (tmp_path / "x.db").mkdir()
    with (tmp_path / "x.db" / "LOCK").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(StoreHeld, match=r"x\.db.*HTTP API"):
            MilvusStore(str(tmp_path / "x.db"))
    assert caplog.records == []


def test_an_index_of_a_later_version_is_refused(store: MilvusStore, milvus_index: str) -> None:
    root = store._now().root
    store._committer.put(replace(root, schema=99))
    with pytest.raises(StoreNewer, match="99"):
        MilvusStore(milvus_index)
    store._committer.put(root)


@pytest.mark.parametrize("content", ["", "{}", '{"pages": 1}'])
def test_a_root_that_cannot_be_read_is_damage(store: MilvusStore, milvus_index: str, content: str) -> None:
    root = store._now().root
    store._client.upsert(STATE, {"id": ROOT, "content": content, "nothing": (0.0, 0.0)})
    with pytest.raises(StoreDamaged, match="root"):
        store.debates()
    store._committer.put(root)


def test_rows_that_are_lost_are_damage(store: MilvusStore) -> None:
    part = store._now().debates["un"].parts["segments"]
    store._blobs._kept.clear()
    store._client.delete(BLOBS, f"version in [{part.version}]")
    with pytest.raises(StoreDamaged, match=str(part.version)):
        store.debate("un")


def test_somebody_elses_collections_are_left_alone(milvus_place: str) -> None:
    from pymilvus import MilvusClient

    client = MilvusClient(milvus_place)
    client.create_collection("foreign_state", dimension=4)
    with pytest.raises(StoreDamaged, match="not a collection of qui-dit-quoi"):
        MilvusStore(milvus_place, prefix="foreign")
    client.drop_collection("foreign_state")
    client.close()


def test_a_root_comes_back_as_it_was() -> None:
    root = Root("g", "f", 3, 4, swept=1.5)
    assert unpacked_root(packed_root(root)) == root
