"""What ``qdq verify`` prints for people."""

from collections.abc import Sequence

from api.terminal import origin_text
from index.errors import Language
from index.times import format_range
from rag.quotes.telling import told
from rag.quotes.types import Place, Spoken, Verification


def verification_text(found: Verification, language: Language) -> str:
    """The verdict in words, then each place with its words as they are said."""
    blocks = [f"[{found.verdict}] {told(found, language)}", *(_place(place, language) for place in found.places)]
    if (more := found.found - len(found.places)) > 0:
        blocks.append(f"… et {more} autres fois" if language == "fr" else f"… and {more} more times")
    if found.nearest:
        blocks.append("Au plus près :" if language == "fr" else "Nearest:")
        blocks += [_place(place, language) for place in found.nearest]
    return "\n\n".join(blocks)


def _place(place: Place, language: Language) -> str:
    who = _speakers(place.spoken, language)
    lines = [
        f"{format_range(place.start, place.end)}  {who}  {place.debate}  {place.video_url or place.permalink}",
        f"« {place.text} »" if language == "fr" else f"“{place.text}”",
    ]
    if place.left_out:
        lines.insert(0, f"[… {place.left_out} …]")
    lines += [f"  {one.kind}: {one.quoted or '∅'} | {one.said or '∅'}" for one in place.differences]
    return "\n".join(lines)


def _speakers(spoken: Sequence[Spoken], language: Language) -> str:
    """Each with where the name comes from."""
    unknown = "locuteur inconnu" if language == "fr" else "unknown speaker"
    names = (
        f"{part.attribution.speaker} ({origin_text(part.attribution.origin, language)})"
        if part.attribution.speaker
        else unknown
        for part in spoken
    )
    return ", ".join(dict.fromkeys(names))
