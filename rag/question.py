"""A question -> who is asked about, whether their words are wanted, and the topic that remains.

    « Que pense Kemf du RGPD ? »      -> said by Jean-Baptiste Kempf, topic « RGPD »
    « Que dit-on de Kempf ? »         -> no restriction, topic « Que dit-on de Kempf »
    « Que dit Thierry Breton de X ? » -> asked of somebody who takes no part

Limits: names are looked for among the participants and the labels of the debates; pronouns are not resolved.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.errors import Language
from index.lexical import fold, is_stop_word
from index.names import HONORIFICS, PARTICLES, close, name_parts
from index.stopwords import STOP_WORDS
from rag import speech_acts
from rag.speech_acts import NAME
from rag.types import Question

_WORD = re.compile(r"[^\W_]+")
_TITLE = rf"(?:\b(?:{'|'.join(sorted(HONORIFICS))}|maître|président(?:e)?|sénat(?:eur|rice)|député(?:e)?)\b\.?\s*)"
_TITLE_BEFORE = re.compile(rf"(?:\b(?:le|la|the)\s+|\bl['’])?{_TITLE}*$", re.IGNORECASE)
_ASKING = re.compile(
    rf"(?:{speech_acts.SAY_VERB}|\b(?:selon|d['’]après|avis\s+de|does|did|according\s+to))\s+{_TITLE}*$", re.IGNORECASE
)
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
    text = " ".join(text.split())
    language = language_of(text)
    mentions = find_people(text, people)
    masked = _masked(text, mentions)
    asked = _said_by(masked)
    if asked is not None:
        speakers = _unique(person for mention in mentions[_slots(masked, asked)] for person in mention.people)
        return Question(text, language, _topic(text, masked, asked, mentions), speakers)
    if not mentions and (somebody := _somebody(text)) is not None:
        return Question(text, language, _clean(_without(text, somebody)), absent=somebody[1])
    return Question(text, language, text.strip(" ?!.,;:"))


def language_of(text: str) -> Language:
    """English when more of its function words are English than French."""
    found = [fold(word) for word in _WORD.findall(text)]
    english = sum(word in _ENGLISH_WORDS for word in found)
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
    words = list(_WORD.finditer(text))
    parts = {person: name_parts(person) for person in people}
    mentions: list[Mention] = []
    at = 0
    while at < len(words):
        mention, used = _mention_at(text, words, at, parts)
        if mention is not None:
            mentions.append(mention)
        at += max(used, 1)
    return mentions


def _mention_at(
    text: str, words: list[re.Match[str]], at: int, parts: dict[str, list[str]]
) -> tuple[Mention | None, int]:
    """The mention that begins with word ``at``, and how many words it takes (also when another person bears that
    name)."""
    if fold(words[at][0]) in _HOST_WORDS:
        hosts = tuple(person for person, names in parts.items() if names[0] in _HOST_WORDS)
        return (Mention(words[at].start(), words[at].end(), hosts) if hosts else None), 1
    runs = {person: _run(text, words, at, names) for person, names in parts.items()}
    longest = max(runs.values(), default=0)
    if longest == 0:
        return None, 0
    chosen = tuple(person for person, length in runs.items() if length == longest)
    last = at + longest - 1
    if _another_person(text, words, at, last):
        return None, longest
    return Mention(words[at].start(), words[last].end(), chosen), longest


def _run(text: str, words: list[re.Match[str]], at: int, names: list[str]) -> int:
    """How many words from ``at`` belong to one name; 0 when they do not name anybody by themselves."""
    length = 0
    telling = False
    for word in words[at : at + len(names) + 1]:
        if length and not _adjoining(text, words[at + length - 1], word):
            break
        folded = fold(word[0])
        if folded in PARTICLES and folded in names:
            length += 1
        elif any(_belongs(word[0], folded, name, _asked_here(text, word)) for name in names):
            length += 1
            telling = telling or len(folded) > 1
        else:
            break
    return length if telling else 0


def _belongs(word: str, folded: str, name: str, asked: bool) -> bool:
    """Exactly in any case; misspelt when written as a name or where a name is expected; an initial before a full
    stop."""
    if folded == name:
        return len(name) > 1 and not is_stop_word(folded)
    if len(folded) == 1:
        return word.isupper() and name.startswith(folded)
    return (word[0].isupper() or asked) and name not in PARTICLES and close(folded, name)


def _asked_here(text: str, word: re.Match[str]) -> bool:
    return _ASKING.search(text[: word.start()]) is not None


def _adjoining(text: str, one: re.Match[str], other: re.Match[str]) -> bool:
    return re.fullmatch(r"[\s.'’-]{1,2}", text[one.end() : other.start()]) is not None


def _another_person(text: str, words: list[re.Match[str]], first: int, last: int) -> bool:
    """« Bernard Kempf » is not Jean-Baptiste Kempf, nor « Marine Dupont » Marine Le Pen: a capitalised neighbour
    belongs to the name."""
    neighbours = []
    if first > 0 and _adjoining(text, words[first - 1], words[first]):
        neighbours.append(words[first - 1])
    if last + 1 < len(words) and _adjoining(text, words[last], words[last + 1]):
        neighbours.append(words[last + 1])
    return any(_part_of_a_name(text, word) for word in neighbours)


def _part_of_a_name(text: str, word: re.Match[str]) -> bool:
    folded = fold(word[0])
    starts_sentence = not text[: word.start()].strip(" «\"“'’") or text[: word.start()].rstrip().endswith(
        (".", "?", "!", ":")
    )
    ordinary = folded in HONORIFICS or any(folded in stop for stop in STOP_WORDS.values())
    return word[0][0].isupper() and not word[0].isupper() and not starts_sentence and not ordinary


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


def _topic(text: str, masked: str, asked: re.Match[str], mentions: Sequence[Mention]) -> str:
    """The question without the phrase that asks; the names of others as they were written."""
    rest = _without(masked, asked)
    slots = _slots(masked, asked)
    for mention in (*mentions[: slots.start], *mentions[slots.stop :]):
        rest = rest.replace(NAME, text[mention.begin : mention.end], 1)
    return _clean(rest)


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"


def _clean(topic: str) -> str:
    topic = speech_acts.INVERSION.sub(" ", topic)
    return speech_acts.LEADING_FILLER.sub("", " ".join(topic.split())).strip(" ?!.,;:")


def _somebody(text: str) -> re.Match[str] | None:
    return next((match for pattern in speech_acts.SAID_BY_SOMEBODY if (match := pattern.search(text))), None)


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
