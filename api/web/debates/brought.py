"""Files that somebody brings: which go together, which debate each becomes, and what became of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from api.web.texts import say_in
from index.errors import FileTooLarge, Language
from index.speakers.corrections import Correction
from index.speakers.voices import NamedVoice
from index.transcripts.report import ImportReport, first_of_each_kind
from index.types import DebateSummary
from index.writing.build import slug
from index.writing.metadata import beside, is_beside

_NOTES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Chosen:
    """A file that was chosen: ``with_it`` are the files that say who speaks and what its metadata are; ``alone`` one
    that goes with a transcript which was not chosen. ``present`` is the debate that it would replace, ``problem`` why
    it cannot be taken."""

    name: str
    id: str
    speakers: str | None = None
    metadata: str | None = None
    alone: bool = False
    present: DebateSummary | None = None
    problem: str = ""

    @property
    def with_it(self) -> list[str]:
        return [name for name in (self.speakers, self.metadata) if name]


def chosen(
    names: Sequence[str], sizes: Sequence[int], debates: Sequence[DebateSummary], limit_mb: int, language: Language
) -> list[Chosen]:
    """One for each transcript of ``names``, in order, then those that go with none of them. Of files of one name
    nobody knows which is meant. ``sizes`` are in bytes; a missing one is not checked."""
    size = dict(zip(names, sizes, strict=False))
    there = {debate.id: debate for debate in debates}
    twice = {name for name, times in Counter(names).items() if times > 1}

    def problem(one: Chosen) -> str:
        if doubled := next((name for name in (one.name, *one.with_it) if name in twice), None):
            return say_in(language)("debates.twice", name=doubled)
        too_large = size.get(one.name, 0) > limit_mb * 1_000_000
        return FileTooLarge(path=one.name, limit_mb=limit_mb).message(language) if too_large else ""

    found = []
    for name in dict.fromkeys(name for name in names if not is_beside(Path(name))):
        id_ = slug(Path(name).stem)
        one = Chosen(name, id_, *beside(name, names), present=there.get(id_))
        found.append(replace(one, problem=problem(one)))
    taken = {other for one in found for other in one.with_it}
    left = dict.fromkeys(name for name in names if is_beside(Path(name)) and name not in taken)
    return [*found, *(Chosen(name, "", alone=True) for name in left)]


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a file: a debate, or a ``problem``. ``notes`` are the first sentences of each kind, with how many
    more there are."""

    name: str
    id: str = ""
    title: str = ""
    replaced: bool = False
    report: ImportReport | None = None
    notes: tuple[tuple[tuple[str, ...], int], ...] = ()
    voices: tuple[NamedVoice, ...] = ()
    lost: int = 0
    problem: str = ""
    complete: bool = False


def brought(
    name: str,
    debate: DebateSummary,
    report: ImportReport | None,
    voices: Sequence[NamedVoice],
    lost: Sequence[Correction],
    *,
    replaced: bool,
    language: Language,
) -> Brought:
    """A file that became ``debate``; ``report`` is None for one of an earlier version."""
    notes = first_of_each_kind(report.notes if report else (), _NOTES_SHOWN)
    told = tuple((tuple(note.message(language) for note in first), more) for first, more in notes)
    complete = debate.all_told
    return Brought(name, debate.id, debate.title, replaced, report, told, tuple(voices), len(lost), complete=complete)
