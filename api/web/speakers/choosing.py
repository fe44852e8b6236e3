"""Turns chosen in a form, and who is said to speak them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData

from index.errors import FieldInvalid
from index.types import Debate, joined_text
from index.writing.labelling import Saying, mark_of

_CHOICE = re.compile(r"(\d{1,7})-(\d{1,7})-([0-9a-f]{12})")
_MOST_FIELDS = 20_000
LONGEST_NAME = 200


async def _form(request: Request) -> FormData:
    return await request.form(max_fields=_MOST_FIELDS)


FormDep = Annotated[FormData, Depends(_form)]
"""What the fields are called depends on the turns of the page."""


def field(form: FormData, name: str) -> str:
    """A line of text, empty where there is none."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def fields(form: FormData, name: str) -> list[str]:
    """Of a field that stands several times."""
    return [value for value in form.getlist(name) if isinstance(value, str)]


def name_in(form: FormData, name: str) -> str:
    """A person's name, empty where there is none. Raises FieldInvalid for one that is none."""
    value = field(form, name)
    if len(value) > LONGEST_NAME:
        expected = f"a name of {LONGEST_NAME} characters at most"
        raise FieldInvalid(
            field=name,
            value=f"{value[:20]}…",
            expected=expected,
            expected_fr=f"un nom de {LONGEST_NAME} lettres au plus",
        )
    return value


@dataclass(frozen=True, slots=True)
class Choice:
    """Segments ``first`` to ``last`` (both included), with the mark of their text as the page showed it."""

    first: int
    last: int
    mark: str

    def __str__(self) -> str:
        return f"{self.first}-{self.last}-{self.mark}"

    def said_by(self, speaker: str | None) -> Saying:
        return Saying(self.first, self.last, speaker, self.mark)


def choice_of(debate: Debate, first: int, last: int) -> Choice:
    """What a form sends for segments that it shows."""
    return Choice(first, last, mark_of(joined_text(debate.segments[first : last + 1])))


def choices_in(form: FormData, name: str) -> list[Choice]:
    """Raises FieldInvalid for what no page sends."""
    return [_choice(value) for value in fields(form, name)]


def _choice(value: str) -> Choice:
    found = _CHOICE.fullmatch(value)
    if found is None:
        raise FieldInvalid(
            field="turns", value=value[:40], expected="a turn of the page", expected_fr="un tour de la page"
        )
    return Choice(int(found[1]), int(found[2]), found[3])


def spoken_by(debate: Debate, whose: str) -> Sequence[Choice]:
    """All that a person, "person:Jean Petit", or an anonymous voice that has no name, "voice:SPEAKER_00", speaks."""
    kind, _, name = whose.partition(":")
    found: list[list[int]] = []
    for segment in debate.segments:
        theirs = segment.speaker == name if kind == "person" else not segment.speaker and segment.voice == name
        if theirs and found and found[-1][-1] == segment.index - 1:
            found[-1].append(segment.index)
        elif theirs:
            found.append([segment.index])
    return [choice_of(debate, run[0], run[-1]) for run in found]
