"""Captions that roll up the screen: each shows again the line before it, so each line of the speech stands there two
or three times. Every new line is taken once.

    00:00:00.160 --> 00:00:02.389          00:00:02.389 --> 00:00:02.399          00:00:02.399 --> 00:00:05.000
                                           bonjour à tous                         bonjour à tous
    bonjour<00:00:00.400><c> à tous</c>                                           et<00:00:02.560><c> bienvenue</c>

So YouTube writes what it recognised; a line that carries times is new there, even when it says the same. The same
after a conversion to SubRip, and captions of live television, have no times inside.
"""

from collections.abc import Sequence

from index.transcripts.subtitles.markup import is_stamped, untagged

_LEAST_SHARE = 1 / 3
_MOST_LINES = 4
"""On a screen."""


def rolls(cues: Sequence[Sequence[str]]) -> bool:
    """Whether the lines of these cues, as they stand in the file, roll up the screen."""
    stamped = any(is_stamped(line) for lines in cues for line in lines)
    again, before = 0, [""]
    for lines in cues:
        seen = [untagged(line) for line in lines]
        again += repeated(before, lines) > 0 and (stamped or len(lines) > 1)
        before = seen
    return again >= (1 if stamped else max(3, len(cues) * _LEAST_SHARE))


def repeated(before: Sequence[str], lines: Sequence[str]) -> int:
    """How many of ``lines``, from the top, are those that stood at the bottom ``before`` (as seen)."""
    seen = ["" if is_stamped(line) else untagged(line) for line in lines[:_MOST_LINES]]
    for count in range(min(len(before), len(seen)), 0, -1):
        if all(seen[:count]) and list(before[-count:]) == seen[:count]:
            return count
    return 0
