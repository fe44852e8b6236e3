"""Made debates of any number, always the same: real sentences, made-up people, dates a week apart.

There are as many *bases* as the sentences give, each the next stretch of them that makes ``WINDOWS`` windows. Later
debates are copies of the bases in which each sentence has one small change (another number, another name, two words the
other way round) that leaves its number of words as it is: so a copy is cut where its base is cut.
"""

import datetime
import gzip
import json
import random
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.suites.beir import WORDS_A_SECOND
from index.pieces.windows import LONGEST_PIECE
from index.types import Attribution, Debate, Origin, Participant, Segment
from index.writing.embedding import windows_of

WINDOWS = 1_000
"""Of each debate; one more where the last sentence brings two."""
_FEWEST_WORDS = 4
_LONGEST_TURN = 8
"""Sentences."""
_MOST_SENTENCES = 2_500
_FIRST_DAY = datetime.date(2000, 1, 3)
_FIRST_NAMES = (
    "Adèle Albane Anselme Apolline Aubin Auguste Basile Blandine Brune Capucine Célestin Clémence Côme Cyprien Daphné "
    "Edgar Élias Éloi Esther Fabien Faustine Firmin Flavie Gaspard Germain Hector Honorine Isaure Jocelyn Joachim "
    "Léopold Lilou Maxence Mélisande Norbert Octave Ombeline Philomène Quentin Rosalie"
).split()
_LAST_NAMES = (
    "Abgrall Amblard Bazinet Belcourt Bonnafous Brissac Cazenove Chabrier Chauvel Corbinelli Darcourt Delmotte "
    "Desrosiers Dubreuil Esnault Fauvelle Ferrandi Garancher Gaudissart Giraudel Hazebrouck Jacquemin Kerbrat "
    "Lacassagne Lamourette Lestrade Malaval Marchadier Mezeray Monfreid Nourrisson Ollivaux Pampelonne Pelletan "
    "Quillard Rastoul Rochefide Roumanille Sabatini Saintonge Tavernel Thibaudet Trézeguin Urvoas Vauquelin Verdelhan "
    "Villemot Walbrecq Yvetot Zelinski"
).split()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question made from a sentence of debate ``number``; ``speaker`` is who says it, where the question names
    them."""

    question: str
    topic: str
    number: int
    speaker: str | None

    @property
    def debate(self) -> str:
        return id_of(self.number)


def id_of(number: int) -> str:
    return f"debate-{number:05}"


class Corpus:
    """Debates by number, from 0 on, over ``sentences``; at most ``most_bases`` are no copies."""

    def __init__(self, sentences: Sequence[str], most_bases: int) -> None:
        self._sentences = sentences
        self._ends: list[int] = []
        self._whole = False
        self._most_bases = most_bases

    @classmethod
    def read(cls, path: Path, most_bases: int) -> "Corpus":
        """From JSON lines with a ``text``, gzipped. Sentences that would be cut, or that say too little, are left
        out."""
        with gzip.open(path, "rt", encoding="utf-8") as file:
            texts = (" ".join(json.loads(line)["text"].split()) for line in file)
            return cls([text for text in texts if _FEWEST_WORDS <= len(text.split()) <= LONGEST_PIECE], most_bases)

    def base_of(self, number: int) -> int:
        """The debate that this one is a copy of; itself for a base. Raises ValueError without a single one."""
        self._find_bases(number + 1)
        if not self._ends:
            raise ValueError(f"{len(self._sentences)} sentences make no debate of {WINDOWS} windows")
        return number if number < len(self._ends) else number % len(self._ends)

    def debate(self, number: int) -> Debate:
        base = self.base_of(number)
        begin = self._ends[base - 1] if base else 0
        texts = self._sentences[begin : self._ends[base]]
        random_ = random.Random(f"debate {number}")
        if number != base:
            texts = [changed(text, random_) for text in texts]
        people = [
            f"{random_.choice(_FIRST_NAMES)} {name}" for name in random_.sample(_LAST_NAMES, random_.randint(2, 4))
        ]
        return Debate(
            id=id_of(number),
            title=f"Débat {number}",
            segments=tuple(_segments(texts, people, random_)),
            participants=tuple(map(Participant, people)),
            date=_FIRST_DAY + datetime.timedelta(weeks=number),
        )

    def questions(self, debates: int, count: int) -> list[Asked]:
        """``count`` different ones, in equal steps over the first ``debates``; every other names who speaks."""
        found: dict[str, Asked] = {}
        for at in range(count):
            number = at * debates // count
            made = _questions(self.debate(number), number, at)
            asked = next(asked for asked in made if asked.question not in found)
            found[asked.question] = asked
        return list(found.values())

    def _find_bases(self, wanted: int) -> None:
        while not self._whole and len(self._ends) < min(wanted, self._most_bases):
            begin = self._ends[-1] if self._ends else 0
            length = _length(self._sentences[begin : begin + _MOST_SENTENCES])
            self._whole = length is None
            if length is not None:
                self._ends.append(begin + length)


def _length(sentences: Sequence[str]) -> int | None:
    """How many of ``sentences`` make a debate; None when they are too few. More sentences never make fewer windows."""
    segments = list(_segments(sentences, ["Somebody"], random.Random(0)))

    def windows(length: int) -> int:
        return len(windows_of(Debate("d", "d", tuple(segments[:length]))))

    length = bisect_left(range(len(segments) + 1), WINDOWS, key=windows)
    return length if length <= len(segments) else None


def _segments(texts: Sequence[str], people: Sequence[str], random_: random.Random) -> Iterator[Segment]:
    """In turns of a few sentences."""
    now, left, speaker = 0.0, 0, people[0]
    for at, text in enumerate(texts):
        if left == 0:
            left = random_.randint(2, _LONGEST_TURN)
            speaker = random_.choice([other for other in people if other != speaker] or [speaker])
        left -= 1
        end = round(now + len(text.split()) / WORDS_A_SECOND, 2)
        yield Segment(at, now, end, text, Attribution(speaker, Origin.LABELLED, 1.0), voice=speaker)
        now = end


def changed(text: str, random_: random.Random) -> str:
    """``text`` with one small change and as many words."""
    words = text.split(" ")
    numbers = [at for at, word in enumerate(words) if word.isdecimal()]
    names = [at for at, word in enumerate(words) if at and word.isalpha() and word[0].isupper()]
    pairs = [at for at in range(1, len(words) - 1) if words[at].isalpha() and words[at + 1].isalpha()]
    if numbers:
        at = random_.choice(numbers)
        words[at] = str(int(words[at]) + random_.randint(1, 90))
    elif names:
        at = random_.choice(names)
        words[at] = random_.choice([name for name in _LAST_NAMES if name != words[at]])
    elif pairs:
        at = random_.choice(pairs)
        words[at : at + 2] = words[at + 1], words[at]
    return " ".join(words)


def _questions(debate: Debate, number: int, seed: int) -> Iterator[Asked]:
    """From its sentences in a random order."""
    random_ = random.Random(f"question {seed}")
    for segment in random_.sample(debate.segments, len(debate.segments)):
        topic = topic_of(segment.text)
        if topic and seed % 2:
            yield Asked(f"Que sait-on de {topic} ?", topic, number, None)
        elif topic:
            yield Asked(f"Que dit {segment.speaker} de {topic} ?", topic, number, segment.speaker)


def topic_of(text: str) -> str:
    """Three long words of a sentence, in its order; empty where it has not as many.

    >>> topic_of("Il faut isoler les maisons anciennes avant l'hiver.")
    'isoler maisons anciennes'
    """
    words = [word.strip('.,;:!?…«»"()') for word in text.split()]
    long = dict.fromkeys(word for word in words if len(word) > 5 and word.isalpha() and word.islower())
    best = sorted(long, key=len, reverse=True)[:3]
    return " ".join(word for word in long if word in best) if len(best) == 3 else ""
