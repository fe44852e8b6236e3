"""Names written into the text of captions and passages: "ADA MARTIN: Oui.", "- Jean : Non.", ">> Ada: Oui."

    split_prefix([Cue(0, 2, "ADA: Oui.\\nJEAN: Non."), Cue(2, 3, "ADA: Bon.")])
    -> ADA "Oui." (0 to 2), JEAN "Non." (0 to 2), ADA "Bon." (2 to 3)

A label counts as a name only where the file uses such labels throughout, so that « Voici : » stays a part of the text.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.transcripts.report import Cue, NoteKind, Reading
from index.transcripts.speaker_name import looks_like_name

_PREFIX = re.compile(
    r"\s*(?:(?:[-–—‒]|>{1,3})\s*)?[*_\[]*(?P<label>[^\W\d_][^:：\n\[\]*]{0,39}?)[*_\]]*\s?[:：](?!//)[*_]*(?:\s+|$)"
    r"(?P<text>.*)"
)
_TURN_SIGN = re.compile(r"\s*(?:[-–—‒]|>>)")
_MOSTLY = 0.5
_LEAST_SHARE = 0.02
_FEWEST_TURNS = 4


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels, in lower case, that a file uses as names."""

    known: frozenset[str] = frozenset()

    def split(self, line: str) -> tuple[str, str] | None:
        """The name before ``line`` and what it says; None when no known name stands there."""
        found = _labelled(line)
        return found if found and found[0].casefold() in self.known else None


def labels_of(texts: Sequence[str]) -> Labels:
    """The labels that ``texts`` (captions, passages, paragraphs) use as names.

    All of them where half of the texts have one and there are several or one comes back. Otherwise those that come
    back, and full names beside them. A single word that the texts also use in small letters as often is no name.
    """
    found = [label for text in texts for line in text.split("\n") if (label := _label(line))]
    counts = Counter(label.casefold() for label in found)
    labels = _without_common_words({label.casefold(): label for label in found}, counts, texts)
    labelled = sum(any((_label(line) or "").casefold() in labels for line in text.split("\n")) for text in texts)
    repeated = {label for label in labels if counts[label] > 1}
    if labelled >= _MOSTLY * len(texts) and (len(labels) > 1 or repeated):
        return Labels(frozenset(labels))
    if not repeated or labelled < _LEAST_SHARE * len(texts):
        return Labels()
    return Labels(frozenset(repeated | {label for label in labels if " " in label}))


def split_prefix(cues: Sequence[Cue]) -> list[Cue]:
    """``cues`` with the names before their lines as speakers; a cue in which several speak becomes several, each with
    its times. Cues with words of their own are left alone."""
    labels = labels_of([cue.text for cue in cues if not cue.words])
    return [part for cue in cues for part in (_parts(cue, labels) if labels.known and not cue.words else [cue])]


def carry_on(cues: Sequence[Cue]) -> list[Cue]:
    """``cues`` with each nameless one given to the last speaker named, where names mark the changes of speaker: the
    first cue has one, and two that follow each other differ. A dash or ">>" without a name is an unknown speaker."""
    if not _marks_changes(cues):
        return list(cues)
    speaker: str | None = None
    carried = []
    for cue in cues:
        speaker = cue.speaker or (None if _TURN_SIGN.match(cue.text) else speaker)
        carried.append(replace(cue, speaker=speaker))
    return carried


def name_speakers(reading: Reading) -> None:
    """Find the speakers of ``reading`` in its text when no cue has one, and note how many were found and carried."""
    if any(cue.speaker for cue in reading.cues):
        return
    named = split_prefix([_whole(cue, reading.more.get(at)) for at, cue in enumerate(reading.cues)])
    found = sum(cue.speaker is not None for cue in named)
    if not found:
        return
    reading.cues, reading.more = carry_on(named), {}
    reading.note(NoteKind.SPEAKERS_IN_TEXT, None, str(found))
    if carried := sum(cue.speaker is not None for cue in reading.cues) - found:
        reading.note(NoteKind.SPEAKERS_CARRIED, None, str(carried))


def _whole(cue: Cue, more: Sequence[str] | None) -> Cue:
    return replace(cue, text="\n".join([cue.text, *more])) if more else cue


def _labelled(line: str) -> tuple[str, str] | None:
    match = _PREFIX.fullmatch(line)
    if match is None or not looks_like_name(match["label"]):
        return None
    return " ".join(match["label"].split()), match["text"].strip()


def _label(line: str) -> str | None:
    found = _labelled(line)
    return found[0] if found else None


def _without_common_words(labels: dict[str, str], counts: Counter[str], texts: Sequence[str]) -> set[str]:
    """``labels`` (lower case -> as written) less the single words that are as often ordinary words of the texts."""
    small = Counter(word for text in texts for word in re.findall(r"[^\W\d_]+", text) if word in labels)
    return {label for label in labels if counts[label] > small[label]}


def _parts(cue: Cue, labels: Labels) -> Iterator[Cue]:
    speaker: str | None = None
    lines: list[str] = []
    for line in cue.text.split("\n"):
        if found := labels.split(line):
            if any(map(str.strip, lines)):
                yield replace(cue, text="\n".join(lines), speaker=speaker)
            speaker, lines = found[0], [found[1]]
        else:
            lines.append(line)
    yield replace(cue, text="\n".join(lines), speaker=speaker)


def _marks_changes(cues: Sequence[Cue]) -> bool:
    names = [cue.speaker.casefold() for cue in cues if cue.speaker]
    changes = sum(one != other for one, other in pairwise(names))
    return (
        len(names) >= _FEWEST_TURNS
        and cues[0].speaker is not None
        and len(set(names)) > 1
        and changes >= 0.95 * (len(names) - 1)
    )
