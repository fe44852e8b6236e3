"""What the text says of who speaks, as words for a linear model: at each boundary between segments, in each segment.

    "... êtes-vous d'accord, Ada Martin ?" | "Oui, tout à fait."   ->   end:?, case:U, first:oui, last:NAME, ...

Names of participants are written NAME, so that a cue learnt in one debate holds in others. Pauses are no cue, since
the recordings that we learn from have none.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from index.speakers.suggest.host_phrases import host_phrases
from index.speakers.suggest.mentions import KINDS, Mention
from index.types import Segment
from index.words.lexical import fold

_WORD = re.compile(r"[^\W_]+")
PHRASES = "host:"
"""How cues that come from the list of hosts' phrases begin."""
_ENDS = ".?!…"
_LENGTHS = (1, 2, 3, 4, 6, 8, 10, 13, 17, 22)
_ENDS_INSIDE = re.compile(r"[.?!…]\s+\S")
_PACKED = 0.15
_NAME = "NAME"
_NEAR = 6
"""Words on either side of a boundary that are cues of it."""
_ME = frozenset("je j me m moi mon ma mes".split())
_YOU = frozenset("vous votre vos".split())
_KIND_NAMES = ("full", "sir", "plain")


class Words:
    """A segment's words, folded, with NAME for participants; what the cues ask of it."""

    __slots__ = ("asks", "end", "ends_inside", "first_case", "list", "names", "phrases", "raw_length", "set")

    def __init__(self, text: str, found: Sequence[Mention]) -> None:
        tokens = _WORD.findall(text)
        self.list = [fold(token) for token in tokens]
        for mention in found:
            self.list[mention.word] = _NAME
        self.set = frozenset(self.list)
        self.raw_length = len(tokens)
        last = text.rstrip(" »\"'")[-1:]
        self.end = last if last in ".?!…,;:-" else "w"
        self.first_case = "U" if text[:1].isupper() else "d" if text[:1].isdigit() else "l"
        self.asks = "?" in text
        self.ends_inside = bool(_ENDS_INSIDE.search(text))
        self.names = found
        self.phrases = {kind: count for kind, count in host_phrases(text).items() if count}


def read_words(segments: Sequence[Segment], found: Sequence[Sequence[Mention]]) -> list[Words]:
    return [Words(segment.text, some) for segment, some in zip(segments, found, strict=True)]


def boundary_cues(words: Sequence[Words]) -> list[set[str]]:
    """The cues of the boundary before each segment; the first has none before it and gets an empty set."""
    before, cut = _sentence_starts(words), _cut(words)
    cues = [set(_between(one, other, cut)) for one, other in pairwise(words)]
    for at, found in enumerate(cues, start=1):
        found.update(_around(words, at, before[at - 1], cut))
    return [set(), *cues][: len(words)]


def segment_cues(words: Sequence[Words]) -> list[set[str]]:
    """The cues of whether the host speaks in each segment."""
    cues = []
    for at, here in enumerate(words):
        found = set(_inside(here))
        for offset in (-2, -1, 1, 2):
            if 0 <= at + offset < len(words):
                found.update(_beside(words[at + offset], offset))
        found.update(_phrases(words, at))
        cues.append(found)
    return cues


def _between(one: Words, other: Words, cut: str) -> Iterator[str]:
    yield "bias"
    yield f"end:{one.end}"
    yield f"case:{other.first_case}"
    yield f"end:{one.end}{other.first_case}"
    size, following = _bucket(one.raw_length), _bucket(other.raw_length)
    yield f"cut:{cut}"
    yield f"size:{cut}{size}"
    yield f"next:{cut}{following}"
    yield f"size:{cut}{size}{one.end}"
    yield f"next:{cut}{following}{other.end}"
    yield f"size:{cut}{size}{one.end}{other.first_case}"
    yield f"end:{cut}{one.end}{other.first_case}"
    yield from _edge_words(one, other)
    yield from _persons(one, other)
    yield from _edge_names(one, other)
    for side, there in (("p", one), ("q", other)):
        for phrase, count in there.phrases.items():
            yield f"{side}{PHRASES}{phrase}{min(count, 2)}"


def _edge_words(one: Words, other: Words) -> Iterator[str]:
    last, first = one.list[-2:], other.list[:3]
    yield f"last:{' '.join(last[-1:])}"
    yield f"last:{' '.join(last)}"
    for count in (1, 2, 3):
        yield f"first:{' '.join(first[:count])}"
    yield f"first:{' '.join(first[:1])}|{one.end}"
    if other.raw_length <= 4:
        yield f"all:{' '.join(other.list)}"
    for word in one.list[-_NEAR:]:
        yield f"p:{word}"
    for word in other.list[:_NEAR]:
        yield f"q:{word}"
    if other.list[:1] and other.list[0] in one.set and len(other.list[0]) > 3:
        yield "echo"
    if last[-1:] and len(last[-1]) > 3 and last[-1] in other.set:
        yield "repeats"


