"""« À quel moment parle-t-on de X ? » : the times, in order."""

from collections.abc import Sequence

from index.times import format_range
from rag.shapes.mentions import BY_WORDS, mentions
from rag.shapes.shape import Part, Searched, Shape
from rag.shapes.who import PROVEN, merged, unsaid
from rag.types import Passage

_PAUSE = 30.0
"""Seconds between two passages of one stretch."""
_MOST = 25
_SHOWN = 1


def when(found: Searched) -> Shape | None:
    """Stretches of time in which the words stand, or that answer without them; None when there are none."""
    said = mentions(found.store, found.layouts, found.groups, found.within, found.people, found.longest)
    stretches = _stretches(merged(said.passages, found.near))
    if not stretches:
        return None
    complete = bool(said.passages) and said.exhaustive and len(stretches) <= _MOST
    topic = found.question.topic or found.question.text
    return Shape(
        opening=found.say(f"On parle de « {topic} » :", f"“{topic}” is spoken of:"),
        parts=tuple(_part(found, stretch) for stretch in stretches[:_MOST]),
        confidence=max(found.confidence, PROVEN) if said.passages else found.confidence,
        complete=complete,
        closing=_closing(found, len(stretches), complete) if said.passages else unsaid(found),
    )


def _stretches(passages: Sequence[Passage]) -> list[list[Passage]]:
    """Passages of one debate with short pauses between them."""
    found: list[list[Passage]] = []
    for passage in passages:
        last = found[-1][-1] if found else None
        if last is not None and last.debate == passage.debate and passage.start - last.end <= _PAUSE:
            found[-1].append(passage)
        else:
            found.append([passage])
    return found


def _part(found: Searched, stretch: Sequence[Passage]) -> Part:
    start, end = stretch[0].start, max(one.end for one in stretch)
    speakers = dict.fromkeys(one.attribution.speaker for one in stretch)
    only = next(iter(speakers)) if len(speakers) == 1 else None
    among_several = len(found.debates) > 1
    title = format_range(start, end)
    if among_several:
        title = f"{found.debates[stretch[0].debate].title}, {title}"
    best = sorted(stretch, key=lambda one: (one.score != BY_WORDS, -len(one.quote)))[:_SHOWN]
    return Part(title, tuple(best), only, stretch[0].debate, start, end, len(stretch))


def _closing(found: Searched, count: int, complete: bool) -> str:
    topic = found.question.topic
    if complete:
        return found.say(
            f"Liste complète pour les mots « {topic} » ; on a pu en parler en d'autres mots.",
            f"Complete for the words “{topic}”; it may have been spoken of in other words.",
        )
    shown = min(count, _MOST)
    return found.say(
        f"Liste non exhaustive : {shown} moments sur {count} trouvés.",
        f"Not an exhaustive list: {shown} of {count} moments found.",
    )
