"""What a key may have in the index: so many debates, so many bytes of them."""

import ast
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.access.keys import Keys
from api.access.policy import Access, Mode
from api.access.quotas import Share, used_by_key
from api.access.scopes import KeyScope
from api.serving.app import create_app
from index.errors import DebateOwned, DebateUnknown, QuotaExceeded, StoreFull
from index.local import DATABASE, LocalStore
from index.types import Progress
from index.weight import least_weight, weight
from index.writing.build import Details
from rag.engine import Engine
from rag.settings import Settings
from tests.conftest import DEBATE
from tests.fakes import Clock, HashEncoder
from tests.suite_files import srt
from tests.test_access import bearing, client_of

SAID = ["Le budget de la culture doit doubler dès cette année.", "Je refuse d'augmenter ce budget."]
ShareOf = Callable[..., Share]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(home: Path, clock: Clock) -> Keys:
    return Keys(home, now=clock)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "d.srt"
    path.write_text(srt(SAID), "utf-8")
    return path


@pytest.fixture
def share_of(keys: Keys, engine: Engine) -> ShareOf:
    """The share of a new key with a name and bounds."""

    def share(name: str, *, max_debates: int | None = None, max_mb: int | None = None) -> Share:
        key, _secret = keys.add(name, KeyScope.WRITE, max_debates=max_debates, max_mb=max_mb)
        return Share(keys, engine, key.caller)

    return share


def ids(share: Share) -> list[str]:
    return [one.id for one in share.engine.debates()]


def reserved(keys: Keys) -> list[tuple[str, int]]:
    return [(debate, size) for debate, size in keys.database.rows("SELECT debate, bytes FROM reserved")]


def test_a_debate_too_many_is_refused_before_it_is_embedded(
    share_of: ShareOf, path: Path, encoder: HashEncoder, keys: Keys
) -> None:
    share = share_of("a", max_debates=2)
    share.add(path, Details(id="one"))
    share.add(path, Details(id="two"))
    embedded = len(encoder.embedded)
    with pytest.raises(QuotaExceeded, match="may have 2 debates: 2 are taken, and this is 1 more"):
        share.add(path, Details(id="three"))
    assert (ids(share), len(encoder.embedded)) == (["one", "two"], embedded)
    share.add(path, Details(id="two"))  # in place of its own
    share.remove("one")
    share.add(path, Details(id="three"))
    assert ids(share) == ["three", "two"]
    assert [count for count, _size in used_by_key(keys).values()] == [2]
    assert reserved(keys) == []


def test_a_key_without_room_adds_nothing(share_of: ShareOf, path: Path, encoder: HashEncoder) -> None:
    for share in (share_of("a", max_debates=0), share_of("b", max_mb=0)):
        with pytest.raises(QuotaExceeded):
            share.add(path)
    assert (ids(share), encoder.embedded) == ([], [])


def test_bytes_are_counted_whole_before_anything_is_stored(
    share_of: ShareOf, path: Path, tmp_path: Path, encoder: HashEncoder, keys: Keys
) -> None:
    """The text of the long one would fit; with its vectors it does not, and of what was there nothing is gone."""
    share = share_of("a", max_mb=1)
    share.add(path)
    (size,) = [size for _count, size in used_by_key(keys).values()]
    long = tmp_path / "long.srt"
    long.write_text(srt([f"{SAID[0] * 5} {number}." for number in range(3_000)]), "utf-8")
    with pytest.raises(QuotaExceeded, match=r"may have 1 MB: 0.01 are taken, and this is [1-9]\.\d\d more"):
        share.add(long, Details(id="d2"))
    with pytest.raises(QuotaExceeded):
        share.add(long, Details(id="d"))
    assert (ids(share), len(share.engine.debate("d").segments)) == (["d"], 2)
    assert (used_by_key(keys), reserved(keys)) == ({share.caller.id if share.caller else "": (1, size)}, [])


