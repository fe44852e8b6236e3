"""Hosts and guests: who is announced as a host, and which voices talk like one.

A host speaks little, asks, says "vous" and people's names, and seldom "je". The weights were fitted by
``python -m eval.attribution.fit``, see ``data/voices.json``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.speakers.cast import listed_names
from index.speakers.host_names import host_name
from index.speakers.voices.mentions import Mention, Word
from index.types import Segment
from index.words.lexical import fold

Array = npt.NDArray[np.float64]

_ANNOUNCED = re.compile(
    r"\b(?:(?:anim|présent|modér|arbitr)ée?s?\s+par|(?:hosted|moderated|chaired|presented)\s+by)\s+:?\s*",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"\?|\best[- ]ce (?:que|qu|qui)\b|\bqu['’ ]est[- ]ce\b|^(?:alors |et |so |and )?(?:pourquoi|comment|quel|combien|"
    r"why|what|how|do you|did you|are you|is it)\b"
)
_OWN = frozenset({"je", "j", "moi", "mon", "ma", "mes", "i", "my", "me"})
_YOUR = frozenset({"vous", "votre", "vos", "you", "your"})
_FRENCH = frozenset({"le", "la", "les", "et", "est", "que", "des", "pas", "une"})
_ENGLISH = frozenset({"the", "and", "is", "that", "of", "it", "to", "was", "we"})
_USUAL_RATES = np.array([1.3, 1.0, 1.5, 3.0])
"""Of questions, names, "je" and "vous" in 100 words, towards which a voice of few words is drawn."""
_PRIOR_WORDS = 150.0


@dataclass(frozen=True, slots=True)
class HostModel:
    """A logistic regression on ``traits``."""

    weights: tuple[float, ...]
    bias: float

    def log_odds(self, traits: Array) -> Array:
        """``(voices,)``: of being a host, in nats."""
        odds: Array = traits @ np.array(self.weights) + self.bias
        return odds


def announced_hosts(description: str) -> list[str]:
    """The names behind « animé par », « hosted by »."""
    text = " ".join(description.split())
    return [name for cue in _ANNOUNCED.finditer(text) for name in listed_names(text[cue.end() :])]


def generic_names(count: int, words: Sequence[Word]) -> list[str]:
    """What ``count`` hosts without a name are called, in the language of the debate."""
    french = sum(word.text in _FRENCH for word in words) >= sum(word.text in _ENGLISH for word in words)
    name = host_name("fr" if french else "en")
    return [name] if count == 1 else [f"{name} {number}" for number in range(1, count + 1)]


def asks(segment: Segment) -> bool:
    """Whether a piece of text has a question, as far as words and marks tell."""
    return bool(_QUESTION.search(fold(segment.text)))


def traits(
    segments: Sequence[Segment], words: Sequence[Word], mentions: Sequence[Mention], voices: Sequence[str]
) -> Array:
    """``(voices, 5)``: logarithms of the share of words (1: all the same) and of four rates, see above."""
    number = {voice: at for at, voice in enumerate(voices)}
    counts = np.zeros((len(voices), 4))
    spoken = np.zeros(len(voices))
    for segment in segments:
        if segment.speaker in number:
            counts[number[segment.speaker], 0] += asks(segment)
    for mention in mentions:
        if words[mention.last].voice in number:
            counts[number[words[mention.last].voice or ""], 1] += 1
    for word in words:
        if word.voice in number:
            spoken[number[word.voice or ""]] += 1
            counts[number[word.voice or ""], 2:] += (word.text in _OWN, word.text in _YOUR)
    drawn = (counts + _USUAL_RATES * _PRIOR_WORDS / 100) / (spoken[:, None] + _PRIOR_WORDS) * 100
    share = np.log((spoken + 1) / (spoken.sum() + 1) * len(voices))
    return np.column_stack([share, np.log(drawn / _USUAL_RATES)])
