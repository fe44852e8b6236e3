"""Times of TTML -> seconds.

    00:01:02.5      clock time                 62.5s  1.5h  3m  200ms      offsets
    00:01:02:12     clock time and frames      360f                        frames
                                               1374000000t                 ticks

https://www.w3.org/TR/ttml1/#timing-value-timeExpression. SMPTE time codes are read as clock times, so one without
dropped frames is 3.6 s an hour too early at 29.97 frames per second; wall clock times are not read.
"""

import re
from dataclasses import dataclass

_CLOCK = re.compile(r"(\d{1,3}):(\d\d):(\d\d)(?:([.,]\d{1,9})|[:;](\d{1,3})(?:\.(\d{1,3}))?)?")
_OFFSET = re.compile(r"(\d{1,15}(?:\.\d{1,9})?)(h|m|s|ms|f|t)?")
_RATIO = re.compile(r"(\d{1,9})[\s:/]+([1-9]\d{0,8})")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "": 1.0, "ms": 0.001}
_USUAL_RATE = 30.0
"""Of the standard."""


@dataclass(frozen=True, slots=True)
class Clock:
    """``frames`` and ``ticks`` a second, ``sub_frames`` a frame; ``assumed`` when the file does not say the first."""

    frames: float = _USUAL_RATE
    sub_frames: float = 1.0
    ticks: float = 1.0
    assumed: bool = True

    @classmethod
    def of(cls, attributes: dict[str, str], frames_per_second: float | None = None) -> "Clock":
        """From the attributes of the root, by their local names."""
        given = _positive(attributes.get("frameRate"))
        ratio = _RATIO.fullmatch(attributes.get("frameRateMultiplier", "").strip())
        rate = frames_per_second or (given or _USUAL_RATE) * (int(ratio[1]) / int(ratio[2]) if ratio else 1.0)
        rate = rate or _USUAL_RATE
        sub_frames = _positive(attributes.get("subFrameRate")) or 1.0
        ticks = _positive(attributes.get("tickRate")) or (rate * sub_frames if given else 1.0)
        return cls(rate, sub_frames, ticks, assumed=given is None and frames_per_second is None)

    def seconds(self, text: str) -> float | None:
        """None for what is no time.

        >>> Clock(frames=25).seconds("00:00:01:05"), Clock().seconds("1.5h"), Clock().seconds("soon")
        (1.2, 5400.0, None)
        """
        text = text.strip()
        if offset := _OFFSET.fullmatch(text):
            value, metric = float(offset[1]), offset[2] or ""
            rate = {"f": self.frames, "t": self.ticks}.get(metric)
            return value / rate if rate else value * _SECONDS[metric]
        clock = _CLOCK.fullmatch(text)
        if clock is None or int(clock[2]) > 59 or int(clock[3]) > 59:
            return None
        whole = (int(clock[1]) * 60 + int(clock[2])) * 60 + int(clock[3])
        frames = int(clock[5] or 0) + int(clock[6] or 0) / self.sub_frames
        return float(f"{whole}{(clock[4] or '.0').replace(',', '.')}") + frames / self.frames


def counts_frames(text: str) -> bool:
    """Whether this time needs the rate of frames."""
    return text.strip().endswith("f") or re.fullmatch(r"\s*\d+:\d+:\d+[:;][\d.]+\s*", text) is not None


def _positive(text: str | None) -> float | None:
    match = re.fullmatch(r"\s*(\d{1,12}(?:\.\d{1,9})?)\s*", text or "")
    return float(match[1]) or None if match else None
