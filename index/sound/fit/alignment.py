"""Whether a transcript and a recording belong together, and how their clocks differ.

All that is compared is when somebody speaks: gaps between captions, and pauses where sentences end. That is much for
an hour of captions, and little for some minutes of captions without gaps: then a recording that cannot be told from the
right one is taken for it (``UNSURE``), since most are. A foreign recording is only noticed when it lasts longer or
shorter, when nobody speaks where there is text, or when the long pauses of the text, if it has many, are nowhere in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from index.errors import RecordingOther, RecordingShifted, RecordingShort
from index.sound.fit.clock import Clock, Stretch, clock_of
from index.sound.fit.expected import Activity, expected_speech, long_pauses, said_words
from index.sound.fit.lags import FURTHEST, Match, matched, matched_whole
from index.sound.fit.stretches import NEAR, PROOF, is_near, proven_parts, stretches
from index.times import format_time
from index.types import Segment

RATES = {
    1.0: "",
    25 / 24: "24/25",
    24 / 25: "25/24",
    25 / 23.976: "23.976/25",
    23.976 / 25: "25/23.976",
    24 / 23.976: "23.976/24",
    23.976 / 24: "24/23.976",
}
"""How much longer a recording is that was made of the same film at another number of pictures a second."""


_STEP = 0.2
"""Seconds in which both are compared."""

_BETTER, _TOLD = 2.0, 2.0
"""Standard deviations by which another rate has to stand better than none, and seconds that it has to make."""

_STEADY = 0.05
"""Deviation of whitened speech under which there are no pauses in it."""

_UNLIKE = ("its pauses are nowhere those of the text", "ses silences ne sont nulle part ceux du texte")

_AFTER = 5.0
"""Seconds of text that may lie outside a recording: a last caption stays, a title is shown."""
_SQUEEZED = 0.3
"""Of its length, to which a segment is not heard in a recording that has a part cut out."""

_ALONE = 180.0
_ALONE_SHARE = 0.2
"""Seconds of speech before and after a transcript, and as a part of its length, that tell of another recording."""

_SILENT = 0.25
_QUIET, _LOUD = 0.1, 0.4
"""Part of a transcript's half minutes of text (expected over ``_LOUD``) in which nobody speaks (heard under ``_QUIET``)
that tells of another recording."""

_HARDLY = 0.15
"""Part of the expected speech. Less is heard in music, or in silence."""

_EXPECTED = 0.16
"""How far a right recording follows the long pauses of its text at least, as a slope (see index/sound/fit/lags.py):
made speech with every seventh moment wrong does by .24 to .35."""


_SAME = Clock.identity()


class Verdict(StrEnum):
    """``UNSURE``: nothing speaks against it, and nothing proves it."""

    FITS = "fits"
    UNSURE = "unsure"
    SHIFTED = "shifted"
    SHORT = "short"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Alignment:
    """``clock`` is the best one that was found, the identity unless another is proven; ``proof`` is how well it stands
    in standard deviations, 0 where that is not known. ``why`` tells of another recording in English and French."""

    verdict: Verdict
    clock: Clock = _SAME
    proof: float = 0.0
    why: tuple[str, str] = ("", "")


def aligned(speech: Activity, step: float, segments: Sequence[Segment], duration: float) -> Alignment:
    """Of a recording of ``duration`` seconds, the probability of speech in each ``step`` of it, and the segments of a
    transcript in the order of their times."""
    if not any(said_words(segment.text) for segment in segments):
        return Alignment(Verdict.UNSURE)
    heard = resampled(speech, step, _STEP, duration)
    end = max(segment.end for segment in segments) + 1.0
    told = expected_speech(segments, _STEP, min(end, duration * max(RATES) + 2 * FURTHEST))
    if (why := _silent(told, heard)) is not None:
        return Alignment(Verdict.OTHER, why=why)
    found = _found(told, heard, segments)
    if found.verdict is Verdict.UNSURE and (why := _foreign(told, heard)) is not None:
        found = Alignment(Verdict.OTHER, why=why)
    if _missing(segments, found.clock, duration) > _AFTER:
        return Alignment(Verdict.SHORT, found.clock, found.proof)
    return found


def agreed(alignment: Alignment, segments: Sequence[Segment], duration: float, *, align: bool) -> Clock:
    """The clock to hear a recording by: the identity, or with ``align`` the one that was found. Raises RecordingOther,
    RecordingShort, and without ``align`` RecordingShifted."""
    match alignment.verdict:
        case Verdict.OTHER:
            raise RecordingOther(reason=alignment.why[0], reason_fr=alignment.why[1])
        case Verdict.SHORT:
            told = format_time(max(segment.end for segment in segments))
            missing = format_time(_missing(segments, alignment.clock, duration))
            raise RecordingShort(found=format_time(duration), told=told, missing=missing)
        case Verdict.SHIFTED if not align:
            shift, shift_fr = described(alignment.clock)
            raise RecordingShifted(shift=shift, shift_fr=shift_fr)
    return alignment.clock


def resampled(activity: Activity, step: float, other: float, duration: float) -> Activity:
    """In steps of another length, each the mean of what lies in it."""
    total = np.concatenate([[0.0], np.cumsum(activity, dtype=np.float64)])
    borders = np.arange(max(1, round(duration / other)) + 1) * other / step
    means: Activity = (np.diff(np.interp(borders, np.arange(total.size), total)) * step / other).astype(np.float32)
    return means


def _found(told: Activity, heard: Activity, segments: Sequence[Segment]) -> Alignment:
    rate, match = _best_rate(told, heard)
    parts = proven_parts(match)
    if not parts:
        return Alignment(Verdict.OTHER, why=_UNLIKE) if _unlike(match, segments, heard) else Alignment(Verdict.UNSURE)
    proof = min(part.proof for part in parts)
    if rate == 1 and all(is_near(match, part) for part in parts):
        return Alignment(Verdict.FITS, proof=proof)
    starts = [segment.start * rate for segment in segments]
    clock = clock_of([_unscaled(each, rate) for each in stretches(match, parts, starts)])
    return Alignment(Verdict.SHIFTED, clock, proof)


def _unscaled(stretch: Stretch, rate: float) -> Stretch:
    return Stretch(stretch.start / rate, stretch.offset, stretch.rate * rate)


def _best_rate(told: Activity, heard: Activity) -> tuple[float, Match]:
    """None, unless another stands better by much."""
    told_apart = [rate for rate in RATES if rate == 1 or abs(rate - 1) * told.size * _STEP > _TOLD]
    at_rate = {rate: resampled(told, 1.0, 1.0 / rate, told.size) for rate in told_apart}
    stands = {rate: _best_standing(matched_whole(slow, heard, _STEP)) for rate, slow in at_rate.items()}
    best = max(stands, key=lambda rate: stands[rate])
    if stands[best] < max(PROOF, stands[1.0] + _BETTER):
        best = 1.0
    return best, matched(at_rate[best], heard, _STEP)


def _best_standing(match: Match) -> float:
    """Of the lag that is best for all minutes."""
    return float(match.standing(match.scores.sum(axis=0), 0, len(match.scores)).max())


def _unlike(match: Match, segments: Sequence[Segment], heard: Activity) -> bool:
    """Whether the right recording would have shown itself by the long pauses of the text, which this one does not at
    all. Where none is heard, as over the noise of a hall, nothing would."""
    if float(match.heard.std()) < _STEADY or _best_standing(match) >= PROOF - 1:
        return False
    pauses = matched_whole(long_pauses(segments, _STEP, match.told.size * _STEP), heard, _STEP)
    promised = _EXPECTED * float(np.sqrt(pauses.told @ pauses.told / pauses.heard.var()))
    return promised > PROOF and _best_standing(pauses) < PROOF - 1


def _silent(told: Activity, heard: Activity) -> tuple[str, str] | None:
    """Where there is hardly any speech in all of a recording."""
    if float(heard.sum()) >= _HARDLY * float(told.sum()):
        return None
    return "hardly anybody speaks in it", "presque personne n'y parle"


def _foreign(told: Activity, heard: Activity) -> tuple[str, str] | None:
    """What the amounts of speech and text tell, were they to begin together."""
    after = float(heard[told.size :].sum()) * _STEP
    if after > max(_ALONE, _ALONE_SHARE * told.size * _STEP):
        minutes = round(after / 60)
        return f"{minutes} min are spoken after the end of the text", f"on parle {minutes} min après la fin du texte"
    half = round(30.0 / _STEP)
    size = min(told.size, heard.size) // half * half
    text, sound = (part[:size].reshape(-1, half).mean(axis=1) for part in (told, heard))
    silent = (sound < _QUIET) & (text > _LOUD)
    if silent.sum() <= _SILENT * (text > _LOUD).sum():
        return None
    first = format_time(float(silent.argmax()) * 30)
    return f"nobody speaks at {first}, where there is text", f"personne ne parle à {first}, où il y a du texte"


def _missing(segments: Sequence[Segment], clock: Clock, duration: float) -> float:
    """Seconds of text that the recording does not hold: before its beginning, after its end, or in a part that is one
    moment of it."""
    lost = [segment for segment in segments if not _is_heard(segment, clock, duration)]
    return sum(min(segment.end - segment.start, 0.4 * said_words(segment.text)) for segment in lost)


def _is_heard(segment: Segment, clock: Clock, duration: float) -> bool:
    start, end = clock.to_recording(segment.start), clock.to_recording(segment.end)
    squeezed = end - start < _SQUEEZED * (segment.end - segment.start)
    return start < duration - 0.5 and (end > 0.5 or segment.end <= 0.5) and not squeezed


def described(clock: Clock) -> tuple[str, str]:
    """How a recording differs, in English and French: "from 31:20 on, 183.0 s later"."""
    tellings = [_told(stretch, number) for number, stretch in enumerate(clock.stretches)]
    return "; ".join(english for english, _ in tellings), " ; ".join(french for _, french in tellings)


def _told(stretch: Stretch, number: int) -> tuple[str, str]:
    moment = format_time(stretch.start)
    when, when_fr = (f"from {moment} on, ", f"à partir de {moment}, ") if number else ("", "")
    lag = stretch.at(stretch.start) - stretch.start
    seconds = f"{abs(lag):.1f}"
    if abs(lag) < NEAR and stretch.rate != 1:
        how, how_fr = "from the same moment on", "à partir du même moment"
    elif abs(lag) < NEAR:
        how, how_fr = "as written", "aux temps écrits"
    elif lag > 0:
        how, how_fr = f"{seconds} s later than written", f"{seconds.replace('.', ',')} s plus tard qu'écrit"
    else:
        how, how_fr = f"{seconds} s earlier than written", f"{seconds.replace('.', ',')} s plus tôt qu'écrit"
    return f"{when}heard {how}{_speed(stretch, 0)}", f"{when_fr}entendu {how_fr}{_speed(stretch, 1)}"


def _speed(stretch: Stretch, language: int) -> str:
    if stretch.rate == 1:
        return ""
    percent = f"{abs(stretch.rate - 1) * 100:.2f}"
    nearest = min(RATES, key=lambda rate: abs(rate - stretch.rate))
    name = f" ({RATES[nearest]})" if nearest != 1 and abs(nearest - stretch.rate) < 2e-4 else ""
    slower = stretch.rate > 1
    english = f", {percent} % {'slower' if slower else 'faster'}{name}"
    french = f", {percent.replace('.', ',')} % {'plus lentement' if slower else 'plus vite'}{name}"
    return french if language else english
