"""Several programs at once: who writes waits for the other, and who reads sees whole states."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Generic, Self, TypeVar

import httpx
import pytest

from index.local import LocalStore
from index.pieces.windows import WIDTHS
from index.types import EVERYWHERE, joined_text
from tests.fakes import HashEncoder
from tests.faults.work import Step, Work
from tests.suite_files import srt

ADDED = 4
"""Debates of each writer."""
SUBJECTS = ("du budget de la culture", "de l'énergie nucléaire", "de l'école publique", "de la dette du pays")


@pytest.fixture
def server(home: Path, cache: Path) -> Iterator[httpx.Client]:
    """A real one, of the command, on an empty index."""
    command = [sys.executable, "-m", "api.commands.main", "serve", "--port", "0", "--json"]
    with subprocess.Popen(command, env=_variables(home, cache), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            url = json.loads("".join(process.stdout.readline() for _ in range(3)))["url"]
            with httpx.Client(base_url=url, timeout=120) as client:
                yield client
        finally:
            process.kill()


def _variables(home: Path, cache: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "QDQ_HOME": str(home), "QDQ_CACHE": str(cache), "OMP_NUM_THREADS": "1"}


def _said(name: str) -> list[str]:
    number = int(name[-1])
    return [f"Je parle {SUBJECTS[number % 4]}, dit {name} pour la fois numéro {at}." for at in range(5)]


def _files(folder: Path, writer: str) -> list[Path]:
    folder.mkdir(exist_ok=True)
    files = [folder / f"{writer}{number}.srt" for number in range(ADDED)]
    for file in files:
        file.write_text(srt(_said(file.stem)), "utf-8")
    return files


def _by_command(files: Sequence[Path], home: Path, cache: Path) -> list[str]:
    """The ids of what the command says it has added, a command for each half."""
    found = []
    for some in (files[:2], files[2:]):
        command = [sys.executable, "-m", "api.commands.main", "add", "--json", *map(str, some)]
        done = subprocess.run(command, env=_variables(home, cache), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        found += [one["debate"] for one in json.loads(done.stdout)["files"]]
    return found


def _by_server(files: Sequence[Path], server: httpx.Client) -> list[str]:
    found = []
    for file in files:
        done = server.post("/v1/debates", files={"file": (file.name, file.read_bytes())})
        assert done.status_code == 201, done.text
        found.append(done.json()["debate"])
    return found


def test_a_server_and_commands_add_at_once(server: httpx.Client, home: Path, cache: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor() as threads:
        adding = [
            threads.submit(_by_command, _files(tmp_path / "a", "a"), home, cache),
            threads.submit(_by_command, _files(tmp_path / "b", "b"), home, cache),
            threads.submit(_by_server, _files(tmp_path / "c", "c"), server),
        ]
        added = {name for one in adding for name in one.result()}
    assert added == {f"{writer}{number}" for writer in "abc" for number in range(ADDED)}
    listed = {one["id"]: one["segments"] for one in server.get("/v1/debates").json()["debates"]}
    assert listed == dict.fromkeys(added, 5)
    with closing(LocalStore(home)) as store:
        for name in added:
            assert [part.text for part in store.debate(name).segments] == _said(name)
            assert len(store.stored(name).vectors) > 0
    asked = {"question": "Qui parle de la dette du pays ?", "debate": "a3"}
    answer = server.post("/v1/ask", json=asked).json()
    assert {one["debate"] for one in answer["citations"]} == {"a3"}
    assert _by_command_removed(home, cache, "a3") == 0
    assert server.post("/v1/ask", json=asked).status_code == 404


def _by_command_removed(home: Path, cache: Path, debate: str) -> int:
    command = [sys.executable, "-m", "api.commands.main", "remove", debate]
    return subprocess.run(command, env=_variables(home, cache), capture_output=True, check=False).returncode


# a reader during a swap


_T = TypeVar("_T")


class Asking(Generic[_T]):
    """Asks again and again in a thread, until it is stopped: what it has ``seen``, and the errors that it met."""

    def __init__(self, ask: Callable[[], _T]) -> None:
        self._ask = ask
        self._stop = threading.Event()
        self.asked = threading.Semaphore(0)
        self.seen: list[_T] = []
        self.errors: list[Exception] = []
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                found = self._ask()
                if found not in self.seen[-3:]:
                    self.seen.append(found)
            except Exception as error:
                self.errors.append(error)
            self.asked.release()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def wait(self, times: int) -> None:
        """Until it has asked so often again."""
        for _ in range(times):
            assert self.asked.acquire(timeout=60)


def _texts(store: LocalStore) -> object:
    """What one question finds of everything: the generation, and from where each window comes."""
    vector = HashEncoder().embed_query("le budget")
    with store.reading():
        windows = [hit for width in WIDTHS for hit in store.dense(vector, width, 1000, EVERYWHERE)]
        found = {(hit.debate, hit.first, hit.last, hit.width): round(hit.score, 2) for hit in windows}
        words = {hit[:4] for width in WIDTHS for hit in store.lexical(["numero"], width, 1000, EVERYWHERE)}
        texts = {one.id: [part.text for part in store.debate(one.id).segments] for one in store.debates()}
        return store.generation(), found, words, texts


def test_who_asks_during_swaps_sees_states_of_the_index_and_nothing_between(home: Path) -> None:
    """Replaced debates, a rebuilt index, other files of vectors; by the program that asks, and beside it."""
    with closing(Work(home)) as work, closing(Work(home)) as other:
        work.begin()
        states = [_texts(work.store)]
        with Asking(lambda: _texts(work.store)) as asking:
            for number in range(12):
                by = (work, other)[number % 2]
                kind = ("replace", "rebuild", "add", "remove")[number // 2 % 4]
                by.do(Step(kind, {"add": f"n{number}", "remove": f"n{number - 2}"}.get(kind, "d1"), number))
                states.append(_texts(other.store))
                by.store.settle()
                asking.wait(2)
    assert asking.errors == []
    assert [one for one in asking.seen if one not in states] == []
    assert len(asking.seen) > len(states) // 2


def test_an_answer_during_a_swap_quotes_one_version_of_the_debate(home: Path) -> None:
    """To the letter, also where a question is asked while the debate that answers is replaced, again and again."""
    with closing(Work(home)) as work:
        versions = []
        for seed in range(6):
            work.do(Step("replace", "d1", seed))
            versions.append(joined_text(work.store.debate("d1").segments))

        def quoted() -> tuple[str, ...]:
            answer = work.engine.ask("Que dit-on du budget, de la facture ou de la prison ?")
            return tuple(citation.text for citation in answer.citations)

        with Asking(quoted) as asking:
            for seed in (*range(6), *range(6)):
                work.do(Step("replace", "d1", seed))
                asking.wait(1)
    assert asking.errors == []
    assert len(asking.seen) > 3
    for texts in asking.seen:
        assert any(all(text in version for text in texts) for version in versions), texts
