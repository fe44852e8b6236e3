"""How long each person speaks, and how many words they say."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.types import Attribution, Origin, Segment


@dataclass(frozen=True, slots=True)
class Spoken:
    """``share`` of all that is said, by time, in [0, 1]; ``speaker`` is None for what nobody is known to say."""

    speaker: str | None
    seconds: float
    words: int
    share: float


def speaking(segments: Sequence[Segment]) -> list[Spoken]:
    """Whoever speaks longest first, and what is unknown last. Where two speak at once both count."""
    times: dict[str | None, float] = {}
    words: dict[str | None, int] = {}
    for segment in segments:
        name = told(segment.attribution)
        times[name] = times.get(name, 0.0) + segment.end - segment.start
        words[name] = words.get(name, 0) + segment.text.count(" ") + 1
    total = sum(times.values()) or 1.0
    order = sorted(times, key=lambda name: (name is None, -times[name], name or ""))
    return [Spoken(name, times[name], words[name], times[name] / total) for name in order]


def told(attribution: Attribution) -> str | None:
    """Who speaks; nobody where only the bare text suggests it, of a few segments."""
    return None if attribution.origin is Origin.SUGGESTED else attribution.speaker
