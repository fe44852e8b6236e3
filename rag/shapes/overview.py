"""« De quoi parle ce débat ? » : its chapters, each with a quote; of several debates, a section each."""

from rag.chapters import Chapter, chapters_of
from rag.chapters.titles import title_terms
from rag.layout import Layout
from rag.quoting import share_said
from rag.shapes.mentions import BY_WORDS, cut_around
from rag.shapes.shape import Part, Searched, Shape
from rag.types import Passage

_MOST_DEBATES = 10
_CERTAIN = 1.0
_FEW_WORDS = 8
_TITLES = 4


def overview(found: Searched) -> Shape | None:
    """Of one person only the chapters in which they speak. None where there are no debates, or they say nothing."""
    if len(found.debates) == 1:
        debate = next(iter(found.debates))
        parts = [
            part for one in _chapters(found, debate) if (part := _part(found, debate, one)).passages or not found.people
        ]
    else:
        ranked = list(dict.fromkeys([*(one.debate for one in found.passages if found.people), *sorted(found.debates)]))
        speaks = [found.speakers.get(who, frozenset()) for who in found.people]
        theirs = [one for one in ranked if not speaks or any(one in among for among in speaks)]
        parts = [_debate_part(found, debate) for debate in theirs[:_MOST_DEBATES]]
    if not parts:
        return None
    several = len(found.debates) > 1
    return Shape(_opening(found, several), tuple(parts), _CERTAIN, closing=_closing(found, len(parts), several))


def _chapters(found: Searched, debate: str) -> tuple[Chapter, ...]:
    return chapters_of(found.store, found.layouts, debate)


def _part(found: Searched, debate: str, chapter: Chapter) -> Part:
    quote = _quote(found, found.layouts.of(debate), chapter)
    who = chapter.speakers[0].speaker if len(chapter.speakers) == 1 else None
    return Part(chapter.title, (quote,) if quote else (), who, debate, chapter.start, chapter.end)


def _debate_part(found: Searched, debate: str) -> Part:
    """The titles of its longest chapters, in their order, and a quote of the longest."""
    chapters = _chapters(found, debate)
    longest = sorted(chapters, key=lambda one: one.start - one.end)
    shown = sorted(longest[:_TITLES], key=lambda one: one.n)
    title = f"{found.debates[debate].title} : {' · '.join(one.phrases[0] for one in shown if one.phrases)}"
    quotes = (_quote(found, found.layouts.of(debate), one) for one in longest)
    quote = next((one for one in quotes if one), None)
    return Part(title, (quote,) if quote else (), None, debate, chapters[0].start, chapters[-1].end)


def _quote(found: Searched, layout: Layout, chapter: Chapter) -> Passage | None:
    """The statement that holds most of the title's words, by whoever is asked about."""
    language = layout.language
    words = title_terms(chapter.phrases, language)
    groups = [(term,) for term in words]
    passages = [
        passage
        for place in range(chapter.first, chapter.last + 1)
        if not found.people or layout.pieces[place].speaker in found.people
        if share_said(layout.pieces[place].text, groups, language) > 0
        if (passage := cut_around(layout, place, words, [words], found.longest)) is not None
    ]
    return max(
        passages,
        key=lambda one: (
            not one.quote.endswith("?"),
            len(one.quote.split()) >= _FEW_WORDS,
            share_said(one.quote, groups, language),
            -one.start,
        ),
        default=_first(found, layout, chapter),
    )


def _first(found: Searched, layout: Layout, chapter: Chapter) -> Passage | None:
    """The longest piece, where the title has no words: everything in the chapter is said in stop words."""
    places = [
        place
        for place in range(chapter.first, chapter.last + 1)
        if not found.people or layout.pieces[place].speaker in found.people
    ]
    if not places:
        return None
    piece = layout.pieces[max(places, key=lambda place: (layout.words[place], -place))]
    return Passage(layout.debate, piece.attribution, piece.start, piece.end, piece.text, piece.text, BY_WORDS)


def _opening(found: Searched, several: bool) -> str:
    who = ", ".join(found.people)
    if several:
        count = len(found.debates)
        return found.say(f"De quoi il est question dans {count} débats :", f"What {count} debates are about:")
    title = next(iter(found.debates.values())).title
    if who:
        return found.say(f"De quoi parle {who} dans « {title} » :", f"What {who} talks about in “{title}”:")
    return found.say(f"De quoi il est question dans « {title} » :", f"What “{title}” is about:")


def _closing(found: Searched, shown: int, several: bool) -> str:
    if several and shown < len(found.debates):
        return found.say(
            f"{shown} débats sur {len(found.debates)} : précisez un débat pour ses chapitres.",
            f"{shown} of {len(found.debates)} debates: name one for its chapters.",
        )
    return found.say(
        "Titres tirés des mots du débat ; les limites des chapitres sont estimées.",
        "Titles are words of the debate; where chapters begin is estimated.",
    )
