"""A program that is killed while it changes an index: what it acknowledged is there, and what was under way is there
whole or not at all."""

import contextlib
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from index.encoding import bundled
from index.encoding.prepared import intact
from index.local import DATABASE, VECTOR_FILE
from rag.backup import check
from rag.records import DATABASE as ANSWERS
from tests.faults.dying import Life, Points, Programs
from tests.faults.forked import run
from tests.faults.seen import Seen, differing, everything, kept_right
from tests.faults.work import CACHE, KINDS, MADE, SAVED, Step, Work, drawn

SCRIPTS = 5
KILLS, KILLS_BESIDE = 8, 4
"""Of each step of each script: some at points that are counted, some at any moment."""
COUNTED = 3
LEAST = 200
LEAST_OF_A_KIND = 30
LEFT = {
    *(f"{name}{suffix}" for name in (DATABASE, ANSWERS) for suffix in ("", "-wal", "-shm")),
    *(VECTOR_FILE, f".{VECTOR_FILE}.lock", CACHE),
}
"""What may lie in the folder of an index."""
ROOM = ".qdq-backup-"
"""A folder that the next backup or restore removes when it is some time old."""


@dataclass(frozen=True)
class Told:
    """A script without a kill: the folder and all that can be seen, before its first part and after each; ``firsts``
    are the numbers of the first part of each step."""

    steps: list[Step]
    life: Life
    folders: list[Path]
    seen: list[tuple[Seen, Seen]]
    firsts: list[int]


@pytest.fixture(scope="module")
def programs() -> Programs:
    return Programs()


@pytest.fixture(scope="module")
def beginning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("beginning")
    work = Work(folder / "home")
    work.begin()
    work.store.settle()
    work.close()
    return folder


def _look(folder: Path) -> tuple[Seen, Seen]:
    return everything(folder / "home"), everything(folder / "copy")


_AT_WORK = shutil.ignore_patterns("*.draft")
"""What a thread of the program may be writing, or have done with."""


def _told(programs: Programs, beginning: Path, folder: Path, seed: int) -> Told:
    """Each state is kept as the program left it, unclosed."""
    shutil.copytree(beginning, folder / "work")
    steps, folders, seen = drawn(seed), [beginning], [_look(beginning)]
    with programs.started(folder / "work" / "home", steps, counting=True, pausing=True) as program:
        while program.hear():
            folders.append(folder / str(len(folders)))
            shutil.copytree(folder / "work", folders[-1], ignore=_AT_WORK)
            seen.append(_look(folder / "work"))
            program.go_on()
        life = program.end()
    assert life.exit_code == 0
    return Told(steps, life, folders, seen, [life.kinds.index(step.kind) for step in steps])


def _killed(programs: Programs, told: Told, place: Path, step: int, by: random.Random, *, counted: bool) -> Life:
    """The life of a program that does the script from ``step`` on, and dies in it, or soon after."""
    first = told.firsts[step]
    last = [*told.firsts, len(told.life.kinds)][step + 1]
    shutil.copytree(told.folders[first], place)
    home, steps = place / "home", told.steps[step:]
    if counted:
        point = by.randrange(sum(told.life.points[first:last]))
        part = first
        while point >= told.life.points[part]:
            point -= told.life.points[part]
            part += 1
        with programs.started(home, steps, part=part - first, at=point + 1, counting=True) as program:
            return program.end()
    with programs.started(home, steps) as program:
        program.awaken()
        time.sleep(by.random() * sum(told.life.seconds[first:last]))
        program.kill()
        return program.end()


def _judged(told: Told, life: Life, place: Path, first: int) -> set[str]:
    """What is neither as it was acknowledged last, nor as it would have been next."""
    at = first + len(life.states)
    found, copied = _look(place)
    last = life.states[-1] if life.states else told.seen[first][0]["generation"]
    before, after = told.seen[at], told.seen[min(at + 1, len(told.seen) - 1)]
    changed = bool(differing(before[0], after[0]) - {"answers"})
    wrong, next_wrong = (_differing((found, copied), state) for state in (before, after))
    if life.under_way == "restore" and found["answers"] == before[0]["answers"]:
        next_wrong -= {"answers"}  # a file after the other, the index first
    if not wrong:
        return set() if found["generation"] == last or not changed else {"generation"}
    if not next_wrong:
        return set() if (found["generation"] != last) == changed else {"generation"}
    return wrong


