"""An answer -> a file: Markdown to read, JSON for programs, a CSV or EDL clip list and SRT for whoever edits.

Texts come back as they were from JSON, CSV (see ``_cell``) and SRT. Where nothing answers, Markdown and JSON say so,
and the lists of clips hold what others say of it, or nothing: the nearest passages are no answer.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from index.errors import Language
from index.export import clock, srt_text
from index.times import format_range

if TYPE_CHECKING:  # the command line needs the names of the formats, and no more
    from rag.types import Answer, Citation, Context

_MARKUP = re.compile(r"[\\`*_\[\]<>&|~]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS = (
    *("n", "speaker", "attribution", "debate", "title", "date"),
    *("start", "end", "start_timecode", "end_timecode", "quote", "text", "link"),
)

_PASSAGES = ("Passages", "Passages")
_OTHERS = ("D'autres en parlent", "Others speak of it")
_NEAREST = ("Passages les plus proches, qui ne répondent pas", "The nearest passages, which do not answer")


class AnswerFormat(StrEnum):
    """Named like the ending of the file."""

    MD = "md"
    JSON = "json"
    CSV = "csv"
    EDL = "edl"
    SRT = "srt"

    @property
    def media_type(self) -> str:
        return _WAYS[self].media_type


@dataclass(frozen=True, slots=True)
class Exported:
    """An answer with what a file tells besides: the ``dates`` of its debates, and the ``link`` of each citation."""

    answer: "Answer"
    dates: Mapping[str, date | None]
    link: "Callable[[Citation], str]"


def exported(given: Exported, answer_format: AnswerFormat) -> str:
    """The whole file, with a line end at its end."""
    return _WAYS[answer_format].write(given)


def clips(answer: "Answer") -> "Sequence[Citation]":
    """The citations that answer, in their order; of an answer that is withheld those of others who speak of it."""
    if not answer.abstained:
        return answer.citations
    answering = {n for section in answer.sections for n in section.citations}
    return [one for one in answer.citations if one.n in answering]


def _markdown(given: Exported) -> str:
    """https://spec.commonmark.org/0.31.2/: what texts hold of its signs is escaped, so that they are read as they are.
    In the language of the question."""
    from rag.question import language_of

    answer, french = given.answer, language_of(given.answer.question) == "fr"
    answering = clips(answer)
    nearest = [one for one in answer.citations if one not in answering]
    lines = [_plain(_told_line(line, answer, french=french)) for line in answer.answer.split("\n") if line]
    parts = [f"# {_plain(answer.question)}", *lines]
    for citations, head in ((answering, _OTHERS if answer.abstained else _PASSAGES), (nearest, _NEAREST)):
        passages = [_passage(one, given, french=french) for one in citations]
        parts += [f"## {head[not french]}", *passages] if passages else []
    return "\n\n".join(parts) + "\n"


def _passage(citation: "Citation", given: Exported, *, french: bool) -> str:
    """Who, when and where, the question before it, the passage with the quote in bold."""
    from rag.answer import UNKNOWN_SPEAKER

    unknown = UNKNOWN_SPEAKER[not french]
    origin = _origin(citation, french=french)
    who = _plain(citation.speaker or unknown) + (f" ({origin})" if origin else "")
    day = given.dates.get(citation.debate)
    about = [_plain(citation.title), *([day.isoformat()] if day else []), f"<{given.link(citation)}>"]
    begin = citation.text.index(citation.quote)
    end = begin + len(citation.quote)
    mark = "" if citation.quote == citation.text else "**"
    before, quote, after = map(_plain, (citation.text[:begin], citation.quote, citation.text[end:]))
    asked, colon = citation.context, " : " if french else ": "
    asker = _asker(asked, french=french) if asked else ""
    question = f"> *{_plain(asker)}{colon}{_plain(asked.text)}*" if asked else ""
    said = f"> {before}{mark}{quote}{mark}{after}"
    head = f"### \\[{citation.n}\\] {who}, {format_range(citation.start, citation.end)}"
    return "\n\n".join(filter(None, [head, ", ".join(about), question, said]))


def _origin(citation: "Citation", *, french: bool) -> str:
    """Where the name comes from; how sure it is, too, where neither the transcript nor a person says it."""
    from api.commands.terminal import origin_text
    from api.web.texts import say_in
    from api.web.voices import doubt

    language: Language = "fr" if french else "en"
    key = doubt(citation.attributed)
    return say_in(language)(key) if key else origin_text(citation.attribution, language)


def _asker(asked: "Context", *, french: bool) -> str:
    from api.web.texts import say_in
    from rag.answer import UNKNOWN_SPEAKER

    guess = f" ({say_in('fr' if french else 'en')('speaker.guessed')})" if asked.attribution.guessed else ""
    return (asked.speaker or UNKNOWN_SPEAKER[not french]) + guess


def _told_line(line: str, answer: "Answer", *, french: bool) -> str:
    """A line of the answer; a quote with where its speaker's name comes from, unless that is settled."""
    from rag.answer import quote_line

    for one in answer.citations:
        if one.speaker and not one.attribution.settled and line == quote_line(one, not french):
            return quote_line(replace(one, speaker=f"{one.speaker}, {_origin(one, french=french)}"), not french)
    return line


