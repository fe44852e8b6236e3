"""How well voices are told apart in a meeting: python -m eval.attribution.ami FOLDER

FOLDER holds recordings and speakers.rttm, which says who speaks in all of them. There is no transcript: the turns of
the reference stand for its segments, with words that say nothing, so borders of turns are given and overlap as there.
Beside it stands plain clustering: each of those turns embedded whole by the same encoder, then agglomerative clustering
(average cosine), with the number of speakers given and without.

The diarization error rate is that of pyannote.metrics: missed, false and confused time over the time that is spoken.
Clips of a minute, far from the microphone and with very short turns, are the hard part: examples, no estimate.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from eval.attribution.made_script import Spoken
from eval.attribution.tape import RATE, Sound
from index.sound.hear import HearOptions, hear
from index.sound.networks.ears import Ears
from index.sound.reading.recording import blocks, open_recording
from index.sound.types import VoiceTurn
from index.types import Debate, Segment, Vectors

Embed: TypeAlias = Callable[[Sound], Vectors]
"""The voice in a sound of half a second or more, of length 1."""

REFERENCE = "speakers.rttm"
_WORDS_A_SECOND = 3
_SHORTEST = 0.5
"""Seconds of sound that a voice needs: shorter turns are taken with what is around them."""
_SAME = 0.5
"""Cosine from which plain clustering takes two voices for one, where the number of speakers is not given."""


@dataclass(frozen=True, slots=True)
class DerRow:
    """``der`` counts all time, also where two speak at once; ``der_lenient`` neither that nor .25 s on each side of a
    border."""

    recording: str
    system: str
    speakers: int
    voices: int
    der: float
    der_lenient: float


def read_reference(path: Path) -> dict[str, list[Spoken]]:
    """The turns of each recording, by its name. Raises ValueError for a line that is no RTTM."""
    found: dict[str, list[Spoken]] = {}
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("SPEAKER "):
            _type, name, _channel, start, length, _text, _kind, speaker, *_rest = line.split()
            found.setdefault(name, []).append(Spoken(float(start), float(start) + float(length), speaker))
    return {name: sorted(turns, key=lambda one: (one.start, one.end)) for name, turns in found.items()}


def as_debate(name: str, turns: Sequence[Spoken]) -> Debate:
    """A transcript with those turns for segments, without speakers, of words that say nothing."""
    return Debate(
        name,
        name,
        tuple(
            Segment(at, one.start, one.end, " ".join(["mot"] * max(1, round(_WORDS_A_SECOND * (one.end - one.start)))))
            for at, one in enumerate(turns)
        ),
        language="en",
    )


def plain(sound: Sound, turns: Sequence[Spoken], embed: Embed, speakers: int | None) -> list[Spoken]:
    """``turns`` by the clusters that they fall into."""
    from scipy.cluster.hierarchy import fcluster, linkage

    voices = np.stack([embed(_around(sound, one)) for one in turns])
    tree = linkage(voices, method="average", metric="cosine")
    labels = fcluster(tree, speakers or 1 - _SAME, criterion="maxclust" if speakers else "distance")
    return [Spoken(one.start, one.end, f"V{label}") for one, label in zip(turns, labels, strict=True)]


class Der:
    """Errors over several recordings, by both rules."""

    def __init__(self) -> None:
        from pyannote.metrics.diarization import DiarizationErrorRate

        self._metrics = DiarizationErrorRate(), DiarizationErrorRate(collar=0.5, skip_overlap=True)  # of both sides

    def add(self, reference: Sequence[Spoken], found: Sequence[Spoken], duration: float) -> tuple[float, float]:
        """That of one recording of ``duration`` seconds."""
        from pyannote.core import Segment as Stretch
        from pyannote.core import Timeline

        whole = Timeline([Stretch(0, duration)])
        strict, lenient = (
            float(metric(_annotation(reference), _annotation(found), uem=whole)) for metric in self._metrics
        )
        return strict, lenient

    def total(self) -> tuple[float, float]:
        strict, lenient = (float(abs(metric)) for metric in self._metrics)
        return strict, lenient


def spoken_of(turns: Sequence[VoiceTurn]) -> list[Spoken]:
    return [Spoken(one.start, one.end, one.voice) for one in turns]


def _around(sound: Sound, turn: Spoken) -> Sound:
    missing = max(0.0, _SHORTEST - (turn.end - turn.start)) / 2
    start = max(0, round((turn.start - missing) * RATE))
    return sound[start : max(round((turn.end + missing) * RATE), start + round(_SHORTEST * RATE))]


def _annotation(turns: Sequence[Spoken]) -> Any:
    from pyannote.core import Annotation
    from pyannote.core import Segment as Stretch

    found = Annotation()
    for at, one in enumerate(turns):
        found[Stretch(one.start, one.end), at] = one.speaker
    return found


def rows(folder: Path, ears: Ears) -> Iterator[DerRow]:
    """Of each recording by each system, then of all together. Raises a RecordingError or ModelUnprepared."""

    def embed(sound: Sound) -> Vectors:
        return next(ears.voice.embed([sound]))

    ders: dict[str, Der] = {}
    for name, turns in read_reference(folder / REFERENCE).items():
        path = next(one for one in sorted(folder.glob(f"{name}.*")) if one.suffix != ".rttm")
        sound = np.concatenate(list(blocks(open_recording(path))))
        debate, count = as_debate(name, turns), len({one.speaker for one in turns})
        systems: dict[str, Sequence[Spoken]] = {
            "heard": spoken_of(hear(path, debate, ears=ears).turns),
            "heard, number given": spoken_of(hear(path, debate, HearOptions(voices=count), ears=ears).turns),
            "plain": plain(sound, turns, embed, None),
            "plain, number given": plain(sound, turns, embed, count),
        }
        for system, found in systems.items():
            der = ders.setdefault(system, Der()).add(turns, found, len(sound) / RATE)
            yield DerRow(name, system, count, len({one.speaker for one in found}), *der)
    for system, of_all in ders.items():
        yield DerRow("all", system, 0, 0, *of_all.total())


def main(arguments: Sequence[str]) -> None:
    from rag.listening import open_ears
    from rag.settings import load_settings

    ears = open_ears(load_settings())
    print(f"{'recording':10} {'':20} {'speakers':>8} {'voices':>6} {'DER':>6} {'DER, lenient':>12}")
    for row in rows(Path(arguments[0]), ears):
        told = f"{row.speakers or '':>8} {row.voices or '':>6} {row.der:6.3f} {row.der_lenient:12.3f}"
        print(f"{row.recording:10} {row.system:20} {told}")


if __name__ == "__main__":
    main(sys.argv[1:])
