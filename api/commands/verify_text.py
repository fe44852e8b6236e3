"""What ``qdq verify`` prints for people."""

from collections.abc import Sequence

from api.commands.terminal import origin_text
from index.errors import Language
from index.times import format_range
from rag.quotes.telling import told
from rag.quotes.types import Difference, Kind, Place, Spoken, Verification

_KINDS: dict[Kind, tuple[str, str]] = {
    Kind.CASE: ("majuscules", "capitals"),
    Kind.ACCENTS: ("accents", "accents"),
    Kind.PUNCTUATION: ("ponctuation", "punctuation"),
    Kind.SPELLING: ("orthographe", "spelling"),
    Kind.NUMBER: ("écriture d'un nombre", "way of writing a number"),
    Kind.FILLER: ("hésitation", "hesitation"),
    Kind.CHANGED: ("changé", "changed"),
    Kind.ADDED: ("ajouté", "added"),
    Kind.LEFT_OUT: ("omis", "left out"),
}


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
    lines += [difference_text(one, language) for one in place.differences]
    return "\n".join(lines)


def difference_text(one: Difference, language: Language) -> str:
    """As it is quoted, then as it is said."""
    french, english = _KINDS[one.kind]
    quoted, said = one.quoted or "∅", one.said or "∅"
    return f"  {french} : {quoted} | {said}" if language == "fr" else f"  {english}: {quoted} | {said}"


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
