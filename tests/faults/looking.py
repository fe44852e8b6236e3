"""A program that adds a debate and looks at it for watches, and kills itself meanwhile."""

from multiprocessing.connection import Connection
from pathlib import Path

from index.local import LocalStore, vectors
from index.writing.build import Details
from rag.engine import Engine
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.faults.dying import Points
from tests.suite_files import srt

ADA = "Ada Martin"
SAID = "Le budget de la culture doit doubler."


def open_watching(folder: Path) -> Engine:
    home = folder / "home"
    return Engine(LocalStore(home), HashEncoder(), Settings(home=home), watches=home)


def bring(engine: Engine, folder: Path, id_: str) -> None:
    """A debate in which Ada says it."""
    (folder / "d.srt").write_text(srt([SAID, "Je refuse."]), "utf-8")
    (folder / "who.tsv").write_text(f"start\tspeaker\n0\t{ADA}\n10\tJean Petit\n", "utf-8")
    engine.add(folder / "d.srt", Details(id=id_, speakers=folder / "who.tsv"))


def bring_and_die(telling: Connection, folder: Path, at: int) -> None:
    """Dies at the point ``at``, or tells how many there are."""
    points = Points(0, at)
    points.watch()
    vectors._THREADS = 1  # see conftest.py
    engine = open_watching(folder)
    points.told = False
    bring(engine, folder, "d")
    points.told = True
    telling.send(points.count)
    engine.close()
