"""An answer -> what a page shows of it: its sentences, its quotes under their headings, and a card for each citation.

A quote stands in the answer and in its card, and nowhere else.
"""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.web.texts import Say, long_date
from api.web.voices import certainty, colours, doubt, named
from index.errors import Language
from index.pieces.windows import weakest
from index.times import format_range, format_time
from index.words.sentences import sentence_spans
from rag.answer import UNKNOWN_SPEAKER, label_hint, quote_line
from rag.asked import Catalogue
from rag.heard.telling import heard_line
from rag.question import language_of
from rag.shapes.told import asked_line, silent_line
from rag.types import Answer, Citation, Kind, Section

_QUOTED = {"fr": "« {} »", "en": "“{}”"}
_HEADING = "— "
_NONE = 0


@dataclass(frozen=True, slots=True)
class Card:
    """A citation with its passage in three parts, of which the second is the quote. ``doubt`` is the key of how sure
    the name is, where that is not settled, else empty. ``link`` leads to the passage in the transcript, ``copied`` is
    what a reader takes away; ``asked_colour`` is of whoever asks the question before."""

    citation: Citation
    colour: int
    asked_colour: int
    certainty: str
    doubt: str
    before: str
    after: str
    language: str
    date: datetime.date | None
    link: str
    copied: str


@dataclass(frozen=True, slots=True)
class Group:
    """A section of an answer, of one ``speaker`` or of anybody: ``again`` are numbers of citations that were quoted
    before, ``cards`` those of the others. ``doubt`` is the key of how sure it is that the ``speaker`` says any of it,
    empty where some of it is settled. Where several sections are ``within`` a debate, the first one has its name in
    ``debate``."""

    title: str
    debate: str
    within: bool
    speaker: str | None
    doubt: str
    times: str
    count: int | None
    again: tuple[int, ...]
    cards: tuple[Card, ...]

    def names(self, card: Card) -> bool:
        """Whether the title says who speaks, so that the quote need not: a name in doubt is told with each quote."""
        named = self.speaker in self.title if self.speaker else self.title in UNKNOWN_SPEAKER
        return named and card.citation.speaker == self.speaker and not card.doubt


@dataclass(frozen=True, slots=True)
class AnswerView:
    """``quoted`` are the cards whose quotes are the answer, where it has no ``groups``; ``silent`` are people who say
    nothing on it. All of ``cards`` answer; ``others`` do where the answer is withheld; ``nearest`` do not.
    ``unnamed`` is a debate whose speakers are still to be named, else empty. ``language`` is that of the question, in
    which the sentences ``before`` and ``after`` the quotes are."""

    answer: Answer
    language: Language
    before: tuple[str, ...]
    after: tuple[str, ...]
    unnamed: str
    quoted: tuple[Card, ...]
    groups: tuple[Group, ...]
    silent: tuple[str, ...]
    cards: tuple[Card, ...]
    others: tuple[Card, ...]
    nearest: tuple[Card, ...]
    heard_in: str
    with_question: bool

    @property
    def heading(self) -> str:
        """The key of what it is called."""
        if not self.answer.abstained:
            return "ask.answer"
        return "ask.withheld" if self.answer.citations else "ask.nowhere"

    def names(self, card: Card) -> bool:
        """Whether the words above the quotes say who speaks, as ``Group.names``."""
        speaker = self.answer.speaker
        return speaker is not None and card.citation.speaker == speaker and not card.doubt

    @property
    def measured(self) -> bool:
        """Whether its confidence is told: passages that are counted or sum up a debate are no answer to weigh."""
        return not self.answer.abstained and self.answer.kind not in (Kind.OVERVIEW, Kind.LIST)

    @property
    def percent(self) -> int:
        """Downwards: 99.6 is not certain."""
        return int(100 * self.answer.confidence)


def answer_view(answer: Answer, catalogue: Catalogue, base: str, say: Say, language: Language) -> AnswerView:
    """``base`` is the address of this server, with a slash at its end; ``language`` is the reader's."""
    asked_in = language_of(answer.question)
    cards = _cards(answer, catalogue, base, say, language)
    before, quoted, after = _told(answer, asked_in)
    hints = {one.debate: label_hint(one.debate, 0 if asked_in == "fr" else 1) for one in answer.citations}
    unnamed = next((debate for debate, hint in hints.items() if any(line.endswith(hint) for line in after)), "")
    said = [section for section in answer.sections if section.said]
    withheld = {n for section in said for n in section.citations} if answer.abstained else set()
    return AnswerView(
        answer=answer,
        language=asked_in,
        before=before,
        after=tuple(line.removesuffix(hints[unnamed]) if unnamed else line for line in after),
        unnamed=unnamed,
        quoted=() if answer.sections or answer.abstained else tuple(cards[n - 1] for n in quoted),
        groups=() if answer.abstained else _groups(said, cards),
        silent=tuple(section.title for section in answer.sections if not section.said),
        cards=() if answer.abstained else tuple(cards),
        others=tuple(cards[n - 1] for n in sorted(withheld)),
        nearest=tuple(card for card in cards if card.citation.n not in withheld) if answer.abstained else (),
        heard_in=cards[0].language if cards else asked_in,
        with_question=answer.kind is Kind.EXCHANGE,
    )


