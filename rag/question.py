"""A question -> who is asked about, whether their words are wanted, and the topic that remains.

    « Que pense Kemf du RGPD ? »      -> said by Jean-Baptiste Kempf, topic « RGPD »
    « Que dit-on de Kempf ? »         -> no restriction, topic « Que dit-on de Kempf »
    « Que dit Thierry Breton de X ? » -> asked of somebody who takes no part

Limits: names are looked for among the participants and the labels of the debates; pronouns are not resolved.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.errors import Language
from index.speakers.names import HONORIFICS, PARTICLES, KnownNames, close
from index.words.lexical import fold, is_stop_word
from rag import speech_acts
from rag.kinds import kind_of, topic_of, without_preamble
from rag.speech_acts import NAME
from rag.types import Kind, Question

_WORD = re.compile(r"[^\W_]+")
_TITLE = rf"(?:\b(?:{'|'.join(sorted(HONORIFICS))}|maître|président(?:e)?|sénat(?:eur|rice)|député(?:e)?)\b\.?\s*)"
_TITLE_BEFORE = re.compile(rf"(?:\b(?:le|la|the)\s+|\bl['’])?{_TITLE}*$", re.IGNORECASE)
_ASKING = re.compile(
    rf"(?:{speech_acts.SAY_VERB}|\b(?:selon|d['’]après|avis\s+de|does|did|according\s+to))\s+{_TITLE}*$", re.IGNORECASE
)
_POSSESSIVE = re.compile(r"\w['’]s\b")
_ASKING_REACH = 60
_SAYING = re.compile(rf"{speech_acts.SAY_VERB}|{speech_acts.SAYS}", re.IGNORECASE)
_ARTICLES = frozenset("le la les l un une des du au aux ce cet cette the a an".split())
_HOST_WORDS = frozenset(
    """
    presentateur presentatrice animateur animatrice journaliste moderateur moderatrice intervieweur
    intervieweuse host presenter moderator interviewer anchor
    """.split()
)
_ENGLISH_WORDS = frozenset(
    """
    what who when where why how does did do is are was were the of about think thinks say says said and which
    whom whose would should could can will his her their to in for with on many much there any
    """.split()
)
_FRENCH_WORDS = frozenset(
    """
    que qu qui quoi quand ou pourquoi comment est le la les l d de du des un une et en dans sur pour avec selon
    quel quelle quels quelles il elle ils elles ce cette ces au aux combien sont dit pense on se a y
    """.split()
)


def parse(text: str, people: Sequence[str]) -> Question:
    """Read ``text`` against the names of everybody who takes part. Pure; never fails on any string."""
    text = " ".join(text.replace(NAME, " ").split())
    question, kind = _read(without_preamble(text), people)
    return replace(question, text=text, kind=kind, topic=_topic(question.topic, kind))


def _read(text: str, people: Sequence[str]) -> tuple[Question, Kind]:
    """With the topic as it is before the phrase of its kind is taken out."""
    language = language_of(text)
    mentions = find_people(text, people)
    masked = _masked(text, mentions)
    asked = _said_by(masked)
    if asked is not None:
        slots = _slots(masked, asked)
        speakers = _unique(person for mention in mentions[slots] for person in mention.people)
        others = (*mentions[: slots.start], *mentions[slots.stop :])
        topic = _clean(_restored(_without(masked, asked), text, others))
        return Question(text, language, topic, speakers), kind_of(masked, len(mentions[slots]))
    if (somebody := _somebody(masked)) is not None:
        topic = _clean(_restored(_without(masked, somebody), text, mentions))
        return Question(text, language, topic, absent=somebody[1]), kind_of(masked, named=1)
    general = next((match for pattern in speech_acts.GENERAL if (match := pattern.search(text))), None)
    topic = _clean(_without(text, general)) if general else text.strip(" ?!.,;:")
    return Question(text, language, topic), kind_of(masked)


def _topic(topic: str, kind: Kind) -> str:
    """Without the phrase that asks for the shape of the answer."""
    remaining = topic_of(kind, topic)
    return topic if remaining == topic else _clean(remaining)


def language_of(text: str) -> Language:
    """English when more of its function words are English than French."""
    found = [fold(word) for word in _WORD.findall(text)]
    english = sum(word in _ENGLISH_WORDS for word in found) + len(_POSSESSIVE.findall(text))
    french = sum(word in _FRENCH_WORDS for word in found)
    return "en" if english > french else "fr"


@dataclass(frozen=True, slots=True)
class Mention:
    """``text[begin:end]`` names ``people``: several when a first name or a role is shared."""

    begin: int
    end: int
    people: tuple[str, ...]


def find_people(text: str, people: Sequence[str]) -> list[Mention]:
    """Every mention of ``people`` in ``text``, in order: full names, surnames, first names, misspelt or misheard
    ones, roles of the host."""
    words, names = list(_WORD.finditer(text)), KnownNames.of(tuple(people))
    mentions: list[Mention] = []
    at = 0
    while at < len(words):
        mention, used = _mention_at(text, words, at, names)
        if mention is not None:
            mentions.append(mention)
        at += max(used, 1)
    return mentions


def _mention_at(text: str, words: list[re.Match[str]], at: int, known: KnownNames) -> tuple[Mention | None, int]:
    """The mention that begins with word ``at``, and how many words it takes (also when another person bears that
    name)."""
    folded = fold(words[at][0])
    if folded in _HOST_WORDS:
        hosts = tuple(person for person, names in known.parts.items() if names and names[0] in _HOST_WORDS)
        return (Mention(words[at].start(), words[at].end(), hosts) if hosts else None), 1
    runs = {person: _run(text, words, at, known.parts[person]) for person in known.begun_by(folded)}
    best = max(runs.values(), default=(0, 0))
    longest, _exact = best
    if longest == 0:
        return None, 0
    chosen = tuple(person for person, run in runs.items() if run == best)
    last = at + longest - 1
    if _another_person(text, words, at, last):
        return None, longest
    return Mention(words[at].start(), words[last].end(), chosen), longest


def _run(text: str, words: list[re.Match[str]], at: int, names: list[str]) -> tuple[int, int]:
    """How many words from ``at`` belong to one name, and how many to the letter; (0, 0) when they name nobody."""
    length = exact = 0
    telling = False
    for word in words[at : at + len(names) + 1]:
        if length and not _adjoining(text, words[at + length - 1], word):
            break
        folded = fold(word[0])
        particle = folded in PARTICLES and folded in names
        if not particle and not any(_belongs(text, word, folded, name) for name in names):
            break
        length += 1
        exact += folded in names
        telling = telling or (not particle and len(folded) > 1)
    if not telling or _common_noun(text, words[at : at + length], words[at - 1] if at else None):
        return 0, 0
    return length, exact


def _common_noun(text: str, run: Sequence[re.Match[str]], before: re.Match[str] | None) -> bool:
    """« le maire de Paris » is not Bruno Le Maire: small letters behind an article, in a question that knows
    capitals."""
    if text[1:].islower() or any(word[0][0].isupper() for word in run):
        return False
    return fold(run[0][0]) in _ARTICLES or (before is not None and fold(before[0]) in _ARTICLES)


def _belongs(text: str, word: re.Match[str], folded: str, name: str) -> bool:
    """To the letter in any case; misspelt when written as a name or where a name is expected; as an initial."""
    if folded == name:
        return len(name) > 1 and not is_stop_word(folded)
    if len(folded) == 1:
        return word[0].isupper() and name.startswith(folded)
    if name in PARTICLES or not close(folded, name):
        return False
    return word[0][0].isupper() or _asked_here(text, word)


def _asked_here(text: str, word: re.Match[str]) -> bool:
    """Whether a phrase that asks for somebody's words ends just before ``word``."""
    return _ASKING.search(text[max(0, word.start() - _ASKING_REACH) : word.start()]) is not None


