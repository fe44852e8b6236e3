"""A program that is killed while it adds a debate and looks at it for watches: what is watched for is told once, with
its notice, whatever was written by then."""

import random
import shutil
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rag.engine import Engine
from rag.watches.types import Watch
from tests.faults.forked import DEADLINE, forking
from tests.faults.looking import ADA, SAID, bring, bring_and_die, open_watching

KILLS, KILLS_AT_THE_END, END = 4, 14, 60
"""At any point, and among the last ones, while it looks."""
TOPICS = {"person": None, "topic": "le budget de la culture"}
MOMENT = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def beginning(tmp_path: Path) -> Path:
    """An index with a debate, and two watches that have looked at it."""
    folder = tmp_path / "beginning"
    folder.mkdir()
    engine = open_watching(folder)
    for id_, topic in TOPICS.items():
        watch = Watch(id_, MOMENT, ADA, topic, 0.01, "https://hook.example/", "whsec_AAAA", "fr")
        engine.watching._watches.add(watch, engine.watching._present, backfill=False)
    bring(engine, folder, "before")
    engine.close()
    return folder


def _killed(folder: Path, at: int) -> int | None:
    """How many points there are, None when it was killed."""
    context = forking()
    mine, its = context.Pipe()
    process = context.Process(target=bring_and_die, args=(its, folder, at), daemon=True)
    process.start()
    its.close()
    try:
        assert mine.poll(DEADLINE), "the program hangs"
        return int(mine.recv())
    except EOFError:
        process.join(DEADLINE)
        assert process.exitcode == -signal.SIGKILL
        return None
    finally:
        process.kill()
        process.join()
        mine.close()


def _told(engine: Engine) -> list[tuple[str, str, str, int]]:
    """Watch, debate and quote of each finding, and how many findings its notice tells of."""
    statement = """SELECT watch, debate, quote, (SELECT count(*) FROM findings g WHERE g.delivery = f.delivery)
        FROM findings f ORDER BY debate, watch"""
    return [(row[0], row[1], row[2], row[3]) for row in engine.watching._file.rows(statement)]


def _whole(*debates: str) -> list[tuple[str, str, str, int]]:
    return [(id_, debate, SAID, 1) for debate in debates for id_ in TOPICS]


def test_what_is_watched_for_is_told_once_whenever_its_program_is_killed(beginning: Path, tmp_path: Path) -> None:
    shutil.copytree(beginning, tmp_path / "whole")
    points = _killed(tmp_path / "whole", 0)
    assert points is not None
    assert points > 2 * END
    seen, drawn = set(), random.Random(1)
    ends = drawn.sample(range(points - END, points), KILLS_AT_THE_END)
    for at in sorted({*drawn.sample(range(1, points - END), KILLS), *ends, points}):
        folder = tmp_path / str(at)
        shutil.copytree(beginning, folder)
        assert _killed(folder, at) is None
        engine = open_watching(folder)
        there = [debate.id for debate in engine.debates()]
        seen.add((len(there), len(_told(engine))))
        engine.watching.look()
        assert _told(engine) == _whole(*there)
        bring(engine, folder, "d")
        assert _told(engine) == _whole("before", "d")
        assert engine.watching.notices()["waiting"] == 4
        engine.close()
    assert seen == {(1, 2), (2, 2), (2, 4)}, "before the debate was there, before it was looked at, and after"
