"""The question that a passage answers: what a reader needs before « Non, je n'y crois pas. ».

Where voices are told apart it is asked at the end of the turn before, by whoever speaks there; elsewhere it is the last
question among the words before the passage, whoever asks it. Limit: a question is what ends with a question mark.
"""

from collections.abc import Sequence

from index.pieces.windows import weakest
from index.types import Origin, Segment, joined_text
from index.words.sentences import sentence_spans
from rag.layout import Layout
from rag.types import Context

_MOST_WORDS = 50
"""Of the context: one or two sentences."""
_REACH = 60
"""Words before the passage, or of the end of the turn before, among which a question is looked for."""
_INTO_TURN = 150
"""Words of a turn, about a minute of talk, after which it is taken to have left the question that it began with."""


def context_of(layout: Layout, first: int, last: int) -> Context | None:
    """Before pieces ``first`` to ``last`` of one turn; None where no question stands near, or the passage opens with
    one of its own. Its text is a substring of the debate's."""
    turn = layout.turn_at(first)
    told = _told(layout.pieces[first])
    if told and layout.spoken(turn.first, first - 1) > _INTO_TURN:
        return None
    passage = _sentences(layout.pieces[first : last + 1])
    if any(map(_asks, passage[:1] if told else passage)):
        return None
    until = turn.first if told else first
    before = _before(layout, until, within_turn=told)
    asked = _question(before)
    return None if asked is None or _same_speaker(asked, layout.pieces[first]) else asked


def _told(piece: Segment) -> bool:
    """Whether its voice is told from others: by a name that is more than suggested, or by the recording."""
    named = piece.speaker is not None and piece.attribution.origin is not Origin.SUGGESTED
    return named or piece.voice is not None


def _before(layout: Layout, until: int, *, within_turn: bool) -> Sequence[Segment]:
    """The pieces before ``until`` that hold about ``_REACH`` words, or fewer where their turn begins later."""
    at, words = until, 0
    least = layout.turn_at(until - 1).first if within_turn and until else 0
    while at > least and words < _REACH:
        at -= 1
        words += layout.words[at]
    return layout.pieces[at:until]


def _question(parts: Sequence[Segment]) -> Context | None:
    """The last question of ``parts`` with the one just before it, as far as they are not too long."""
    text = joined_text(parts)
    spans = sentence_spans(text)
    asking = [number for number, (begin, end) in enumerate(spans) if _asks(text[begin:end])]
    if not asking:
        return None
    begin, end = spans[asking[-1]]
    if len(text[end:].split()) > _REACH:
        return None
    if asking[-1] - 1 in asking[:-1] and len(text[spans[asking[-1] - 1][0] : end].split()) <= _MOST_WORDS:
        begin = spans[asking[-1] - 1][0]
    begin = end - len(" ".join(text[begin:end].split(" ")[-_MOST_WORDS:]))
    held = _under(parts, begin, end)
    attribution = weakest(*(part.attribution for part in held))
    return Context(
        attribution.speaker, attribution.origin, held[0].start, max(part.end for part in held), text[begin:end]
    )


def _under(parts: Sequence[Segment], begin: int, end: int) -> list[Segment]:
    """Those with a character between ``begin`` and ``end`` of their joined text."""
    held, at = [], 0
    for part in parts:
        if at < end and begin < at + len(part.text):
            held.append(part)
        at += len(part.text) + 1
    return held


def _sentences(parts: Sequence[Segment]) -> list[str]:
    text = joined_text(parts)
    return [text[begin:end] for begin, end in sentence_spans(text)]


def _asks(sentence: str) -> bool:
    return sentence.rstrip(' "”»)').endswith("?")


def _same_speaker(asked: Context, piece: Segment) -> bool:
    return asked.speaker is not None and asked.speaker == piece.speaker
