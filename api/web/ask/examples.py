"""Questions to begin with, made from the debates that are there: each is about words that somebody says in them."""

import datetime
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from fastapi import FastAPI

from index.errors import Language
from index.speakers.host_names import is_host, is_host_label
from index.types import Debate, DebateSummary
from index.words.lexical import fold
from rag.asked import Catalogue
from rag.engine import Engine

_DEBATES, _MOST_DEBATES = 2, 8
_ENOUGH = 6
"""Subjects, for which more than two debates are read."""
_MOST_WORDS = 30_000
"""Of a debate that is read for its subjects, which takes a fraction of a second."""
_PEOPLE = 2
_AGAIN = 2
"""How often a subject is said at least."""
_ABOUT = ("Quels sont les thèmes abordés ?", "What topics are discussed?")
_SAYS = ("Que dit {person} {of} ?", "What does {person} say about {subject}?")
_WHO = ("Qui parle {of} ?", "Who talks about {subject}?")
_WHEN = ("À quel moment parle-t-on {of} ?", "When do they talk about {subject}?")
_ARTICLE = r"(?:\b(le|la|les|du|des|aux?|the)\s+|\b(l)['\u2019])?"
_CONTRACTED = {"le": "du ", "du": "du ", "au": "du ", "la": "de la ", "l": "de l'"}
_CONTRACTED |= dict.fromkeys(("les", "des", "aux"), "des ")


@dataclass(frozen=True, slots=True)
class Subject:
    """``text`` stands in a debate ``count`` times; ``of`` is « du tribunal » for « tribunal », ``speaker`` says it most
    often, but for the host."""

    text: str
    of: str
    english: str
    count: int
    speaker: str | None


def examples_of(app: FastAPI, engine: Engine, catalogue: Catalogue, language: Language) -> tuple[str, ...]:
    """At most five, the same until the debates change; none where there are no debates."""
    if not catalogue.debates:
        return ()
    known: tuple[str, list[Subject]] | None = getattr(app.state, "subjects", None)
    if known is None or known[0] != catalogue.generation:
        known = app.state.subjects = catalogue.generation, _subjects(engine, catalogue)
    return tuple(_questions(known[1], language))


def _questions(subjects: list[Subject], language: Language) -> Iterator[str]:
    choice = 0 if language == "fr" else 1
    left = list(subjects)
    spoken: set[str] = set()
    for subject in subjects:
        if subject.speaker and subject.speaker not in spoken and len(spoken) < _PEOPLE:
            spoken.add(subject.speaker)
            left.remove(subject)
            yield _SAYS[choice].format(person=subject.speaker, of=subject.of, subject=subject.english)
    for template, subject in zip((_WHO, _WHEN), left, strict=False):
        yield template[choice].format(of=subject.of, subject=subject.english)
    yield _ABOUT[choice]


def _subjects(engine: Engine, catalogue: Catalogue) -> list[Subject]:
    """Of the newest debates, those whose speakers are known first; one of each in turn."""
    short = [debate for debate in catalogue.debates if debate.words <= _MOST_WORDS]
    newest = sorted(
        short, key=lambda one: (one.speakers_identified, one.date or datetime.date.min, one.id), reverse=True
    )
    found: list[list[Subject]] = []
    for debate in newest[:_MOST_DEBATES]:
        if sum(map(len, found)) < _ENOUGH or len(found) < _DEBATES:
            found.append(_of_debate(engine, debate))
    in_turn = (one for place in zip_longest(*found) for one in place if one)
    once: dict[str, Subject] = {}
    for subject in in_turn:
        once.setdefault(fold(subject.text), subject)
    return list(once.values())


def _of_debate(engine: Engine, summary: DebateSummary) -> list[Subject]:
    """The phrases of its chapters that are said again, the most frequent first; names and what has an article, so that
    a question can be made with them."""
    debate = engine.debate(summary.id)
    phrases = {fold(phrase): phrase for chapter in engine.chapters(summary.id) for phrase in chapter.phrases}
    hosts = {person.name for person in summary.participants if is_host(person)}
    made = (_subject(debate, phrase, hosts) for phrase in phrases.values())
    return sorted((one for one in made if one), key=lambda one: (one.speaker is None, -one.count, one.text))


def _subject(debate: Debate, phrase: str, hosts: set[str]) -> Subject | None:
    """None for a phrase that is said once, or that nothing shows to be a noun."""
    pattern = re.compile(rf"{_ARTICLE}(?<!\w){re.escape(phrase)}(?!\w)", re.IGNORECASE)
    articles: Counter[str] = Counter()
    speakers: Counter[str] = Counter()
    for segment in debate.segments:
        for match in pattern.finditer(segment.text):
            articles[(match[1] or match[2] or "").lower()] += 1
            if segment.speaker and segment.speaker not in hosts and not is_host_label(segment.speaker):
                speakers[segment.speaker] += 1
    count = sum(articles.values())
    del articles[""]
    article = max(articles, key=lambda one: articles[one], default="")
    if count < _AGAIN or not (article or phrase[0].isupper()):
        return None
    speaker = max(speakers, key=lambda one: speakers[one], default=None)
    return Subject(phrase, _of(phrase, article), _english(phrase, article), count, speaker)


def _of(phrase: str, article: str) -> str:
    """« du tribunal », « de l'Europe », « d'OpenAI »."""
    if article in _CONTRACTED:
        return f"{_CONTRACTED[article]}{phrase}"
    return f"d'{phrase}" if fold(phrase[:1]) in "aeiou" else f"de {phrase}"


def _english(phrase: str, article: str) -> str:
    return f"the {phrase}" if article == "the" else phrase
