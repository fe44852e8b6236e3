"""What the command line prints of whole debates."""

from collections.abc import Sequence

from index.errors import Language
from index.times import format_range
from rag.chapters import Chapter

_HEARD = 0.01


def chapters_text(chapters: Sequence[Chapter], language: Language) -> str:
    """A line each: times, title, who speaks and how much of it."""
    unknown = "locuteur inconnu" if language == "fr" else "unknown speaker"
    percent = " %" if language == "fr" else "%"
    lines = []
    for one in chapters:
        heard = [share for share in one.speakers if share.share >= _HEARD]
        who = ", ".join(f"{share.speaker or unknown} {share.share:.0%}".replace("%", percent) for share in heard)
        lines.append(f"{format_range(one.start, one.end)}  {one.title}  ({who})")
    return "\n".join(lines)
