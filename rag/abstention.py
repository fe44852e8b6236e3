"""Why an answer is withheld, in words, and who else speaks of it.

nobody says one of its words -> « blockchain » n'est dit nulle part dans ces débats.
a number is asked for        -> Aucun chiffre dans ce qui s'en approche le plus.
else                         -> how likely it is that the nearest passage answers
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.errors import Language
from index.store import Store
from index.words.lexical import fold, query_groups, words
from rag.answer import UNKNOWN_SPEAKER, quote_line, quoted
from rag.expected import Expected, expected_in
from rag.types import Answer, Citation, Kind, Section

_MOST_WORDS = 3
_ASKING = frozenset("combien quand pourquoi comment parle parlent parler how many much when why talk mention".split())
"""Of the question rather than of its topic."""
_UNSAID = (
    ("{words} n'est prononcé nulle part.", "{words} is said nowhere."),
    ("{words} ne sont prononcés nulle part.", "{words} are said nowhere."),
)
_LACKING = {
    Expected.NUMBER: (
        "Ce qui s'en approche le plus ne donne pas de chiffre.",
        "What comes nearest to it gives no number.",
    ),
    Expected.MOMENT: ("Ce qui s'en approche le plus ne donne pas de date.", "What comes nearest to it gives no date."),
}
_UNLIKELY = (
    "Ce qui s'en approche le plus n'y répond qu'avec une vraisemblance de {percent} %.",
    "What comes nearest to it answers with a likelihood of only {percent} %.",
)
_OTHERS = ("D'autres en parlent :", "Others speak of it:")


@dataclass(frozen=True, slots=True)
class Abstention:
    """``unsaid`` are words of the question that nobody says; ``lacking`` is what it wants to be told and the nearest
    passage does not name."""

    unsaid: tuple[str, ...] = ()
    lacking: Expected | None = None


def unsaid_words(store: Store, topic: str, languages: Iterable[str]) -> tuple[str, ...]:
    """The words of ``topic``, as they are written, that stand in no window of the index under any of their forms."""
    languages = list(languages)
    forms = {word: query_groups(word, languages) for word in words(topic) if fold(word) not in _ASKING}
    terms = [term for groups in forms.values() for group in groups for term in group]
    counts = store.document_frequencies(list(dict.fromkeys(terms)))[0] if terms else {}
    return tuple(
        word for word, groups in forms.items() if groups and not any(counts[term] for group in groups for term in group)
    )


def abstention(question: str, unsaid: Sequence[str], *, missing: bool) -> Abstention:
    """``missing``: the nearest passage lacks what the question expects."""
    return Abstention(tuple(unsaid[:_MOST_WORDS]), expected_in(question) if missing else None)


def reason(why: Abstention, confidence: float, language: Language) -> str:
    """One sentence."""
    choice = 0 if language == "fr" else 1
    if why.unsaid:
        marks = ("« {} »", "“{}”")[choice]
        return _UNSAID[len(why.unsaid) > 1][choice].format(words=", ".join(map(marks.format, why.unsaid)))
    if why.lacking:
        return _LACKING[why.lacking][choice]
    return _UNLIKELY[choice].format(percent=round(100 * confidence))


def with_others(answer: Answer, others: Sequence[Citation], language: Language) -> Answer:
    """``answer``, which abstains, and after it what others say of it, under their names: their citations are numbered
    after those that are there."""
    first = len(answer.citations) + 1
    named = [replace(one, n=first + at) for at, one in enumerate(quoted(others, Kind.OPINION))]
    choice = 0 if language == "fr" else 1
    by_speaker: dict[str | None, list[int]] = {}
    for one in named:
        by_speaker.setdefault(one.speaker, []).append(one.n)
    sections = tuple(
        Section(speaker or UNKNOWN_SPEAKER[choice], speaker=speaker, citations=tuple(numbers))
        for speaker, numbers in by_speaker.items()
    )
    lines = [answer.answer, _OTHERS[choice], *(quote_line(one, choice) for one in named)]
    return replace(
        answer,
        answer="\n".join(lines),
        citations=(*answer.citations, *named),
        sections=(*answer.sections, *sections),
    )
