"""« Que répond X à … ? » : what somebody else says or asks, and X's turn after it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.pieces.windows import weakest
from index.types import Segment, Turn, joined_text
from index.words.sentences import sentence_spans
from rag.answer import UNKNOWN_SPEAKER
from rag.layout import Layout
from rag.question import find_people
from rag.quoting import Groups, share_said
from rag.shapes.shape import Part, Searched, Shape
from rag.shapes.who import PROVEN
from rag.types import Context, Passage

_MOST = 5
_ASKED_WORDS = 60
"""Of the turn before, its end: what is answered."""
_ANSWER_WORDS = 45
_INTERJECTION = 6
"""Words of a turn that the answer steps over: « Oui. », « Allez-y. »."""
_HALF = 0.5
_SAID = 0.3
_LATER = 0.25
"""What words that come with the answer alone count less than those of the question."""
_PIECES_BEFORE = 4
_RANKED = 0.5
_ASKS = 0.25


@dataclass(frozen=True, slots=True)
class _Pair:
    layout: Layout
    asked: Turn
    answer: Turn
    score: float
    said: float
    """How many of the topic's words are in the question or the answer, in [0, 1]."""
    proven: bool
    """Whether all of them are in or before the question, or there are none."""


def exchange(found: Searched) -> Shape | None:
    """The likeliest pairs, in the order of debates and times; None where nothing on the topic is answered."""
    speakers = list(found.speakers)
    askers = tuple({name for mention in _mentions(found, speakers) for name in mention})
    groups = _groups(found, speakers)
    pairs = [
        pair
        for debate in _debates(found)
        for pair in _pairs(found, found.layouts.of(debate), groups, askers)
        if pair.proven or (pair.said >= _SAID and found.confidence >= found.enough)
    ]
    if not pairs:
        return None
    best = sorted(pairs, key=lambda pair: -pair.score)[:_MOST]
    best.sort(key=lambda pair: (pair.layout.debate, pair.asked.first))
    proven = any(pair.proven for pair in best)
    return Shape(
        opening=found.say("Questions et réponses :", "Questions and answers:"),
        parts=tuple(_part(found, pair) for pair in best),
        confidence=max(found.confidence, PROVEN) if proven else found.confidence,
        complete=False,
        closing=found.say(
            f"Échanges trouvés : {len(pairs)} ; montrés : {len(best)}.",
            f"Exchanges found: {len(pairs)}; shown: {len(best)}.",
        ),
    )


def _debates(found: Searched) -> list[str]:
    """Those of the ranking, which is where the topic is; all of a few where there is no topic."""
    return list(dict.fromkeys(passage.debate for passage in found.passages))[:_MOST]


def _mentions(found: Searched, names: list[str]) -> list[tuple[str, ...]]:
    return [mention.people for mention in find_people(found.question.topic, names)]


def _groups(found: Searched, names: list[str]) -> Groups:
    """The topic's words without the names of those who are answered."""
    topic = found.question.topic
    for mention in reversed(find_people(topic, names)):
        topic = f"{topic[: mention.begin]} {topic[mention.end :]}"
    return found.words_of(topic)


def _pairs(found: Searched, layout: Layout, groups: Groups, askers: Sequence[str]) -> Iterator[_Pair]:
    language = layout.language
    for number, answer in enumerate(layout.turns):
        who = answer.attribution.speaker
        if who is None or (found.people and who not in found.people):
            continue
        asked = _before(layout, number)
        if asked is None or (askers and asked.attribution.speaker not in askers):
            continue
        question = joined_text(_tail(layout, asked))
        in_question = share_said(question, groups, language)
        reply = layout.text(answer.first, answer.last)
        said = share_said(f"{question} {reply}", groups, language)
        around = joined_text(layout.pieces[max(0, asked.first - _PIECES_BEFORE) : answer.first])
        proven = not groups or (in_question >= _HALF and share_said(around, groups, language) == 1.0)
        ranked = any(_within(passage, layout, answer) for passage in found.near)
        score = max(in_question, said - _LATER) + _RANKED * ranked + _ASKS * ("?" in question)
        yield _Pair(layout, asked, answer, score, said, proven)


def _before(layout: Layout, number: int) -> Turn | None:
    """The last turn of somebody else that is more than an interjection."""
    who = layout.turns[number].attribution.speaker
    for back in (1, 2, 3):
        if number < back:
            return None
        turn = layout.turns[number - back]
        words = sum(layout.words[turn.first : turn.last + 1])
        asks = layout.pieces[turn.last].text.endswith("?")
        if turn.attribution.speaker != who and turn.attribution.speaker and (words > _INTERJECTION or asks):
            return turn
        if turn.attribution.speaker == who and words > _INTERJECTION:
            return None
    return None


def _within(passage: Passage, layout: Layout, turn: Turn) -> bool:
    begin, end = layout.pieces[turn.first].start, layout.pieces[turn.last].end
    return passage.debate == layout.debate and begin <= passage.start and passage.end <= end


def _part(found: Searched, pair: _Pair) -> Part:
    context, passage = _context(pair), _answer(pair)
    who = pair.answer.attribution.speaker or ""
    asker = pair.asked.attribution.speaker or found.say(*UNKNOWN_SPEAKER)
    title = found.say(f"{who} répond à {asker}", f"{who} answers {asker}")
    return Part(
        title,
        (replace(passage, context=context),),
        who or None,
        pair.layout.debate,
        context.start,
        passage.end,
    )


def _tail(layout: Layout, turn: Turn) -> Sequence[Segment]:
    """The last pieces of a turn."""
    first, words = turn.last, layout.words[turn.last]
    while first > turn.first and words + layout.words[first - 1] <= _ASKED_WORDS:
        first -= 1
        words += layout.words[first]
    return layout.pieces[first : turn.last + 1]


def _context(pair: _Pair) -> Context:
    parts = _tail(pair.layout, pair.asked)
    attribution = weakest(*(part.attribution for part in parts))
    return Context(
        attribution.speaker, attribution.origin, parts[0].start, max(part.end for part in parts), joined_text(parts)
    )


def _answer(pair: _Pair) -> Passage:
    """How the turn begins, in whole sentences where they fit."""
    layout, turn = pair.layout, pair.answer
    last, words = turn.first, layout.words[turn.first]
    while last < turn.last and (words < _ANSWER_WORDS or not _ends(layout, last)) and words <= 2 * _ANSWER_WORDS:
        last += 1
        words += layout.words[last]
    parts = layout.pieces[turn.first : last + 1]
    text = joined_text(parts)
    return Passage(
        debate=layout.debate,
        attribution=weakest(*(part.attribution for part in parts)),
        start=parts[0].start,
        end=max(part.end for part in parts),
        text=text,
        quote=_first_sentences(text),
        score=round(pair.score, 4),
    )


def _ends(layout: Layout, place: int) -> bool:
    return layout.pieces[place].text.endswith((".", "!", "?", "…"))


def _first_sentences(text: str) -> str:
    """As many as some forty words hold, at least one."""
    end = 0
    for _begin, stop in sentence_spans(text):
        if end and len(text[:stop].split()) > _ANSWER_WORDS:
            break
        end = stop
    return text[:end]