def _differing(found: tuple[Seen, Seen], state: tuple[Seen, Seen]) -> set[str]:
    index, copy = (differing(one, other) for one, other in zip(found, state, strict=True))
    return index | {f"copy: {name}" for name in copy}


def _goes_on(place: Path, *, migrating: bool) -> None:
    """The index takes another debate, the broken off copy is made whole, and nothing half written is left over."""
    home, work = place / "home", Work(place / "home")
    work.do(Step("add", "later", 3))
    assert "later" in {summary.id for summary in work.store.debates()}
    if migrating:
        work.do(Step("migrate"))
    work.store.settle()
    texts = [window.text for summary in work.store.debates() for window in work.store.stored(summary.id).windows]
    work.close()
    assert kept_right(home, texts)
    assert {path.name for path in home.iterdir() if not path.name.startswith(ROOM)} <= LEFT
    for backup in (place / SAVED, place / MADE):
        assert not backup.exists() or check(backup, work.settings)[0].debates > 0
    assert not migrating or _whole_copy(place)


def _kills(steps: list[Step]) -> Iterator[tuple[int, int]]:
    for at, step in enumerate(steps):
        yield from ((at, number) for number in range(KILLS if step.kind in KINDS else KILLS_BESIDE))


def _whole_copy(place: Path) -> bool:
    found, copied = _look(place)
    return bool(found["hashes"].items() <= copied["hashes"].items())


def test_what_was_acknowledged_is_there_and_nothing_half_done_is_seen_after_kills(
    programs: Programs, beginning: Path, tmp_path: Path
) -> None:
    inside, outside = Counter[str](), 0
    for script in range(SCRIPTS):
        told = _told(programs, beginning, tmp_path / str(script), script)
        for step, number in _kills(told.steps):
            place, by = tmp_path / "killed", random.Random(f"{script} {step} {number}")
            life = _killed(programs, told, place, step, by, counted=number < COUNTED)
            wrong = _judged(told, life, place, told.firsts[step])
            assert wrong == set(), f"script {script} ({told.steps}), step {step}, kill {number}: {life}"
            if number == 0:
                _goes_on(place, migrating=life.under_way == "migrate")
            if life.exit_code == -signal.SIGKILL and life.under_way:
                inside[life.under_way] += 1
            else:
                outside += 1
            shutil.rmtree(place)
    assert inside.total() >= LEAST, (inside, outside)
    assert min(inside[kind] for kind in KINDS) >= LEAST_OF_A_KIND, inside
    assert outside <= inside.total() // 10


def _prepared(cache: Path, at: int | None) -> Path:
    """The prepared model, of a few bytes, made by a program that dies at the point ``at``."""
    no_weights = SimpleNamespace(read=lambda _path: None)
    vars(bundled).update(_weights_file=lambda: cache, BundledWeights=no_weights)  # of this process

    def write(_weights: object, folder: Path, _progress: object) -> None:
        for name in ("tokenizer.json", "model.bin"):
            (folder / name).write_bytes(name.encode() * 1000)

    points = Points(0, at or 0)
    points.told = False
    points.watch()
    return bundled._prepared(cache, "x", write, None)


def test_a_model_that_was_half_prepared_is_never_used(tmp_path: Path) -> None:
    outcomes = Counter[bool]()
    for at in range(1, 60, 2):
        cache = tmp_path / str(at)
        with contextlib.suppress(EOFError):
            run(_prepared, cache, at)
        folder = next((path for path in (cache / "models").glob("*") if not path.name.startswith(".")), None)
        assert folder is None or intact(folder)
        outcomes[folder is not None] += 1
        assert run(_prepared, cache, None).joinpath("model.bin").read_bytes() == b"model.bin" * 1000
    assert min(outcomes[True], outcomes[False]) >= 2
