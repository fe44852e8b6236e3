"""Quotes made from debates whose speakers are known: true, altered by one word, given to somebody else, stitched,
invented. Deterministic for a seed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise
from random import Random

from index.types import Debate, joined_text
from index.words.lexical import fold, is_stop_word, term_of
from rag.quotes.reading import key_of, read

_ANTONYMS = dict(
    pair.split("/")
    for pair in (
        "plus/moins moins/plus toujours/jamais jamais/toujours bon/mauvais possible/impossible avec/sans sans/avec "
        "facile/difficile difficile/facile premier/dernier après/avant avant/après tous/quelques peut/doit oui/non "
        "more/less less/more always/never never/always with/without good/bad before/after all/some can/cannot yes/no"
    ).split()
)
_NEGATIONS = frozenset("ne n pas jamais rien aucun not never no".split())
_NUMBERS = "deux trois quatre cinq dix vingt cent mille".split()
_LEAST_ALTERED = 8
_TRIES = 200


class Kind(StrEnum):
    """How a quote was made."""

    TRUE = "true"
    ALTERED = "altered"
    OTHER_SPEAKER = "other speaker"
    STITCHED = "stitched"
    INVENTED = "invented"


@dataclass(frozen=True, slots=True)
class MadeQuote:
    """``speaker`` is who is said to have said it; ``how`` tells the kinds of one kind apart."""

    kind: Kind
    text: str
    speaker: str | None
    how: str = ""


@dataclass(frozen=True, slots=True)
class _Turn:
    """Consecutive segments of one speaker, None where nobody knows who."""

    debate: str
    speaker: str | None
    words: tuple[str, ...]


class Maker:
    """Draws from ``debates``. An alteration or an invention that somebody does say is drawn again."""

    def __init__(self, debates: Sequence[Debate], seed: int) -> None:
        self._random = Random(seed)
        self._turns = [turn for debate in debates for turn in _turns(debate)]
        self._keys = [key_of(joined_text(debate.segments)) for debate in debates]
        self._people = {debate.id: _speakers(debate) for debate in debates}
        self._words = sorted({word for turn in self._turns for word in turn.words if _says(word)})
        self._follows: dict[str, list[str]] = {}
        for turn in self._turns:
            for word, following in pairwise(turn.words):
                self._follows.setdefault(word, []).append(following)

    def quotes(self, each: int) -> Iterator[MadeQuote]:
        """``each`` of every kind; of the kind ``other speaker`` only where somebody else takes part."""
        makers: dict[Kind, Callable[[], MadeQuote | None]] = {
            Kind.TRUE: self._true,
            Kind.ALTERED: self._altered,
            Kind.OTHER_SPEAKER: self._other,
            Kind.STITCHED: self._stitched,
            Kind.INVENTED: self._invented,
        }
        for make in makers.values():
            for _number in range(each):
                made = next((one for _try in range(_TRIES) if (one := make()) is not None), None)
                if made is not None:
                    yield made

    def _true(self) -> MadeQuote | None:
        turn, words = self._slice(1, 40)
        return MadeQuote(Kind.TRUE, " ".join(words), turn.speaker) if read(" ".join(words)).words else None

    def _altered(self) -> MadeQuote | None:
        ways: list[tuple[str, Callable[[list[str]], list[str] | None]]] = [
            ("replaced", self._replaced),
            ("dropped", self._dropped),
            ("added", self._added),
            ("negation", self._negated),
            ("number", self._renumbered),
            ("antonym", self._turned),
        ]
        turn, words = self._slice(_LEAST_ALTERED, 30)
        how, way = self._random.choice(ways)
        made = way(words)
        if made is None or self._is_said(made):
            return None
        return MadeQuote(Kind.ALTERED, " ".join(made), turn.speaker, how)

    def _replaced(self, words: list[str]) -> list[str] | None:
        at, new = self._place(words, _says), self._random.choice(self._words)
        if at is None or term_of(_bare(words[at]), "fr") == term_of(_bare(new), "fr"):
            return None
        return [*words[:at], words[at].replace(_bare(words[at]), _bare(new)), *words[at + 1 :]]

    def _dropped(self, words: list[str]) -> list[str] | None:
        """Inside: without its first or last word a quote is true."""
        at = self._place(words[1:-1], _says)
        return None if at is None or words[at] == words[at + 1] else [*words[: at + 1], *words[at + 2 :]]

    def _added(self, words: list[str]) -> list[str]:
        at = self._random.randrange(1, len(words))
        return [*words[:at], _bare(self._random.choice(self._words)), *words[at:]]

    def _negated(self, words: list[str]) -> list[str] | None:
        at = self._place(words[1:-1], lambda word: fold(_bare(word)) in _NEGATIONS)
        if at is not None:
            return [*words[: at + 1], *words[at + 2 :]]
        at = self._random.randrange(1, len(words))
        return [*words[:at], self._random.choice(["pas", "jamais", "ne", "sans"]), *words[at:]]

    def _renumbered(self, words: list[str]) -> list[str] | None:
        at = self._place(words, lambda word: _bare(word).isdigit() or fold(_bare(word)) in _NUMBERS)
        if at is None:
            return None
        old = _bare(words[at])
        new = str(int(old) + self._random.choice([-1, 1, 10])) if old.isdigit() else self._random.choice(_NUMBERS)
        return None if new == old else [*words[:at], words[at].replace(old, new), *words[at + 1 :]]

    def _turned(self, words: list[str]) -> list[str] | None:
        at = self._place(words, lambda word: word.lower() in _ANTONYMS)
        return None if at is None else [*words[:at], _ANTONYMS[words[at].lower()], *words[at + 1 :]]

    def _other(self) -> MadeQuote | None:
        turn, words = self._slice(6, 30)
        others = [name for name in self._people[turn.debate] if name != turn.speaker]
        if turn.speaker is None or not others or sum(where.count(_key(words)) for where in self._keys) > 1:
            return None
        return MadeQuote(Kind.OTHER_SPEAKER, " ".join(words), self._random.choice(others))

    def _stitched(self) -> MadeQuote | None:
        (turn, first), (other, second) = self._slice(6, 14), self._slice(6, 14)
        how = self._random.choice(["", "", ",", " […]", "..."])
        made = [*first[:-1], f"{first[-1]}{how}", *second]
        if turn is other or self._is_said(made):
            return None
        return MadeQuote(Kind.STITCHED, " ".join(made), turn.speaker, "marked" if how and how != "," else "silent")

    def _invented(self) -> MadeQuote | None:
        """Words in disorder, or as they follow one another somewhere."""
        turn, words = self._slice(8, 30)
        if self._random.random() < 0.5:
            self._random.shuffle(words)
            how = "shuffled"
        else:
            words, how = self._babbled(words[0], len(words)), "babbled"
        return None if self._is_said(words) else MadeQuote(Kind.INVENTED, " ".join(words), turn.speaker, how)

    def _babbled(self, word: str, size: int) -> list[str]:
        made = [word]
        while len(made) < size:
            made.append(self._random.choice(self._follows.get(made[-1]) or self._words))
        return made

    def _slice(self, least: int, most: int) -> tuple[_Turn, list[str]]:
        turns = [turn for turn in self._turns if len(turn.words) >= least]
        turn = self._random.choices(turns, [len(one.words) for one in turns])[0]
        size = self._random.randint(least, min(most, len(turn.words)))
        begin = self._random.randint(0, len(turn.words) - size)
        return turn, list(turn.words[begin : begin + size])

    def _place(self, words: Sequence[str], fits: Callable[[str], bool]) -> int | None:
        places = [at for at, word in enumerate(words) if fits(word)]
        return self._random.choice(places) if places else None

    def _is_said(self, words: Sequence[str]) -> bool:
        return any(_key(words) in where for where in self._keys)


def _turns(debate: Debate) -> Iterator[_Turn]:
    for speaker, run in groupby(debate.segments, key=lambda segment: segment.speaker):
        yield _Turn(debate.id, speaker, tuple(word for segment in run for word in segment.text.split()))


def _speakers(debate: Debate) -> list[str]:
    return sorted({segment.speaker for segment in debate.segments if segment.speaker})


def _bare(word: str) -> str:
    """Without the signs around it, and without what is elided before it."""
    parts = read(word)
    return parts.raw(len(parts.words) - 1) if parts.words else word


def _key(words: Sequence[str]) -> str:
    return key_of(" ".join(words))


def _says(word: str) -> bool:
    return len(_bare(word)) > 3 and not is_stop_word(_bare(word))
