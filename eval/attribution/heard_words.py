"""What hearing a made recording is worth, word by word: names, voices, and how sure they are said to be."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter

import numpy as np

from eval.attribution.made_sound import Made
from eval.attribution.trials import told_from
from eval.attribution.voices import JudgedVoice, verdict
from index.types import Attribution, Debate, Origin, Segment

_LEVELS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98)


@dataclass(frozen=True, slots=True)
class Sure:
    """Of the ``words`` whose names are ``least`` sure or more, up to the next level, ``right`` are; ``expected`` is how
    many would be by the confidence that is told."""

    least: float
    words: int
    expected: float
    right: int


def judged_words(made: Made, gold: Debate, found: Sequence[Segment]) -> list[JudgedVoice]:
    """Words of one speaker under one name with one confidence, together. Raises ValueError where ``found`` has other
    words than were given away."""
    hosts = told_from(gold.id, gold.title, gold.description, gold.segments).hosts
    given = [segment.attribution for segment in found for _word in segment.text.split()]
    pairs = Counter(zip(made.words, given, strict=True))
    return [
        JudgedVoice(words, verdict(speaker, name.speaker, hosts), name.confidence)
        for (speaker, name), words in pairs.items()
        if speaker is not None
    ]


def surenesses(judged: Sequence[JudgedVoice]) -> tuple[Sure, ...]:
    """How often names are right by how sure they are said to be; without those that are neither right nor wrong."""
    named = [one for one in judged if one.verdict in ("right", "wrong")]
    bounds = [*_LEVELS, float("inf")]
    return tuple(
        _sure(least, [one for one in named if least <= one.confidence < most]) for least, most in pairwise(bounds)
    )


def _sure(least: float, judged: Sequence[JudgedVoice]) -> Sure:
    words = sum(one.words for one in judged)
    right = sum(one.words for one in judged if one.verdict == "right")
    return Sure(least, words, sum(one.words * one.confidence for one in judged), right)


def perfectly_heard(made: Made) -> tuple[Segment, ...]:
    """The segments of ``made``, each in the voice of its speaker, cut where another one begins."""
    numbers = {speaker: f"SPEAKER_{at:02d}" for at, speaker in enumerate(dict.fromkeys(made.words))}
    found: list[Segment] = []
    speakers = iter(made.words)
    for segment in made.debate.segments:
        words = [(word, next(speakers)) for word in segment.text.split()]
        at, seconds = segment.start, (segment.end - segment.start) / max(len(words), 1)
        for speaker, group in groupby(words, key=itemgetter(1)):
            text = [word for word, _speaker in group]
            end, voice = at + seconds * len(text), numbers[speaker]
            heard = Attribution(voice, Origin.VOICE, 1.0)
            found.append(Segment(len(found), at, end, " ".join(text), heard, voice=voice))
            at = end
    return tuple(found)


def in_voice(made: Made, found: Sequence[Segment]) -> float:
    """Share of the words that are in their speaker's voice, by the assignment of voices to speakers that is best."""
    from scipy.optimize import linear_sum_assignment

    voices = [segment.voice for segment in found for _word in segment.text.split()]
    pairs = Counter((speaker, voice) for speaker, voice in zip(made.words, voices, strict=True) if speaker)
    rows = {speaker: at for at, speaker in enumerate(dict.fromkeys(speaker for speaker, _voice in pairs))}
    columns = {voice: at for at, voice in enumerate(dict.fromkeys(voice for _speaker, voice in pairs if voice))}
    words = np.zeros((len(rows), len(columns)))
    for (speaker, voice), count in pairs.items():
        if voice:
            words[rows[speaker], columns[voice]] = count
    best = linear_sum_assignment(words, maximize=True)
    return float(words[best].sum() / max(sum(pairs.values()), 1))


def together(levels: Sequence[Sure]) -> Sure:
    """Of several recordings, at one level."""
    words, right = sum(one.words for one in levels), sum(one.right for one in levels)
    return Sure(levels[0].least, words, sum(one.expected for one in levels), right)
