"""A shape -> an answer: its quotes numbered in the order of the sections, and the words around them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from index.errors import Language
from index.times import format_range
from index.types import DebateSummary
from rag.answer import UNKNOWN_SPEAKER, quote_line
from rag.citations import citations_of
from rag.shapes.shape import Part, Shape
from rag.types import Answer, Citation, Context, Kind, Passage, Section

_ASKED = ("{speaker}, {time} : « {text} »", "{speaker}, {time}: “{text}”")
_SILENT = ("{title} : rien de trouvé là-dessus.", "{title}: nothing was found on this.")
_PASSAGES = (" : {count} passage{s}", ": {count} passage{s}")


def in_shape(
    answer: Answer,
    shape: Shape | None,
    ranking: Sequence[Passage],
    debates: Mapping[str, DebateSummary],
    language: Language,
    top_k: int,
) -> Answer:
    """``answer`` as ``shape`` has it; as it is for none, and with sections of silence alone where nobody says it.

    The citations are those of the sections, in their order, then as much of the ``ranking`` as makes ``top_k``.
    """
    if shape is None:
        return answer
    if not any(part.said for part in shape.parts):
        silent = tuple(_section(part, ()) for part in shape.parts)
        return replace(answer, sections=silent if answer.abstained else (), complete=shape.complete)
    passages = _numbered(shape.parts, ranking, top_k)
    citations = citations_of(passages, debates)
    numbers = {_place(passage): citation.n for passage, citation in zip(passages, citations, strict=True)}
    sections = tuple(_section(part, [numbers[_place(one)] for one in part.passages]) for part in shape.parts)
    return replace(
        answer,
        answer=_text(shape, sections, citations, language, asked=answer.kind is Kind.EXCHANGE),
        abstained=False,
        confidence=round(shape.confidence, 3),
        citations=citations,
        sections=sections,
        complete=shape.complete,
    )


def _numbered(parts: Sequence[Part], ranking: Sequence[Passage], top_k: int) -> list[Passage]:
    """Each passage once."""
    found = {_place(passage): passage for part in parts for passage in part.passages}
    for passage in ranking:
        if len(found) >= top_k:
            break
        if not any(one.debate == passage.debate and _overlap(one, passage) for one in found.values()):
            found[_place(passage)] = passage
    return list(found.values())


def _place(passage: Passage) -> tuple[str, float, float, str, str]:
    return passage.debate, passage.start, passage.end, passage.quote, passage.text


def _overlap(one: Passage, other: Passage) -> bool:
    return one.start < other.end and other.start < one.end


def _section(part: Part, numbers: Sequence[int]) -> Section:
    return Section(
        part.title, part.speaker, part.debate, part.start, part.end, tuple(numbers), count=part.count, said=part.said
    )


def _text(
    shape: Shape, sections: Sequence[Section], citations: Sequence[Citation], language: Language, *, asked: bool
) -> str:
    """``asked``: with the question before each quote."""
    choice = 0 if language == "fr" else 1
    lines = [shape.opening]
    quoted: set[int] = set()
    for section in sections:
        if not section.said:
            lines.append(silent_line(section, choice))
            continue
        again = "".join(f" [{number}]" for number in section.citations if number in quoted)
        lines.append(f"— {_headed(section)}{again}{_counted(section.count, choice)}")
        fresh = [number for number in section.citations if number not in quoted]
        lines += [line for number in fresh for line in _quotes(citations[number - 1], choice, asked=asked)]
        quoted.update(fresh)
    return "\n".join(filter(None, [*lines, shape.closing]))


def _headed(section: Section) -> str:
    """With its times, unless they are its title."""
    if section.start is None or section.end is None:
        return section.title
    times = format_range(section.start, section.end)
    return section.title if times in section.title else f"{section.title} ({times})"


def _counted(count: int | None, choice: int) -> str:
    return "" if count is None else _PASSAGES[choice].format(count=count, s="s" if count > 1 else "")


def _quotes(citation: Citation, choice: int, *, asked: bool) -> list[str]:
    """What it answers, where that is wanted and known, and the quote."""
    before = [asked_line(citation.context, choice)] if asked and citation.context else []
    return [*before, quote_line(citation, choice)]


def asked_line(context: Context, choice: int) -> str:
    """What a quote answers, with speaker and time; ``choice`` is 0 in French, 1 in English."""
    who, time = context.speaker or UNKNOWN_SPEAKER[choice], format_range(context.start, context.end)
    return _ASKED[choice].format(text=context.text, speaker=who, time=time)


def silent_line(section: Section, choice: int) -> str:
    """That nothing was found of somebody."""
    return _SILENT[choice].format(title=section.title)
