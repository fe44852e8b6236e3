"""Recordings as a diarization would give them, made from labelled ones: names become SPEAKER_nn, some of them wrong.

Every trial is drawn from a seed of its name, its debate and its number, so that it is the same anywhere.
"""

import random
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from index.speakers.cast import participants_of
from index.speakers.names import name_parts, same_person
from index.types import UNKNOWN, Attribution, Origin, Participant, Segment
from index.words.lexical import fold


@dataclass(frozen=True, slots=True)
class Told:
    """A labelled recording with what is said of it: the gold is in its segments. ``hosts`` have a name that the title
    does not tell."""

    id: str
    participants: tuple[Participant, ...]
    description: str
    segments: tuple[Segment, ...]
    hosts: tuple[str, ...] = ()


LONGEST_INITIALS = 3
"""A label so short stands for somebody whom nobody could tell."""
_GOOD_PART, _NEARLY_ALL = 0.3, 0.8


@dataclass(frozen=True, slots=True)
class Person:
    """Whose a voice is, None when it is several people's, and the ``words`` that they say in it."""

    name: str | None
    words: int


@dataclass(frozen=True, slots=True)
class Trial:
    """``heard`` has the labels that are to be named, ``told`` the gold of the same segments."""

    kind: str
    told: Told
    heard: tuple[Segment, ...]

    def people(self) -> dict[str, Person]:
        """Whose each label is: of whoever has a good part of all that they say under it, however much of others was
        put there. Of two such people, the one who says nearly all of it."""
        said: dict[str, dict[str, int]] = {}
        total: dict[str, int] = {}
        for gold, heard in zip(self.told.segments, self.heard, strict=True):
            if gold.speaker and heard.speaker:
                words = len(gold.text.split())
                total[gold.speaker] = total.get(gold.speaker, 0) + words
                under = said.setdefault(heard.speaker, {})
                under[gold.speaker] = under.get(gold.speaker, 0) + words
        return {voice: _person(under, total) for voice, under in said.items()}


def _person(said: Mapping[str, int], total: Mapping[str, int]) -> Person:
    mostly_here = {name: words for name, words in said.items() if words >= _GOOD_PART * total[name]}
    if not mostly_here:
        return Person(None, max(said.values()))
    name = max(mostly_here, key=lambda one: (mostly_here[one], one))
    alone = mostly_here[name] >= _NEARLY_ALL * sum(mostly_here.values())
    return Person(name if alone else None, sum(mostly_here.values()))


Labels = list[str | None]
Change = Callable[[Told, random.Random], tuple[Told, Labels]]


def trials_of(told: Told, repeats: int = 3, kinds: Collection[str] | None = None) -> list[Trial]:
    """Of every kind, or of ``kinds``, as often as ``repeats`` where it is drawn by chance."""
    found: list[Trial] = []
    for kind, change in KINDS.items():
        if kinds is not None and kind not in kinds:
            continue
        for number in range(1 if kind in _FIXED else repeats):
            draw = random.Random(f"{kind}/{told.id}/{number}")
            changed, labels = change(told, draw)
            found.append(Trial(kind, changed, _anonymous(changed.segments, labels, draw)))
    return found


def told_from(identity: str, title: str, description: str, segments: Iterable[Segment]) -> Told:
    """With the people of the title."""
    people, segments = tuple(participants_of(title)), tuple(segments)
    names = sorted({one.speaker for one in segments if one.speaker and len(one.speaker) > LONGEST_INITIALS})
    hosts = tuple(name for name in names if not any(same_person(name, one.name) for one in people))
    return Told(identity, people, description, segments, hosts)


def _anonymous(segments: Sequence[Segment], labels: Labels, draw: random.Random) -> tuple[Segment, ...]:
    names = sorted({label for label in labels if label is not None})
    draw.shuffle(names)
    number = {name: f"SPEAKER_{at:02d}" for at, name in enumerate(names)}
    return tuple(
        replace(segment, attribution=Attribution(number[label], Origin.LABELLED, 1.0) if label else UNKNOWN)
        for segment, label in zip(segments, labels, strict=True)
    )


def _labels(told: Told) -> Labels:
    return [segment.speaker for segment in told.segments]


def _clean(told: Told, _draw: random.Random) -> tuple[Told, Labels]:
    return told, _labels(told)


def _noise(share: float, longest: int = 1) -> Change:
    """``share`` of the segments in a random other voice, in runs of up to ``longest``."""

    def change(told: Told, draw: random.Random) -> tuple[Told, Labels]:
        gold, labels = _labels(told), _labels(told)
        voices = sorted({label for label in gold if label})
        wrong: set[int] = set()
        while len(wrong) < int(share * len(gold)):
            first, voice = draw.randrange(len(gold)), draw.choice(voices)
            for at in range(first, min(first + draw.randint(1 if longest == 1 else 2, longest), len(gold))):
                if gold[at] not in (None, voice):
                    labels[at] = voice
                    wrong.add(at)
        return told, labels

    return change


