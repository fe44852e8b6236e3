"""What a file may hold at most, so that none takes all the memory or all the time of the machine.

What the worst files take within the defaults is measured by tests/test_hostile.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import LimitExceeded

if TYPE_CHECKING:
    from index.transcripts.source import Source


@dataclass(frozen=True, slots=True)
class Limits:
    """``parts`` are the lines of a text, the tags of an XML or HTML, the commands of an RTF; ``values`` those of a
    JSON: all take memory when they are parsed. ``line_chars`` are of a line, and of a passage. A day of speech has
    about 30,000 captions or 250,000 words."""

    file_mb: int = 25
    parts: int = 400_000
    values: int = 1_000_000
    line_chars: int = 1_000_000
    segments: int = 100_000

    def check_parts(self, source: "Source") -> None:
        """Before ``source`` is parsed. Raises LimitExceeded."""
        count = source.text.count
        if source.looks_like_json:
            values = count("{") + count("[") + count(",")
            _check(source.name, "QDQ_MAX_VALUES", self.values, values, "values", "valeurs")
        elif source.looks_like_xml or source.looks_like_html:
            _check(source.name, "QDQ_MAX_PARTS", self.parts, count("<"), "tags", "balises")
        elif source.looks_like_rtf:
            commands = count("\\") + count("{")
            _check(source.name, "QDQ_MAX_PARTS", self.parts, commands, "commands", "commandes")
        else:
            _check(source.name, "QDQ_MAX_PARTS", self.parts, count("\n"), "lines", "lignes")
            self._check_longest(source.name, source.lines, "on one line", "sur une ligne")

    def check_passages(self, path: str, texts: Sequence[str]) -> None:
        """Once they are read: a text may stand at many times. Raises LimitExceeded."""
        _check(path, "QDQ_MAX_SEGMENTS", self.segments, len(texts), "passages", "passages")
        self._check_longest(path, texts, "in one passage", "dans un passage")
        whole, limit = sum(map(len, texts)), self.file_mb * 1_000_000
        _check(path, "QDQ_MAX_FILE_MB", limit, whole, "characters in its passages", "caractères dans ses passages")

    def _check_longest(self, path: str, texts: Sequence[str], where: str, where_fr: str) -> None:
        longest = max(map(len, texts), default=0)
        limit = self.line_chars
        _check(path, "QDQ_MAX_LINE_CHARS", limit, longest, f"characters {where}", f"caractères {where_fr}")


def _check(path: str, setting: str, limit: int, count: int, what: str, what_fr: str) -> None:
    if count > limit:
        raise LimitExceeded(path=path, limit=limit, setting=setting, what=what, what_fr=what_fr)


LIMITS = Limits()
