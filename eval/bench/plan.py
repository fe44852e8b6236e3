"""How much is measured: in five minutes, in forty, or all of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from eval.bench.chunks import Cut
from eval.bench.parts import model_folder
from eval.bench.pieces import code
from rag.settings import Settings

Mode = Literal["quick", "normal", "full"]

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """``cuts`` are the suites, the shipped debate first; ``starts`` of each product on that one (one on the others);
    ``sizes`` in windows, of which up to ``encoded`` have vectors of the model; ``questions`` at each size;
    ``requests`` of ``clients`` at once; the ``hours`` of a recording."""

    mode: Mode
    cuts: tuple[Cut, ...]
    starts: int
    sizes: tuple[int, ...]
    encoded: int
    questions: int
    requests: int
    clients: int = 8
    hours: float = 6.0


def plan_of(mode: Mode, shared: Path) -> Plan:
    """Of FREDSum and of techologie as much is taken as 2 cores index with every product in that time."""
    debate, fredsum, techologie = "debate", str(shared / "bench/fredsum-dev"), str(shared / "bench/techologie-dev")
    if mode == "quick":
        return Plan(mode, (Cut(debate, questions=40),), 1, (1_000,), 100_000, 20, 80, hours=0.25)
    if mode == "normal":
        cuts = Cut(debate), Cut(fredsum, recordings=3), Cut(techologie, recordings=150)
        return Plan(mode, cuts, 3, (1_000, 10_000), 100_000, 100, 400, hours=1.0)
    cuts = Cut(debate), Cut(fredsum), Cut(techologie, recordings=300)
    return Plan(mode, cuts, 3, (1_000, 10_000, 100_000, _MILLION), 100_000, 100, 400)


@dataclass(frozen=True, slots=True)
class Places:
    """``out`` is where the report goes; indexes lie below it. ``shared`` holds data that is not the project's."""

    out: Path
    shared: Path
    settings: Settings

    @property
    def model(self) -> str:
        return str(model_folder(self.settings))

    def index(self, name: str) -> Path:
        return self.out / "indexes" / name

    @property
    def debates(self) -> Path:
        return self.shared / "bench/fredsum-dev"

    @property
    def voices(self) -> Path:
        return self.shared / "audio/librispeech"

    @property
    def noise(self) -> Path:
        return self.shared / "bench/noise-fr/segments.jsonl.gz"


def product_code() -> str:
    """Names the state of everything that indexes and answers."""
    return code("index", "rag", "requirements.lock")


def server_code() -> str:
    return product_code() + code("api")
