"""Rich Text Format (Microsoft's specification 1.9.1), read like a text of any layout once
striprtf has taken the markup off.

Line numbers are those of paragraphs. Cells of tables are parted by bars. Links keep their text and lose their address.
"""

import re

from index.transcripts.documents.text_inside import Inside, split_lines
from index.transcripts.report import Unreadable
from index.transcripts.source import Source

MOST_MB = 5
"""Without its pictures: striprtf reads about two million characters a second."""

_MAC = re.compile(r"\{\\rtf\d?\s*\\mac\b")
_PICTURE = re.compile(r"\{(?:\\\*)?\\(?:pict|object|objdata)\b[^{}]*\}")
_BRACE = re.compile(r"(?<!\\)\{")
_FONTS = re.compile(r"\{[^{}]*\\fonttbl")
_LONGEST_FONTS = 200_000


def looks_like(source: Source) -> bool:
    """By its first control word."""
    return source.looks_like_rtf


def unwrap(source: Source) -> Inside:
    """Raises Unreadable for control words that make no sense, and for what would take too long."""
    markup = _PICTURE.sub("", source.text)
    if len(markup) > MOST_MB * 1_000_000:
        raise Unreadable(
            f"an RTF of over {MOST_MB} MB without its pictures", 1, f"un RTF de plus de {MOST_MB} Mo sans ses images"
        )
    if _length_of_fonts(markup) > _LONGEST_FONTS:
        raise Unreadable("the table of fonts is not closed", 1, "la table des polices n'est pas fermée")
    from striprtf.striprtf import rtf_to_text

    encoding = "mac_roman" if _MAC.match(markup[:200].lstrip("\ufeff \t\n")) else "cp1252"
    try:
        # a line for each group: a pattern for links in striprtf looks again from every group to the end of its line
        text: str = rtf_to_text(_BRACE.sub("\n{", markup), encoding=encoding, errors="replace")
    except (ValueError, TypeError, LookupError, OverflowError) as error:
        raise Unreadable(f"{type(error).__name__}: {error}", 1) from error
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")  # emoji come as two halves
    return Inside(split_lines(enumerate(whole.split("\n"), start=1)))


def _length_of_fonts(markup: str) -> int:
    """Of the group that striprtf searches in quadratic time."""
    begin = _FONTS.search(markup)
    if begin is None:
        return 0
    depth = 1
    for brace in re.finditer(r"[{}]", markup[begin.end() :]):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return brace.end()
    return len(markup) - begin.start()
