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
            self._check(source.name, "values", count("{") + count("[") + count(","), "values", "valeurs")
        elif source.looks_like_xml or source.looks_like_html:
            self._check(source.name, "parts", count("<"), "tags", "balises")
        elif source.looks_like_rtf:
            self._check(source.name, "parts", count("\\") + count("{"), "commands", "commandes")
        else:
            self._check(source.name, "parts", count("\n"), "lines", "lignes")
            longest = max(map(len, source.lines))
            self._check(source.name, "line_chars", longest, "characters on one line", "caractères sur une ligne")

    def check_passages(self, path: str, texts: Sequence[str]) -> None:
        """Once they are read. Raises LimitExceeded."""
        self._check(path, "segments", len(texts), "passages", "passages")
        longest = max(map(len, texts), default=0)
        self._check(path, "line_chars", longest, "characters in one passage", "caractères dans un passage")

    def _check(self, path: str, name: str, count: int, what: str, what_fr: str) -> None:
        limit = getattr(self, name)
        if count > limit:
            setting = f"QDQ_MAX_{name.upper()}"
            raise LimitExceeded(path=path, limit=limit, setting=setting, what=what, what_fr=what_fr)


LIMITS = Limits()
