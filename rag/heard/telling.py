"""What an answer says of names that the recogniser heard otherwise: « Scaleway ≈ « Skelway » »."""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.errors import Language
from index.words.lexical import fold
from rag.types import Answer, Citation, Heard

_LINE = ("Écrit ainsi dans la transcription : {pairs}", "Written so in the transcript: {pairs}")
_PAIR = ("{asked} ≈ « {heard} »", "{asked} ≈ “{heard}”")


def with_heard(answer: Answer, heard: Sequence[Heard], language: Language) -> Answer:
    """``answer`` with those of ``heard`` that a cited passage bears which has not the word itself, and a line on
    them."""
    told = tuple(one for one in heard if any(_bears(citation, one) for citation in answer.citations))
    if not told:
        return answer
    line = heard_line(told, 0 if language == "fr" else 1)
    return replace(answer, answer=f"{answer.answer}\n{line}", heard=told)


def heard_line(heard: Sequence[Heard], choice: int) -> str:
    """``choice`` is 0 in French, 1 in English."""
    pairs = ", ".join(_PAIR[choice].format(asked=one.asked, heard=one.heard) for one in heard)
    return _LINE[choice].format(pairs=pairs)


def _bears(citation: Citation, pair: Heard) -> bool:
    stands = re.search(rf"(?<!\w){re.escape(pair.heard)}(?!\w)", citation.text)
    return stands is not None and fold(pair.asked) not in fold(citation.text)
