"""How well the product tells who speaks, as a user brings a recording: with labels, with voices that have no names,
with the text alone, and after five answers of a person whom it asks.

A host without a name of their own is right under any name for a host: no text says « Présentatrice ».
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from eval.measures.speakers import SpeakerMeasures, measure_speakers
from index.speakers.attribution import attributed
from index.speakers.corrections import Correction, CorrectionKind
from index.speakers.host_names import is_host_label
from index.types import UNKNOWN, Attribution, Debate, Origin, Segment
from index.writing.labelling import uncertain

_ANSWERS = 5
_HOST = "host"


@dataclass(frozen=True, slots=True)
class ModeRow:
    """One recording in one mode."""

    debate: str
    mode: str
    measures: SpeakerMeasures


def mode_rows(debates: Sequence[Debate]) -> Iterator[ModeRow]:
    """A row a mode for each of ``debates`` whose speakers are known; they are the gold."""
    for debate in debates:
        for mode, told in MODES.items():
            measures = measure_speakers(_judged(debate.segments), _judged(told(debate)))
            if measures is not None:
                yield ModeRow(debate.id, mode, measures)


def _labelled(gold: Debate) -> tuple[Segment, ...]:
    return attributed(gold, [], {}).debate.segments


def _voices(gold: Debate) -> tuple[Segment, ...]:
    """Each label becomes SPEAKER_nn, as a diarization gives it."""
    labels = dict.fromkeys(segment.speaker for segment in gold.segments if segment.speaker)
    voices = {label: f"SPEAKER_{number:02}" for number, label in enumerate(labels)}
    return attributed(_heard(gold, lambda speaker: voices.get(speaker or "")), [], {}).debate.segments


def _text_alone(gold: Debate) -> tuple[Segment, ...]:
    return attributed(_heard(gold, lambda _speaker: None), [], {}).debate.segments


def _five_answers(gold: Debate) -> tuple[Segment, ...]:
    """What is shown then, guesses too, since a person sees them."""
    bare = _heard(gold, lambda _speaker: None)
    corrections: list[Correction] = []
    for _answer in range(_ANSWERS):
        asked = uncertain(attributed(bare, corrections, {}))
        if not asked:
            break
        corrections += _answered(gold.segments[asked[0].first : asked[0].last + 1])
    known = attributed(bare, corrections, {})
    return tuple(
        segment if segment.speaker else replace(segment, attribution=guess.attribution)
        for segment, guess in zip(known.debate.segments, known.guesses, strict=True)
    )


MODES: dict[str, Callable[[Debate], tuple[Segment, ...]]] = {
    "labelled": _labelled,
    "voices": _voices,
    "text alone": _text_alone,
    "five answers": _five_answers,
}


def _heard(gold: Debate, voice_of: Callable[[str | None], str | None]) -> Debate:
    """``gold`` as a file with these labels would give it, announced as it was."""

    def heard(segment: Segment) -> Segment:
        voice = voice_of(segment.speaker)
        attribution = Attribution(voice, Origin.LABELLED, 1.0) if voice else UNKNOWN
        return replace(segment, attribution=attribution, voice=voice)

    return replace(gold, segments=tuple(map(heard, gold.segments)))


def _answered(turn: Sequence[Segment]) -> list[Correction]:
    """The person names whoever says most of the turn that is shown, and leaves out what others say in it."""
    words: dict[str | None, int] = {}
    for segment in turn:
        words[segment.speaker] = words.get(segment.speaker, 0) + len(segment.text.split())
    most = max(words, key=lambda speaker: words[speaker])
    return [
        Correction(CorrectionKind.SPEAKER, segment.start, segment.end, segment.text, most)
        for segment in turn
        if segment.speaker == most
    ]


def _judged(segments: Sequence[Segment]) -> list[Segment]:
    return [
        replace(segment, attribution=replace(segment.attribution, speaker=_HOST))
        if segment.speaker and is_host_label(segment.speaker)
        else segment
        for segment in segments
    ]