def _split(told: Told, draw: random.Random) -> tuple[Told, Labels]:
    """One of those who say most becomes two voices, by turns."""
    labels = _labels(told)
    victim = draw.choice(_most_words(told)[:3])
    second = False
    for at, label in enumerate(labels):
        if label == victim:
            if at == 0 or _labels(told)[at - 1] != victim:
                second = draw.random() < 0.4
            labels[at] = f"{victim} bis" if second else victim
    return told, labels


def _merged(told: Told, draw: random.Random) -> tuple[Told, Labels]:
    one, other = draw.sample(sorted({label for label in _labels(told) if label}), 2)
    return told, [one if label == other else label for label in _labels(told)]


def _one_silent(told: Told, _draw: random.Random) -> tuple[Told, Labels]:
    silent = Participant("Bérénice Valtour")
    return replace(told, participants=(silent, *told.participants)), _labels(told)


def _one_untold(told: Told, draw: random.Random) -> tuple[Told, Labels]:
    """The title leaves a guest out, and nobody says the name."""
    if not told.participants:
        return told, _labels(told)
    left_out = draw.choice(told.participants)
    kept = tuple(one for one in told.participants if one is not left_out)
    parts = "|".join(part for part in name_parts(left_out.name) if len(part) > 3)
    return replace(told, participants=kept, segments=_without(told.segments, parts)), _labels(told)


def _without(segments: Sequence[Segment], parts: str) -> tuple[Segment, ...]:
    said = re.compile(rf"\b(?:{parts})\w*\b")
    return tuple(
        replace(one, text=" ".join(word for word in one.text.split() if not said.search(fold(word))) or "…")
        for one in segments
    )


def _one_surname(told: Told, _draw: random.Random) -> tuple[Told, Labels]:
    """The second participant gets the first one's surname, in the title, in the gold and in the text."""
    if len(told.participants) < 2:
        return told, _labels(told)
    shared, old = (one.name.split(" ", 1)[1] for one in told.participants[:2])
    first = told.participants[1]
    renamed = replace(first, name=first.name.replace(old, shared))
    segments = tuple(
        replace(
            one,
            text=re.sub(rf"\b{re.escape(old)}\b", shared, one.text, flags=re.IGNORECASE),
            attribution=replace(one.attribution, speaker=renamed.name)
            if one.speaker == first.name
            else one.attribution,
        )
        for one in told.segments
    )
    people = (told.participants[0], renamed, *told.participants[2:])
    return replace(told, participants=people, segments=segments), [one.speaker for one in segments]


def _untitled(told: Told, _draw: random.Random) -> tuple[Told, Labels]:
    return replace(told, participants=(), description=""), _labels(told)


def _plain(told: Told, draw: random.Random) -> tuple[Told, Labels]:
    """As a recogniser without punctuation gives it."""
    plain = tuple(
        replace(one, text=" ".join(re.sub(r"[^\w\s'’-]", " ", one.text.lower()).split()) or "…")
        for one in told.segments
    )
    return _noise(0.1)(replace(told, segments=plain), draw)


def _first_names(told: Told, _draw: random.Random) -> tuple[Told, Labels]:
    """Everybody is called by the first name alone."""
    segments = told.segments
    for person in told.participants:
        given, surname = person.name.split(" ", 1)
        said = re.compile(
            rf"\b(?:(?:{given}|M\.|Mme\.?|[Mm]onsieur|[Mm]adame)\s+)?{re.escape(surname)}\b", re.IGNORECASE
        )
        segments = tuple(replace(one, text=said.sub(given, one.text)) for one in segments)
    return replace(told, segments=segments), _labels(told)


def _part(number: int) -> Change:
    def change(told: Told, draw: random.Random) -> tuple[Told, Labels]:
        """A third of it, with one segment of twenty wrong."""
        size = len(told.segments) // 3
        kept = told.segments[number * size : (number + 1) * size]
        return _noise(0.05)(replace(told, segments=kept), draw)

    return change


def _most_words(told: Told) -> list[str]:
    said: dict[str, int] = {}
    for one in told.segments:
        if one.speaker:
            said[one.speaker] = said.get(one.speaker, 0) + len(one.text.split())
    return sorted(said, key=lambda name: (-said[name], name))


KINDS: dict[str, Change] = {
    "clean": _clean,
    "10 % wrong": _noise(0.1),
    "20 % wrong": _noise(0.2),
    "30 % wrong": _noise(0.3),
    "10 % in runs": _noise(0.1, 6),
    "20 % in runs": _noise(0.2, 6),
    "one split": _split,
    "two merged": _merged,
    "one silent": _one_silent,
    "one untold": _one_untold,
    "one surname": _one_surname,
    "no title": _untitled,
    "plain, 10 %": _plain,
    "first names": _first_names,
    "first third": _part(0),
    "second third": _part(1),
    "last third": _part(2),
}
_FIXED = frozenset({"clean", "one silent", "one surname", "no title", "first names"})
