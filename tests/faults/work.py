"""What a program does to an index, step by step: the steps of a person, drawn from a seed."""

import random
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.encoding.kept_vectors import KeptVectors
from index.local import LocalStore, Sizes
from index.migrate import migrate
from index.pieces.tokens import Tokens
from index.types import Progress
from index.writing.build import Details
from index.writing.editing import Changes
from index.writing.labelling import Saying
from rag.backup import back_up, restore
from rag.engine import Engine
from rag.records import Records
from rag.settings import Settings
from tests.fakes import HashEncoder
from tests.suite_files import srt

SMALL = Sizes(exact=8, share=0.2, quiet=0.0)
"""So that a few windows make a file of vectors."""
KINDS = ("add", "replace", "remove", "correct", "migrate")
BESIDE = ("rebuild", "ask", "backup", "restore")
PEOPLE = ("Ada Martin", "Jean Petit", "Zoé Roux")
SUBJECTS = (
    "le budget de la culture et le prix du théâtre",
    "le réacteur nucléaire et la facture d'énergie",
    "l'école, la classe et le salaire des professeurs",
    "la peine de prison et le juge du tribunal",
)
CACHE = "cache"
SAVED, MADE = "saved.zip", "made.zip"
"""A backup of the beginning, and the one that a step makes."""
FIRST = ("d0", "d1", "d2")
"""The debates that are there at first."""

Told = Callable[[], None]


@dataclass(frozen=True)
class Step:
    """``of`` is a debate; ``seed`` chooses among the contents or the corrections."""

    kind: str
    of: str = ""
    seed: int = 0


def drawn(seed: int) -> list[Step]:
    """Every kind once, in some order; what is removed or replaced is there."""
    by = random.Random(seed)
    here, steps = list(FIRST), list[Step]()
    for kind in by.sample([*KINDS, *BESIDE], len(KINDS) + len(BESIDE)):
        of = f"n{seed}" if kind == "add" else by.choice(here)
        steps.append(Step(kind, of, by.randrange(100)))
        here += [of] if kind == "add" else []
        if kind == "remove":
            here.remove(of)
        if kind == "restore":
            here = list(FIRST)
    return steps


class Sixteen(HashEncoder):
    """Whose token vectors are to the bit what the kept ones are."""

    def embed_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> list[Tokens]:
        found = super().embed_tokens(texts, progress)
        return [Tokens(one.vectors.astype(np.float16).astype(np.float32), one.begins) for one in found]


class Work:
    """An engine over ``home`` with all that a real one keeps beside its index; ``folder`` holds what it reads and what
    it copies to."""

    def __init__(self, home: Path) -> None:
        self.folder = home.parent
        self.store = LocalStore(home, SMALL)
        self.settings = settings = Settings(home=home, abstain_below=0.0)
        encoder = KeptVectors(Sixteen(), home / CACHE, 10)
        self.engine = Engine(self.store, encoder, settings, Records.of(home, settings))

    def close(self) -> None:
        self.engine.close()

    def begin(self) -> None:
        """What is there before the first step."""
        for seed, name in enumerate(FIRST):
            self.do(Step("add", name, seed))
        self.engine.correct("d1", 0, 1, "Zoé Roux")
        self.engine.rename(["Jean Petit"], "Jean-Marc Petit")
        self.do(Step("ask", "d0"))
        back_up(self.settings, self.folder / SAVED)
        self.do(Step("remove", "d2"))
        self.do(Step("add", "d2", 7))
        self.do(Step("ask", "d0", 1))

    def do(self, step: Step, told: Told = lambda: None) -> None:
        """One step; ``told`` hears of each part of it that is acknowledged by itself."""
        getattr(self, f"_{step.kind}")(step, told)

    def _add(self, step: Step, _told: Told) -> None:
        who = self.folder / "who.tsv"
        if not who.exists():
            who.write_text("start\tspeaker\n" + "".join(f"{20 * at}\t{name}\n" for at, name in enumerate(PEOPLE)))
        file = self.folder / f"{step.of}-{step.seed}.srt"
        by = random.Random(step.seed)
        said = [f"{by.choice(SUBJECTS)}, dit le numéro {by.randrange(99)} de {step.of}." for _ in range(8)]
        file.write_text(srt(said), "utf-8")
        self.engine.add(file, Details(id=step.of, speakers=who))

    _replace = _add

    def _remove(self, step: Step, _told: Told) -> None:
        self.engine.remove(step.of)

    def _correct(self, step: Step, _told: Told) -> None:
        engine, by = self.engine, random.Random(step.seed)
        known = engine.corrections(step.of)
        which = by.choice(["say", "split", "rename", "edit", "undo" if known and known[-1].act else "say"])
        if which == "say":
            engine.correct_all(step.of, [Saying(1, 3, by.choice(PEOPLE)), Saying(5, 5, None)])
        elif which == "split":
            engine.split(step.of, 2, 4)
        elif which == "rename":
            engine.rename(["Ada Martin"], f"Ada Lemoine {step.seed}")
        elif which == "edit":
            engine.edit(step.of, Changes(title=f"Autre {step.seed}", language="en"))
        else:
            engine.undo(step.of, known[-1].act or 0)

    def _migrate(self, _step: Step, told: Told) -> None:
        with closing(LocalStore(self.folder / "copy", SMALL)) as target:
            migrate(self.store, target, replace=True, progress=lambda *_: told())

    def _rebuild(self, _step: Step, _told: Told) -> None:
        self.engine.rebuild()

    def _backup(self, _step: Step, _told: Told) -> None:
        back_up(self.settings, self.folder / MADE, force=True)

    def _restore(self, _step: Step, _told: Told) -> None:
        restore(self.settings, self.folder / SAVED, replace=True)

    def _ask(self, step: Step, _told: Told) -> None:
        answer = self.engine.ask(f"Que dit-on du budget numéro {step.seed} ?")
        assert answer.id is not None
