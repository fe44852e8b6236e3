"""What a person may say of a file whose format leaves it open."""

from dataclasses import dataclass, field

PACES = (30, 600)
"""Words a minute."""
FRAME_RATES = (1.0, 240.0)
"""Frames a second."""
MOST_VOICES = 50
"""That are told apart in a recording when a person says how many."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """``words_per_minute`` gives estimated times to a text without any; ``frames_per_second`` is for formats that count
    frames; ``columns`` names those of a table ("start", "end", "text", "speaker" -> header or number from 1);
    ``strict`` refuses a file in which something would be mended or dropped.
    """

    words_per_minute: int | None = None
    frames_per_second: float | None = None
    columns: dict[str, str] = field(default_factory=dict)
    strict: bool = False


AS_IT_IS = ReadOptions()
