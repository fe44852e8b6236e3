"""What an assistant, or its user, can read by address: each debate, each moment of one, a part at a time."""

from api.assistants import wording
from api.assistants.moments import moment_at
from api.assistants.reading import read
from api.assistants.results import ListOut
from api.assistants.tools import PART, debates_page
from index.errors import Language, MomentUnknown
from rag.engine import Engine

_PAGE = 100
"""Debates of a list."""


def debates(engine: Engine, cursor: str | None) -> ListOut:
    """A page of all of them."""
    return debates_page(engine, "", cursor, _PAGE)


def text_at(engine: Engine, uri: str, language: Language) -> str:
    """The passage with speakers and times. Raises MomentUnknown, DebateUnknown, FieldInvalid."""
    moment = moment_at(uri)
    if moment is None:
        raise MomentUnknown(uri=uri[:100])
    debate = engine.debate(moment.debate)
    reading = read(debate, moment.start, moment.end, moment.cursor, PART)
    return wording.reading_text(debate, reading, language)