def _plain(text: str) -> str:
    """On one line, without any markup."""
    return _MARKUP.sub(r"\\\g<0>", " ".join(text.split("\n")))


def _json(given: Exported) -> str:
    """As ``POST /v1/ask`` answers."""
    from api.schemas.answers import AnswerOut

    document = AnswerOut.model_validate(given.answer).model_dump(mode="json")
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _csv(given: Exported) -> str:
    """https://www.rfc-editor.org/rfc/rfc4180, a row a passage, with a byte order mark, without which spreadsheets take
    UTF-8 for something else."""
    table = io.StringIO()
    writer = csv.writer(table, quoting=csv.QUOTE_ALL)
    writer.writerow(_COLUMNS)
    for one in clips(given.answer):
        day = given.dates.get(one.debate)
        writer.writerow(
            [
                *(one.n, _cell(one.speaker or ""), one.attribution, one.debate, _cell(one.title)),
                *(day.isoformat() if day else "", f"{one.start:.3f}", f"{one.end:.3f}"),
                *(clock(one.start, "."), clock(one.end, ".")),
                *(_cell(one.quote), _cell(one.text), given.link(one)),
            ]
        )
    return f"\ufeff{table.getvalue()}"


def _cell(text: str) -> str:
    """With an apostrophe in front of what a spreadsheet would take for a formula, which it then shows as text; to have
    the text back, take that apostrophe away (https://owasp.org/www-community/attacks/CSV_Injection).

    >>> _cell("=1+1"), _cell("- Oui."), _cell("Oui.")
    ("'=1+1", "'- Oui.", 'Oui.')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def _srt(given: Exported) -> str:
    """The passages at their times in the recording, in that order; of several debates with the title above. Names that
    were guessed are left out: a subtitle could not say so."""
    found = sorted(clips(given.answer), key=lambda one: (one.start, one.end, one.n))
    several = len({one.debate for one in found}) > 1
    blocks = []
    for number, one in enumerate(found, start=1):
        title = f"{srt_text(' '.join(one.title.split()))}\n" if several else ""
        said = srt_text(f"{one.speaker}: {one.text}" if one.speaker and not one.attribution.guessed else one.text)
        blocks.append(f"{number}\n{clock(one.start, ',')} --> {clock(one.end, ',')}\n{title}{said}\n")
    return "\n".join(blocks) or "\n"


def _edl(given: Exported) -> str:
    from api.export.edit_list import edit_list

    return edit_list(given.answer.question, clips(given.answer), given.link)


@dataclass(frozen=True, slots=True)
class _Way:
    """How a format is written, and its media type."""

    media_type: str
    write: Callable[[Exported], str]


_WAYS = {
    AnswerFormat.MD: _Way("text/markdown", _markdown),
    AnswerFormat.JSON: _Way("application/json", _json),
    AnswerFormat.CSV: _Way("text/csv", _csv),
    AnswerFormat.EDL: _Way("text/plain", _edl),
    AnswerFormat.SRT: _Way("application/x-subrip", _srt),
}
