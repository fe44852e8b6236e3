"""What a file may hold at most, so that none takes all the memory or all the time of the machine.

What the worst files take within the defaults is measured by tests/test_hostile.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import LimitExceeded

if TYPE_CHECKING:
    from index.transcripts.source import Source


@dataclass(frozen=True, slots=True)
class Limits:
    """``lines`` and ``line_chars`` are of a text; ``values`` those of a JSON, the tags of an XML or HTML or the
    commands of an RTF, all of which take memory when they are parsed. A day of speech has about 30,000 captions or
    250,000 words."""

    file_mb: int = 32
    lines: int = 600_000
    line_chars: int = 1_000_000
    values: int = 2_000_000
    segments: int = 100_000

    def check_parts(self, source: "Source") -> None:
        """Before ``source`` is parsed. Raises LimitExceeded."""
        for limit, count, setting, what, what_fr in self._counted(source):
            if count > limit:
                raise LimitExceeded(path=source.name, limit=limit, setting=setting, what=what, what_fr=what_fr)

    def check_segments(self, path: str, count: int) -> None:
        """Raises LimitExceeded."""
        if count > self.segments:
            what, what_fr = "passages", "passages"
            raise LimitExceeded(path=path, limit=self.segments, setting="QDQ_MAX_SEGMENTS", what=what, what_fr=what_fr)

    def _counted(self, source: "Source") -> Iterator[tuple[int, int, str, str, str]]:
        """Limit, count, setting, and what was counted in two languages."""
        count = source.text.count
        if source.looks_like_json:
            yield self.values, count("{") + count("[") + count(","), "QDQ_MAX_VALUES", "values", "valeurs"
        elif source.looks_like_xml or source.looks_like_html:
            yield self.values, count("<"), "QDQ_MAX_VALUES", "tags", "balises"
        elif source.looks_like_rtf:
            yield self.values, count("\\") + count("{"), "QDQ_MAX_VALUES", "commands", "commandes"
        else:
            yield self.lines, count("\n"), "QDQ_MAX_LINES", "lines", "lignes"
            longest = max(map(len, source.lines))
            yield (
                self.line_chars,
                longest,
                "QDQ_MAX_LINE_CHARS",
                "characters on one line",
                "caractères sur une ligne",
            )


LIMITS = Limits()
