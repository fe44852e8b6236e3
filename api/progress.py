"""Progress on the terminal, on stderr."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.errors import Language
from index.types import Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

_STAGES = {
    "prepare": ("Préparation du modèle, une fois pour toutes", "Preparing the model, once and for all"),
    "load": ("Chargement du modèle", "Loading the model"),
    "embed": ("Indexation", "Indexing"),
    "tokens": ("Indexation des mots", "Indexing the words"),
    "index": ("Indexation des enregistrements", "Indexing the recordings"),
    "ask": ("Questions", "Questions"),
    "llm": ("Lecture par le modèle de langage", "The language model reads"),
    "files": ("Fichiers", "Files"),
    "migrate": ("Copie des débats", "Copying the debates"),
    "verify": ("Vérification de la copie", "Verifying the copy"),
    "backup": ("Copie de l'index", "Copying the index"),
    "write": ("Écriture de la sauvegarde", "Writing the backup"),
    "read": ("Lecture de la sauvegarde", "Reading the backup"),
    "restore": ("Restauration", "Restoring"),
    "check": ("Vérification des débats", "Checking the debates"),
    "wait": ("En attente : un autre enregistrement est à l'écoute", "Waiting: another recording is being listened to"),
    "listen": ("Écoute de l'enregistrement", "Listening to the recording"),
    "voices": ("Distinction des voix", "Telling the voices apart"),
    "speakers": ("Mesure des locuteurs", "Measuring speakers"),
    "made": ("Débats fabriqués et entendus", "Debates made and heard"),
}


def stage_name(stage: str, language: Language) -> str:
    """A stage in words."""
    return _STAGES[stage][0 if language == "fr" else 1]


class Pace:
    """What is left of a stage, as fast as it went so far."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._stage = ""
        self._began = 0.0
        self._before = 0

    def left(self, stage: str, done: int, total: int) -> int | None:
        """Seconds, None until a second has passed: what is told first may have taken any time."""
        now = self._clock()
        if stage != self._stage:
            self._stage, self._began, self._before = stage, now, done
        passed, made = now - self._began, done - self._before
        return round(passed / made * (total - done)) if passed >= 1.0 and made > 0 and total else None


@contextmanager
def progress_bar(language: Language, *, quiet: bool) -> Iterator[Progress | None]:
    """A callback that draws, and leaves nothing behind; None when ``quiet`` or when stderr is no terminal."""
    from rich.console import Console

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    # what is left is foreseen from the last half minute: stages count what takes as long each time
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        yield _Drawing(bar, language)


class _Drawing:
    """One bar a stage; a stage whose length nobody knows (total 0) only moves, until ``done`` is 1."""

    def __init__(self, bar: "Bar", language: Language) -> None:
        self._bar = bar
        self._language = language
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(stage_name(stage, self._language), total=total or None)
        self._bar.update(self._tasks[stage], completed=done, visible=done < max(total, 1))
