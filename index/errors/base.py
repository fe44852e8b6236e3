"""What every error is, and the languages in which it speaks."""

from collections.abc import Sequence
from typing import ClassVar, Literal

Language = Literal["fr", "en"]

_NAMES_SHOWN = 20


def listed(names: Sequence[str]) -> str:
    """Names as a sentence shows them: the first twenty, or a dash."""
    return ", ".join(names[:_NAMES_SHOWN]) or "–"


class QdqError(Exception):
    """Base of the tree. ``details`` fill the sentence and are given to programs as they are.

    >>> from index.errors import FileEmpty
    >>> FileEmpty(path="a.srt").message("fr")
    "Le fichier a.srt est vide : rien n'a été ajouté."
    """

    fr: ClassVar[str]
    en: ClassVar[str]

    def __init__(self, **details: object) -> None:
        self.details = details
        super().__init__(self.message("en"))

    def __reduce__(self) -> tuple[object, ...]:
        """Errors cross from the processes that read files."""
        return _made, (type(self), self.details)

    def message(self, language: Language) -> str:
        """The sentence for a person, in ``language``."""
        return (self.fr if language == "fr" else self.en).format(**self.details)


def _made(error: type[QdqError], details: dict[str, object]) -> QdqError:
    return error(**details)
