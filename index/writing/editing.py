"""The write path of a debate's own fields: title, date, address, media, language, participants.

state of the index -> the fields laid over what the file says, who speaks made anew from it -> one transaction

The debate's segments, corrections and vectors stay. Adding its file again replaces the fields by those of the file.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final, Literal, TypeAlias, TypeVar

from index.errors import FieldInvalid, StoreBusy
from index.media import check_media
from index.speakers.attribution import attributed
from index.speakers.people import person_of
from index.store import ATTEMPTS, Description, Store
from index.transcripts.segments import plain
from index.types import Debate, Participant
from index.words.lexical import terms
from index.writing.embedding import windows_of
from index.writing.fields import check_language, check_title, check_url


class Stays(Enum):
    """Stands for a field that is not changed, since None clears one."""

    STAYS = "stays"


STAYS: Final = Stays.STAYS
_T = TypeVar("_T")
OrStays: TypeAlias = _T | Literal[Stays.STAYS]


@dataclass(frozen=True, slots=True)
class Changes:
    """Fields of a debate as they shall be; those that are not given stay. ``media`` is an address or an absolute path
    (see ``index/media.py``), ``participants`` are all of them: who else speaks is found in the transcript."""

    title: OrStays[str] = STAYS
    date: OrStays[datetime.date | None] = STAYS
    url: OrStays[str | None] = STAYS
    media: OrStays[str | None] = STAYS
    language: OrStays[str] = STAYS
    participants: OrStays[tuple[Participant, ...]] = STAYS

    @property
    def tell_of_speakers(self) -> bool:
        """Whether who speaks is made anew: titles name people, and each language has its cues."""
        return any(one is not STAYS for one in (self.title, self.language, self.participants))

    def __post_init__(self) -> None:
        """Raises FieldInvalid."""
        if self.title is not STAYS:
            check_title(self.title)
        if self.url is not STAYS and self.url is not None:
            check_url(self.url)
        if self.media is not STAYS and self.media is not None:
            check_media(self.media)
        if self.language is not STAYS:
            check_language(self.language)
        if self.participants is not STAYS:
            _check_names(self.participants)


def edit(store: Store, debate: str, changes: Changes) -> Debate:
    """The debate with its changed fields. Labels of the file, anonymous voices and guesses go by the new participants
    at once. Raises DebateUnknown."""
    for _attempt in range(ATTEMPTS):
        with store.reading():
            since, now = store.generation(), store.debate(debate)
            said, renames = store.corrections(debate), store.renames()
            base = _changed(store.original(debate), now, changes, renames)
        plainer = replace(now, date=base.date, url=base.url, media=base.media)
        found = attributed(base, said, renames).debate if changes.tell_of_speakers else plainer
        made = Description(found, base)
        if found.language != now.language:
            made = replace(made, terms=[terms(window.text, found.language) for window in windows_of(found)])
        if store.describe(made, since):
            return found
    raise StoreBusy(path=store.place)


def _changed(base: Debate, now: Debate, changes: Changes, renames: Mapping[str, str]) -> Debate:
    """``base`` with the changed fields; ``now`` is the debate as whoever changes it has seen it."""
    people = changes.participants
    return replace(
        base,
        title=base.title if changes.title is STAYS else plain(changes.title),
        date=_given(changes.date, base.date),
        url=_given(changes.url, base.url),
        media=_given(changes.media, base.media),
        language=_given(changes.language, base.language),
        participants=base.participants if people is STAYS else _announced(people, base, now, renames),
    )


def _given(new: OrStays[_T], old: _T) -> _T:
    return old if new is STAYS else new


def _announced(
    given: Sequence[Participant], base: Debate, now: Debate, renames: Mapping[str, str]
) -> tuple[Participant, ...]:
    """Those to be announced. Who is shown only for speaking is not, unless something new is said of them, and a renamed
    person keeps the name beneath: so a form may send everybody back, and corrections and renames can be undone."""
    found: list[Participant] = []
    for person in (replace(one, name=plain(one.name), role=plain(one.role)) for one in given):
        before = [one for one in base.participants if person_of(one.name, renames) == person.name]
        aliases = tuple(alias for alias in person.aliases if person_of(alias, renames) != person.name)
        if before:
            found += [replace(before[0], role=person.role, aliases=aliases), *before[1:]]
        elif person not in now.participants:
            found.append(replace(person, aliases=aliases))
    return tuple({one.name: one for one in reversed(found)}.values())[::-1]


def _check_names(participants: Sequence[Participant]) -> None:
    for person in participants:
        if not plain(person.name):
            raise FieldInvalid(field="participants", value=person.name, expected="a name", expected_fr="un nom")
