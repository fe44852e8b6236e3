"""« Quelles startups sont citées ? », « combien de fois parle-t-on de X ? » : everything that is named or said."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from index.times import format_range
from index.types import Segment
from index.words.lexical import fold
from rag.asking import COUNTS_PASSAGES, NUMBERS
from rag.shapes.mentions import BY_WORDS, mentions
from rag.shapes.names import figures_in, names_in
from rag.shapes.shape import NEAR, Part, Searched, Shape
from rag.shapes.who import PROVEN, closing, merged
from rag.types import Passage

_MOST = 50
_ITEMS = 25
_DEBATES = 20
_CLOSE = NEAR / 2
"""Items are taken from fewer passages than are quoted: what a far one names is of another kind."""


def listing(found: Searched) -> Shape | None:
    """Every mention, where these are asked for; else the names, or figures, in the passages that answer. None where
    there is nothing."""
    if COUNTS_PASSAGES.search(found.question.text):
        return _passages(found)
    numbers = NUMBERS.match(found.question.topic)
    if not numbers:
        return _items(found, names_in)
    of_what = found.question.topic[numbers.end() :].strip()
    if not of_what:
        return _all_figures(found)
    return _items(replace(found, question=replace(found.question, topic=of_what)), figures_in)


def _passages(found: Searched) -> Shape | None:
    said = mentions(found.store, found.layouts, found.groups, found.within, found.people, found.longest)
    passages = list(said.passages) or merged((), found.near)
    if not passages:
        return None
    complete = bool(said.passages) and said.exhaustive and len(passages) <= _MOST
    topic, count, plural = found.question.topic, len(passages), "s" if len(passages) > 1 else ""
    return Shape(
        opening=found.say(f"« {topic} » : {count} passage{plural}.", f"“{topic}”: {count} passage{plural}."),
        parts=tuple(_mention(found, passage) for passage in passages[:_MOST]),
        confidence=max(found.confidence, PROVEN) if said.passages else found.confidence,
        complete=complete,
        closing=closing(found, complete=complete),
    )


def _mention(found: Searched, passage: Passage) -> Part:
    title = format_range(passage.start, passage.end)
    if len(found.debates) > 1:
        title = f"{found.debates[passage.debate].title}, {title}"
    return Part(title, (passage,), passage.attribution.speaker, passage.debate, passage.start, passage.end)


def _all_figures(found: Searched) -> Shape | None:
    """« Quels chiffres donne X ? » : in the order in which they are said."""
    pieces = [
        (debate, piece)
        for debate in sorted(found.debates)[:_DEBATES]
        for piece in found.layouts.of(debate).pieces
        if not found.people or piece.speaker in found.people
    ]
    parts = [
        Part(figure, (_piece(debate, piece),), piece.speaker, debate, piece.start, piece.end)
        for debate, piece in pieces
        for figure in figures_in(piece.text)
    ]
    if not parts:
        return None
    shown = min(len(parts), _MOST)
    return Shape(
        opening=found.say(f"{shown} chiffres sur {len(parts)} relevés :", f"{shown} of {len(parts)} figures found:"),
        parts=tuple(parts[:_MOST]),
        confidence=PROVEN,
        complete=False,
        closing=closing(found, complete=False),
    )


def _piece(debate: str, piece: Segment) -> Passage:
    return Passage(debate, piece.attribution, piece.start, piece.end, piece.text, piece.text, BY_WORDS)


def _items(found: Searched, items_in: Callable[[str], Sequence[str]]) -> Shape | None:
    """From the closest passages, and further ones only where these name nothing."""
    for within in (_CLOSE, NEAR):
        passages = _answering(found, within)
        items = _first_holding(passages, items_in, fold(found.question.text))
        if items:
            break
    else:
        return None
    parts = tuple(Part(item, (passage,)) for item, passage in items[:_ITEMS])
    return Shape(
        opening=found.say(
            "Relevé dans les passages qui répondent, à vérifier dans les citations :",
            "Searched in the passages that answer, to be checked in the quotes:",
        ),
        parts=parts,
        confidence=max(found.confidence, PROVEN)
        if any(one.score == BY_WORDS for one in passages)
        else found.confidence,
        complete=False,
        closing=closing(found, complete=False),
    )


def _first_holding(
    passages: Sequence[Passage], items_in: Callable[[str], Sequence[str]], asked: str
) -> list[tuple[str, Passage]]:
    """Each item that is not in the question, with a passage that holds it; those that name most come first, since they
    enumerate."""
    found: dict[str, tuple[str, Passage]] = {}
    for passage in sorted(passages, key=lambda one: -len(items_in(one.quote))):
        for item in items_in(passage.quote):
            if fold(item) not in asked:
                found.setdefault(fold(item), (item, passage))
    return list(found.values())


def _answering(found: Searched, within: float) -> list[Passage]:
    """The passages whose score is ``within`` of the best, then those with all the words, each place once."""
    near = [one for one in found.near if one.score >= found.near[0].score - within]
    if not near:
        return []
    said = mentions(found.store, found.layouts, found.groups, found.within, found.people, found.longest)
    far = [
        one
        for one in said.passages[:_MOST]
        if not any(one.debate == two.debate and one.start < two.end and two.start < one.end for two in near)
    ]
    return [*near, *far]