def test_what_surely_does_not_fit_is_not_embedded(
    share_of: ShareOf, tmp_path: Path, encoder: HashEncoder, path: Path
) -> None:
    long = tmp_path / "long.srt"
    long.write_text(srt([f"{SAID[0] * 60} {number}." for number in range(350)]), "utf-8")
    with pytest.raises(QuotaExceeded):
        share_of("a", max_mb=1).add(long)
    assert encoder.embedded == []


def test_a_key_with_a_quota_touches_no_debate_of_others(share_of: ShareOf, engine: Engine, path: Path) -> None:
    engine.add(path, Details(id="cli"))
    free, bounded = share_of("free"), share_of("bounded", max_debates=9)
    free.add(path, Details(id="free"))
    for debate in ("cli", "free"):
        with pytest.raises(DebateOwned):
            bounded.add(path, Details(id=debate, title="Mine"))
        with pytest.raises(DebateOwned):
            bounded.remove(debate)
    with pytest.raises(DebateUnknown):
        bounded.remove("nothing")
    assert [one.title for one in engine.debates()] == ["d", "d"]
    bounded.add(path, Details(id="mine"))
    free.add(path, Details(id="cli"))
    free.remove("mine")
    Share(free.keys, engine, None).remove("free")
    assert ids(free) == ["cli"]


def test_what_is_removed_elsewhere_is_given_back(share_of: ShareOf, engine: Engine, path: Path) -> None:
    share = share_of("a", max_debates=1)
    share.add(path, Details(id="one"))
    engine.remove("one")  # as the command line does
    share.add(path, Details(id="two"))
    assert ids(share) == ["two"]


def test_what_fails_or_is_stopped_is_given_back(share_of: ShareOf, engine: Engine, path: Path, keys: Keys) -> None:
    share = share_of("a", max_debates=1)

    class Stopped(Exception):
        pass

    def stop(stage: str, done: int, total: int) -> None:
        assert reserved(keys) != []
        raise Stopped

    told: Progress = stop
    with pytest.raises(Stopped):
        share.add(path, progress=told)
    assert (reserved(keys), used_by_key(keys)) == ([], {})
    share.add(path)
    assert ids(share) == ["d"]


def test_keys_that_come_at_once_do_not_pass_the_bound_together(
    home: Path, keys: Keys, path: Path, engine: Engine
) -> None:
    """All of them are embedding when the last one asks for room."""
    key, _secret = keys.add("a", KeyScope.WRITE, max_debates=3)
    together = threading.Barrier(3, timeout=60)

    class Together(HashEncoder):
        def load(self, progress: Progress | None = None) -> None:
            together.wait()

    slow = Engine(LocalStore(home), Together(), Settings(home=home))
    share = Share(keys, slow, key.caller)

    def add(number: int) -> str:
        try:
            return share.add(path, Details(id=f"d{number}")).debate.id
        except QuotaExceeded:
            return ""

    with ThreadPoolExecutor(8) as pool:
        done = sorted(pool.map(add, range(8)))
    assert done[:5] == [""] * 5 and len(slow.debates()) == 3
    slow.close()


def test_what_a_killed_process_left_counts_for_an_hour_and_what_it_stored_counts_on(
    share_of: ShareOf, engine: Engine, path: Path, keys: Keys, clock: Clock
) -> None:
    share = share_of("a", max_debates=2)
    assert share.caller
    row = "INSERT INTO reserved (key, debate, bytes, since) VALUES (?, ?, 5, ?)"
    with keys.database.changing() as connection:
        for debate in ("stored", "lost"):
            connection.execute(row, (share.caller.id, debate, clock.now))
    engine.add(path, Details(id="stored"))
    with pytest.raises(QuotaExceeded):
        share.add(path, Details(id="new"))
    clock.now += 3_601
    share.add(path, Details(id="new"))
    with pytest.raises(QuotaExceeded):
        share.add(path, Details(id="newer"))
    share.remove("stored")
    assert used_by_key(keys)[share.caller.id][0] == 1


