"""A disk that is full in the middle of a change: one clear error, the index as it was, and all well once there is
room."""

import shutil
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from index.errors import StoreError, StoreFull
from tests.faults.forked import hurry, no_file_over, run
from tests.faults.seen import Seen, differing, everything
from tests.faults.work import Step, Work
from tests.suite_files import srt

STEPS = (
    Step("add", "new", 5),
    Step("replace", "d1", 6),
    Step("remove", "d0"),
    Step("correct", "d1", 2),
    Step("rebuild"),
    Step("migrate"),
)
KILOBYTES = (4, 33, 48, 90, 120, 160, 220, 2000)


@pytest.fixture(scope="module")
def beginning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("beginning")
    run(_begin, folder)
    return folder


def _begin(folder: Path) -> None:
    with closing(Work(folder / "home")) as work:
        work.begin()
        work.store.settle()


def _without_room(folder: Path, step: Step, kilobytes: int, hurried: bool) -> tuple[str, Seen, Seen]:
    """What became of ``step``, and all that is seen while the disk is full, and after."""
    if hurried:
        hurry()
    with closing(Work(folder / "home")) as work:
        answer = work.engine.ask("Que dit-on du budget numéro 0 ?").answer
        with no_file_over(kilobytes):
            outcome = _outcome(work, step)
            still = work.engine.ask("Que dit-on du budget numéro 0 ?").answer
            assert outcome == "" or still == answer
            meanwhile = everything(folder / "home")
    return outcome, meanwhile, everything(folder / "home")


def _outcome(work: Work, step: Step) -> str:
    try:
        work.do(step)
    except StoreError as error:
        assert isinstance(error, StoreFull), error
        return type(error).__name__
    return ""


def _with_room(folder: Path, step: Step) -> Seen:
    with closing(Work(folder / "home")) as work:
        work.do(step)
    return everything(folder / "home")


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.kind)
def test_a_change_without_room_is_refused_whole(beginning: Path, tmp_path: Path, step: Step) -> None:
    before, outcomes = everything(beginning / "home"), Counter[str]()
    shutil.copytree(beginning, tmp_path / "done")
    after = run(_with_room, tmp_path / "done", step)
    for number, kilobytes in enumerate(KILOBYTES):
        place, hurried = tmp_path / str(kilobytes), number % 2 == 0
        shutil.copytree(beginning, place)
        outcome, meanwhile, found = run(_without_room, place, step, kilobytes, hurried)
        outcomes[outcome] += 1
        for seen in (meanwhile, found):
            expected = before if outcome else after
            assert differing(seen, expected) - {"answers"} == set(), (kilobytes, hurried, outcome)
        again = run(_with_room, place, step) if outcome else found
        assert differing(again, after) - {"answers"} == set()
    assert min(outcomes["StoreFull"], outcomes[""]) >= 2


# a server


def _served(folder: Path, kilobytes: int) -> dict[str, tuple[int, str]]:
    """What becomes of each kind of request on a full disk, and of the upload after it."""
    from fastapi.testclient import TestClient

    from api.serving.app import create_app

    small, large = (srt([f"Le budget numéro {at}." for at in range(count)]) for count in (40, 20_000))
    with closing(Work(folder / "home")) as work:
        client = TestClient(create_app(work.engine), raise_server_exceptions=False)

        def add(name: str, text: str) -> tuple[int, str]:
            response = client.post("/v1/debates", files={"file": (name, text)})
            return response.status_code, response.json().get("type", "")

        def ask() -> tuple[int, str]:
            response = client.post("/v1/ask", json={"question": "Que dit-on du budget ?"})
            return response.status_code, str(response.json()["id"] is not None)

        ask()
        with no_file_over(kilobytes):
            found = {"small": add("small.srt", small), "large": add("large.srt", large), "ask": ask()}
            corrected = client.patch("/v1/debates/d1/turns", json={"first": 0, "last": 0, "speaker": "Ada Martin"})
            found["correct"] = corrected.status_code, corrected.json().get("type", "")
        return found | {"after": add("small.srt", small), "ask after": ask()}


def test_a_server_without_room_says_so_and_goes_on_answering(beginning: Path, tmp_path: Path) -> None:
    shutil.copytree(beginning, tmp_path / "served")
    full = (507, "urn:qui-dit-quoi:store-full")
    assert run(_served, tmp_path / "served", 4) == {
        **dict.fromkeys(("small", "large", "correct"), full),
        "ask": (200, "False"),  # it is not kept
        "after": (201, ""),
        "ask after": (200, "True"),
    }