def _adjoining(text: str, one: re.Match[str], other: re.Match[str]) -> bool:
    """Nothing between them but a space, a hyphen or an apostrophe; a full stop after an initial or a title."""
    between = text[one.end() : other.start()]
    if between.startswith(".") and len(one[0]) > 1 and fold(one[0]) not in HONORIFICS:
        return False
    return re.fullmatch(r"\.?[\s'’-]?", between) is not None and between != ""


def _another_person(text: str, words: list[re.Match[str]], first: int, last: int) -> bool:
    """« Bernard Kempf » is not Jean-Baptiste Kempf, nor « Marine Dupont » Marine Le Pen: a capitalised neighbour
    belongs to the name."""
    neighbours = []
    if first > 0 and _adjoining(text, words[first - 1], words[first]):
        neighbours.append(words[first - 1])
    if last + 1 < len(words) and _adjoining(text, words[last], words[last + 1]):
        neighbours.append(words[last + 1])
    return any(map(_part_of_a_name, neighbours))


def _part_of_a_name(word: re.Match[str]) -> bool:
    """A capital, and no word that begins sentences: "Selon", "Que", "Pour", "Explique"."""
    folded = fold(word[0])
    ordinary = folded in HONORIFICS or folded in _FRENCH_WORDS or folded in _ENGLISH_WORDS or is_stop_word(folded)
    return word[0][0].isupper() and not word[0].isupper() and not ordinary and _SAYING.fullmatch(word[0]) is None


def _masked(text: str, mentions: Iterable[Mention]) -> str:
    """``text`` with each mention, and the title before it, as one sign."""
    parts: list[str] = []
    at = 0
    for mention in mentions:
        parts += [_TITLE_BEFORE.sub("", text[at : mention.begin]), NAME]
        at = mention.end
    return "".join(parts) + text[at:]


def _said_by(masked: str) -> re.Match[str] | None:
    if NAME not in masked or any(pattern.search(masked) for pattern in speech_acts.MENTION):
        return None
    return next((match for pattern in speech_acts.SAID_BY if (match := pattern.search(masked))), None)


def _slots(masked: str, asked: re.Match[str]) -> slice:
    """Which of the mentions stand inside the phrase that asks."""
    first = masked[: asked.start()].count(NAME)
    return slice(first, first + asked[0].count(NAME))


def _restored(masked: str, text: str, mentions: Iterable[Mention]) -> str:
    """``masked`` with the names of ``mentions`` as they were written."""
    for mention in mentions:
        masked = masked.replace(NAME, text[mention.begin : mention.end], 1)
    return masked


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"


def _clean(topic: str) -> str:
    topic = speech_acts.INVERSION.sub(" ", topic)
    return speech_acts.LEADING_FILLER.sub("", " ".join(topic.split())).strip(" ?!.,;:")


def _somebody(masked: str) -> re.Match[str] | None:
    """The phrase that asks for the words of somebody whom nobody knows here; group 1 is the name."""
    return next((match for pattern in speech_acts.SAID_BY_SOMEBODY if (match := pattern.search(masked))), None)


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
