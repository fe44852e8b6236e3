"""A clock that jumps, back a year or ten years ahead: what is measured goes by another clock, and what has a date is
neither lost nor kept for ever."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import anyio
import pytest

from api.access.keys import Keys
from api.access.scopes import KeyScope
from api.access.sessions import IDLE_SECONDS, Sessions
from api.access.slowing import MOST, Slowing
from index.encoding import kept_vectors
from index.encoding.kept_vectors import KeptVectors
from index.errors import StoreLate
from index.local import LocalStore
from index.milvus import commit, state
from index.milvus.store import MilvusStore
from index.writing.embedding import indexed
from rag.records import DATABASE, Circumstances, Records
from rag.types import Answer
from tests.fakes import Clock, HashEncoder
from tests.faults.seen import contents
from tests.faults.work import Step, Work
from tests.test_store import ONE, THREE, TWO

DAY = 86_400.0
BACK, AHEAD = -365 * DAY, 3650 * DAY
NOWHERE = Circumstances("g", "f", {}, {})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def records(tmp_path: Path, clock: Clock) -> Iterator[Records]:
    with closing(Records(tmp_path, 30, now=clock)) as records:
        yield records


def _ask(records: Records, question: str) -> None:
    assert records.kept(Answer(question, "Oui.", False, 0.5, None, (), 1.0), NOWHERE).id is not None


def _kept(folder: Path) -> set[str]:
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        return {question for (question,) in connection.execute("SELECT question FROM answers")}


def test_answers_stay_when_the_clock_is_put_back(records: Records, clock: Clock) -> None:
    _ask(records, "before")
    clock.now += BACK
    _ask(records, "after")
    assert {one.question for one in records.all()} == {"before", "after"}
    clock.now -= BACK
    assert {one.question for one in records.all()} == {"before"}  # a year has passed, as far as can be known


def test_old_answers_go_also_after_the_clock_was_put_back(records: Records, clock: Clock, tmp_path: Path) -> None:
    clock.now += AHEAD
    records.all()
    _ask(records, "far ahead")
    clock.now -= AHEAD
    _ask(records, "now")
    clock.now += 31 * DAY
    assert {one.question for one in records.all()} == {"far ahead"}
    assert _kept(tmp_path) == {"far ahead"}


def test_a_clock_that_jumps_ahead_forgets_what_is_too_old_by_it(records: Records, clock: Clock) -> None:
    _ask(records, "before")
    clock.now += AHEAD
    assert records.all() == []
    _ask(records, "after")
    assert [one.question for one in records.all()] == ["after"]


def test_a_session_does_not_outlast_a_clock_that_is_put_back(home: Path, clock: Clock) -> None:
    home.mkdir()
    keys = Keys(home, now=clock)
    key, _secret = keys.add("desk", KeyScope.READ)
    sessions = Sessions(keys)
    cookie = sessions.begin(key)
    clock.now -= 60  # a clock that is set right by a minute signs nobody out
    assert sessions.key(cookie) is not None
    clock.now += BACK
    assert sessions.key(cookie) is None
    again = sessions.begin(key)
    assert sessions.key(again) is not None
    clock.now += AHEAD
    assert sessions.key(again) is None
    assert IDLE_SECONDS < -BACK


def test_wrong_keys_wait_no_longer_than_they_count(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(_seconds: float) -> None:
        """Waits for nothing."""

    slow = Slowing(at_once)

    async def tried() -> list[int | None]:
        return [await slow.wrong("192.0.2.1", "k") for _ in range(MOST.amount + 2)]

    assert anyio.run(tried)[-1] is not None
    monkeypatch.setattr(time, "time", lambda real=time.time: real() + BACK)
    assert set(anyio.run(tried)) == {MOST.get_expiry()}


@pytest.mark.parametrize("jump", [BACK, AHEAD])
def test_kept_vectors_are_used_whatever_the_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jump: float) -> None:
    encoder = HashEncoder()
    kept, texts = KeptVectors(encoder, tmp_path, 10), ["un", "deux", "trois"]
    kept.embed_passages(texts)
    monkeypatch.setattr(kept_vectors, "time", SimpleNamespace(time=lambda: time.time() + jump))
    found = kept.embed_passages([*texts, "quatre"])
    assert sorted(encoder.embedded) == sorted([*texts, "quatre"])
    assert (found == HashEncoder().embed_passages([*texts, "quatre"])).all()


@pytest.mark.parametrize("jump", [BACK, AHEAD])
def test_the_states_of_an_index_have_no_date(home: Path, monkeypatch: pytest.MonkeyPatch, jump: float) -> None:
    """Files are changed under other dates, and another program is at work."""
    with closing(Work(home)) as work, closing(LocalStore(home)) as other:
        work.begin()
        before = contents(other)
        monkeypatch.setattr(time, "time", lambda real=time.time: real() + jump)
        work.do(Step("add", "later", 4))
        after = contents(other)
        assert set(after["hashes"]) == {*before["hashes"], "later"}
        assert after["generation"] not in (before["generation"], "new")
        work.do(Step("remove", "later"))
        assert contents(other)["hashes"] == before["hashes"]


@pytest.mark.parametrize("jump", [BACK, AHEAD])
def test_a_server_whose_clock_is_wrong_takes_nothing_from_others(
    milvus_index: str, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch, jump: float
) -> None:
    """Its rows look very old or new, and those of others to it; it sweeps while another one has written half."""
    with closing(MilvusStore(milvus_index)) as right, closing(MilvusStore(milvus_index)) as wrong:
        right.add(indexed(ONE, encoder), encoder.fingerprint)
        commits = right._commit

        def meanwhile(*given: object, **named: object) -> bool:
            monkeypatch.setattr(right, "_commit", commits)
            with monkeypatch.context() as jumped:
                for module in (commit, state):
                    jumped.setattr(
                        module, "time", SimpleNamespace(time=lambda: time.time() + jump, time_ns=time.time_ns)
                    )
                wrong.add(indexed(THREE, encoder), encoder.fingerprint)
            return commits(*given, **named)  # type: ignore[arg-type]

        monkeypatch.setattr(right, "_commit", meanwhile)
        try:
            right.add(indexed(TWO, encoder), encoder.fingerprint)
        except StoreLate:
            assert jump == AHEAD
            assert [one.id for one in right.debates()] == ["trois", "un"]
            right.add(indexed(TWO, encoder), encoder.fingerprint)
        for store in (right, wrong):
            assert [store.debate(one.id) for one in (ONE, TWO, THREE)] == [ONE, TWO, THREE]
            assert len(store.stored("deux").vectors) == len(indexed(TWO, encoder).windows)
