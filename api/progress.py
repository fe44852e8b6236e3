"""Progress on the terminal, on stderr."""

from collections.abc import Iterator
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
    "speakers": ("Mesure des locuteurs", "Measuring speakers"),
}


def stage_name(stage: str, language: Language) -> str:
    """A stage in words."""
    return _STAGES[stage][0 if language == "fr" else 1]


@contextmanager
def progress_bar(language: Language, *, quiet: bool) -> Iterator[Progress | None]:
    """A callback that draws, and leaves nothing behind; None when ``quiet`` or when stderr is no terminal."""
    from rich.console import Console

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
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