def copied(citation: Citation, date: datetime.date | None, base: str, say: Say, language: Language) -> str:
    """« … » — Ada Martin, Le débat, 19 novembre 2024, 03:50, http://…: a quote that can be pasted into an article. A
    name that was guessed says so, and the date is not told twice."""
    day = [long_date(date, language)] if date else []
    day = [text for text in day if not re.search(rf"(?<!\d){re.escape(text)}(?!\d)", citation.title)]
    link = f"{base.rstrip('/')}{citation.permalink}"
    source = [named(citation.attributed, say), citation.title, *day, format_time(citation.start), link]
    return f"{_QUOTED[language].format(citation.quote)} — {', '.join(source)}"


def _cards(answer: Answer, catalogue: Catalogue, base: str, say: Say, language: Language) -> list[Card]:
    debates = {debate.id: debate for debate in catalogue.debates}
    by_debate = colours(catalogue, {one.debate for one in answer.citations})
    return [
        _card(
            one,
            by_debate.get(one.debate, {}),
            debates[one.debate].language if one.debate in debates else "",
            debates[one.debate].date if one.debate in debates else None,
            f"{one.permalink}&a={answer.id}" if answer.id else one.permalink,
            copied(one, debates[one.debate].date if one.debate in debates else None, base, say, language),
        )
        for one in answer.citations
    ]


def _card(
    citation: Citation,
    colour: Mapping[str, int],
    language: str,
    date: datetime.date | None,
    link: str,
    copy: str,
) -> Card:
    begin = citation.text.index(citation.quote)
    asker = citation.context.speaker if citation.context else None
    return Card(
        citation=citation,
        colour=colour.get(citation.speaker or "", 0),
        asked_colour=colour.get(asker or "", 0),
        certainty=certainty(citation.attributed),
        doubt=doubt(citation.attributed),
        before=citation.text[:begin],
        after=citation.text[begin + len(citation.quote) :],
        language=language,
        date=date,
        link=link,
        copied=copy,
    )


def _groups(sections: Sequence[Section], cards: Sequence[Card]) -> tuple[Group, ...]:
    """Each quote under the first heading that has it."""
    titles = {card.citation.debate: card.citation.title for card in cards}
    found, shown, above = [], set[int](), ""
    for section in sections:
        debate = _debate_named(section, titles)
        fresh = [n for n in section.citations if n not in shown]
        found.append(
            Group(
                title=section.title.removeprefix(_prefix(debate)),
                debate="" if debate == above else debate,
                within=debate != "",
                speaker=section.speaker,
                doubt=_doubt(section, cards),
                times=_times(section),
                count=section.count,
                again=tuple(n for n in section.citations if n in shown),
                cards=tuple(cards[n - 1] for n in fresh),
            )
        )
        shown.update(fresh)
        above = debate
    return tuple(found)


def _doubt(section: Section, cards: Sequence[Card]) -> str:
    """Of the least certain of its speaker's quotes, where none is settled and its title has the name."""
    known = [cards[n - 1].citation.attributed for n in section.citations]
    theirs = [one for one in known if one.speaker and one.speaker == section.speaker and one.speaker in section.title]
    return doubt(weakest(*theirs)) if theirs and not any(one.origin.settled for one in theirs) else ""


def _debate_named(section: Section, titles: Mapping[str, str]) -> str:
    """The title of its debate, where its own begins with it; else empty."""
    title = titles.get(section.debate or "", "")
    return title if section.title.startswith(_prefix(title)) else ""


def _prefix(debate: str) -> str:
    return f"{debate}, " if debate else ""


def _times(section: Section) -> str:
    """Empty where its title tells them."""
    if section.start is None or section.end is None:
        return ""
    times = format_range(section.start, section.end)
    return "" if times in section.title else times


def _told(answer: Answer, language: Language) -> tuple[tuple[str, ...], list[int], tuple[str, ...]]:
    """The sentences before the quotes, the numbers of those that are quoted, the sentences after them.

    What the page shows in its own way is left out: headings, people who say nothing, names that were heard otherwise;
    and, where nothing answers, the words that announce the nearest passages.
    """
    choice = 0 if language == "fr" else 1
    numbers = {quote_line(one, choice): one.n for one in answer.citations}
    shown = {asked_line(one.context, choice) for one in answer.citations if one.context}
    shown |= {silent_line(section, choice) for section in answer.sections if not section.said}
    shown |= {heard_line(answer.heard, choice)} if answer.heard else set()
    before: list[str] = []
    after: list[str] = []
    quoted: list[int] = []
    for line in answer.answer.split("\n"):
        if line in numbers:
            quoted.append(numbers[line])
        elif line.startswith(_HEADING):
            quoted.append(_NONE)
        elif line not in shown:
            (after if quoted else before).append(_without_lead_in(line) if answer.abstained else line)
    return tuple(filter(None, before)), [n for n in quoted if n != _NONE], tuple(filter(None, after))


def _without_lead_in(line: str) -> str:
    return " ".join(line[begin:end] for begin, end in sentence_spans(line) if not line[begin:end].endswith(":"))