def _persons(one: Words, other: Words) -> Iterator[str]:
    me, you = bool(one.set & _ME), bool(one.set & _YOU)
    other_me, other_you = bool(other.set & _ME), bool(other.set & _YOU)
    yield f"person:{me:d}{you:d}{other_me:d}{other_you:d}"
    yield f"person:{you:d}{one.asks:d}{other_me:d}"
    yield f"asks:{one.asks:d}{other.asks:d}"


def _edge_names(one: Words, other: Words) -> Iterator[str]:
    for mention in one.names:
        if mention.from_end < 12:
            yield f"pname:{_KIND_NAMES[mention.kind]}"
        if mention.from_end == 0:
            yield f"lastname:{_KIND_NAMES[mention.kind]}{one.end}"
        if one.asks:
            yield f"askname:{_KIND_NAMES[mention.kind]}"
    for mention in other.names:
        if mention.word < 5:
            yield f"qname:{_KIND_NAMES[mention.kind]}"


def _around(words: Sequence[Words], at: int, sentence: int, cut: str) -> Iterator[str]:
    """What stands a little further from the boundary before ``at``; its sentence began in segment ``sentence``."""
    yield f"sentence:{cut}{min(at - sentence, 5)}{words[at - 1].end}"
    start = words[sentence].list[:2]
    if words[at - 1].end == "?":
        yield f"question:{' '.join(start[:1])}"
    if at >= 2:
        yield f"before:{cut}{_bucket(words[at - 2].raw_length)}{words[at - 2].end}"
        yield f"before_asks:{words[at - 2].asks:d}{words[at - 1].asks:d}"
        for mention in words[at - 2].names:
            yield f"before_name:{_KIND_NAMES[mention.kind]}"
    if at + 1 < len(words):
        yield f"after:{cut}{_bucket(words[at + 1].raw_length)}{words[at].end}{words[at + 1].first_case}"
        yield f"after_person:{bool(words[at + 1].set & _ME):d}{bool(words[at + 1].set & _YOU):d}"
        yield f"after_asks:{words[at + 1].asks:d}"


def _inside(here: Words) -> Iterator[str]:
    yield "bias"
    yield f"size:{_bucket(here.raw_length)}"
    yield f"end:{here.end}{here.first_case}"
    for word in here.set:
        yield f"w:{word}"
    for one, other in pairwise(here.list):
        yield f"b:{one} {other}"
    yield f"first:{' '.join(here.list[:2])}"
    yield f"you:{min(sum(word in _YOU for word in here.list), 2)}{here.asks:d}"
    yield f"me:{bool(here.set & _ME):d}{here.asks:d}"
    names = bool(here.names)
    for phrase in here.phrases:
        yield f"{PHRASES}{phrase}?{here.asks:d}"
        yield f"{PHRASES}{phrase}@{names:d}"
        yield f"{PHRASES}{phrase}me{bool(here.set & _ME):d}"
    for one, other in combinations(here.phrases, 2):
        yield f"{PHRASES}{one}+{other}"
    for kind in range(KINDS):
        if count := len({mention.guest for mention in here.names if mention.kind == kind}):
            yield f"name:{_KIND_NAMES[kind]}{min(count, 2)}"
            yield f"name:{_KIND_NAMES[kind]}{here.asks:d}"


def _beside(there: Words, offset: int) -> Iterator[str]:
    yield f"{offset}asks:{there.asks:d}"
    yield f"{offset}you:{bool(there.set & _YOU):d}{bool(there.set & _ME):d}"
    for mention in there.names:
        yield f"{offset}name:{_KIND_NAMES[mention.kind]}"
    if abs(offset) == 1:
        for word in there.set:
            yield f"{offset}w:{word}"


def _phrases(words: Sequence[Words], at: int) -> Iterator[str]:
    """What hosts say, here and around."""
    near = words[max(0, at - 2) : at + 3]
    yield f"{PHRASES}{len(words[at].phrases)}"
    yield f"{PHRASES}{len(words[at].phrases)}?{words[at].asks:d}"
    yield f"{PHRASES}near{len({phrase for there in near for phrase in there.phrases})}"
    for offset in (-1, 0, 1):
        if 0 <= at + offset < len(words):
            for phrase, count in words[at + offset].phrases.items():
                yield f"{PHRASES}{offset}{phrase}{min(count, 2)}"


def _sentence_starts(words: Sequence[Words]) -> list[int]:
    """For each segment, in which one the sentence began that it ends with."""
    starts: list[int] = []
    for at in range(len(words)):
        open_before = at > 0 and words[at - 1].end not in _ENDS
        starts.append(starts[-1] if open_before else at)
    return starts


def _cut(words: Sequence[Words]) -> str:
    """How the recording is cut, since a short segment means a change where sentences are packed together up to a
    length ("p"), and nothing much where each has a segment of its own ("s")."""
    return "p" if sum(there.ends_inside for there in words) > _PACKED * len(words) else "s"


def _bucket(length: int) -> int:
    return sum(length > bound for bound in _LENGTHS)