def test_a_debate_that_is_stored_is_told_so_though_its_bytes_cannot_be_noted(
    share_of: ShareOf, path: Path, keys: Keys, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The room stays reserved, and is its own later."""
    share = share_of("a", max_debates=1)
    changing, changes = keys.database.changing, iter([True, True, True, False])

    def full() -> object:
        if next(changes, True):
            return changing()
        raise StoreFull(path=keys.database.path)

    monkeypatch.setattr(keys.database, "changing", full)
    assert share.add(path).debate.id == "d"
    assert [debate for debate, _size in reserved(keys)] == ["d"]
    clock.now += 3_601
    with pytest.raises(QuotaExceeded):
        share.add(path, Details(id="e"))
    assert [count for count, _size in used_by_key(keys).values()] == [1]


def test_over_http_it_is_said_and_nothing_is_changed(engine: Engine, keys: Keys) -> None:
    client = client_of(create_app(engine, access=Access(keys, Mode.KEYS)))
    headers = bearing(keys.add("a", KeyScope.WRITE, max_debates=1)[1])

    def bring(name: str, query: str = "") -> tuple[int, str]:
        response = client.post(f"/v1/debates{query}", files={"file": (name, srt(SAID))}, headers=headers)
        return response.status_code, response.text

    assert bring("one.srt")[0] == 201
    status, text = bring("two.srt")
    assert (status, "urn:qui-dit-quoi:quota-exceeded" in text) == (403, True)
    status, text = bring("two.srt", "?stream=true")
    assert "urn:qui-dit-quoi:quota-exceeded" in text and "event: added" not in text
    assert client.delete("/v1/debates/one", headers=headers).status_code == 204
    assert bring("two.srt", "?stream=true")[0] == 200
    other = bearing(keys.add("b", KeyScope.WRITE, max_mb=5)[1])
    refused = client.delete("/v1/debates/two", headers=other)
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:qui-dit-quoi:debate-owned")
    assert [one.id for one in engine.debates()] == ["two"]


def test_the_pages_go_by_the_same_share(engine: Engine, keys: Keys) -> None:
    client: TestClient = client_of(create_app(engine, access=Access(keys, Mode.KEYS)))
    headers = bearing(keys.add("a", KeyScope.WRITE, max_debates=1)[1])
    files = [("files", ("one.srt", srt(SAID))), ("files", ("two.srt", srt(SAID)))]
    page = client.post("/debates", files=files, headers=headers | {"Accept": "text/html", "Accept-Language": "fr"})
    assert "a droit à 1 débats : 1 pris, et 1 de plus ici" in page.text
    assert [one.id for one in engine.debates()] == ["one"]
    engine.add(_file(engine, "cli.srt"))
    refused = client.post("/debates/cli/delete", headers=headers | {"Accept": "text/html"})
    assert (refused.status_code, [one.id for one in engine.debates()]) == (403, ["cli", "one"])


def _file(engine: Engine, name: str) -> Path:
    path = engine.settings.home.parent / name
    path.write_text(srt(SAID), "utf-8")
    return path


def test_nothing_in_the_api_adds_or_removes_past_the_quotas() -> None:
    root = Path(__file__).parents[1] / "api"
    found = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if "commands" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("add", "add_files", "remove", "rebuild")
        if ast.unparse(node.value).rpartition(".")[2] == "engine"
    }
    assert found == {"access/quotas.py"}


def test_the_weight_is_about_what_a_debate_takes_on_the_disk(debate_home: Path, debate_engine: Engine) -> None:
    entry = debate_engine._store.stored(DEBATE)
    with sqlite3.connect(f"file:{debate_home / DATABASE}?mode=ro", uri=True) as connection:
        ((size,),) = connection.execute("SELECT sum(pgsize - unused) FROM dbstat").fetchall()
    assert least_weight(entry.debate) == sum(len(one.text.encode()) for one in debate_engine.debate(DEBATE).segments)
    assert 0.7 * size < weight(entry) < size, (weight(entry), size)
