"""What a verification says, in a sentence or two, French or English."""

from collections.abc import Iterable, Sequence

from index.errors import Language, listed
from index.times import format_time
from rag.quotes.types import Difference, Kind, Place, Verdict, Verification

_SHOWN = 4
"""Differences told; the others are marked only."""


def told(found: Verification, language: Language) -> str:
    """The verdict in words, with who says it where, and what the transcript says instead."""
    tell = _french if language == "fr" else _english
    return tell(found)


def _french(found: Verification) -> str:
    if found.verdict is Verdict.NOT_FOUND:
        if not found.altered:
            return "Introuvable : personne ne dit cela dans ces débats."
        return f"Altérée : {_where_fr(found.nearest[0])}, {_told(found.nearest[0].differences, _DIFFERENCES_FR)}."
    if found.verdict is Verdict.STITCHED:
        among = _names(found.places, "locuteur inconnu")
        return f"Assemblée de {len(found.places)} morceaux dits séparément ({among})."
    best, name = found.places[0], found.speaker
    if found.verdict is Verdict.OTHER_SPEAKER:
        return f"Ces mots ne sont pas, ou pas tous, de {name} : {_where_fr(best)}."
    if found.verdict is Verdict.EXACT:
        sentence = f"Mot pour mot : {_where_fr(best)}."
    else:
        sentence = f"À peu près : {_where_fr(best)}, {_told(best.differences, _DIFFERENCES_FR)}."
    if found.speaker_checked is False:
        sentence += f" La transcription ne dit pas qui parle là : {name} n'est pas vérifié."
    return sentence


def _english(found: Verification) -> str:
    if found.verdict is Verdict.NOT_FOUND:
        if not found.altered:
            return "Not found: nobody says this in these debates."
        return f"Altered: {_where_en(found.nearest[0])}, {_told(found.nearest[0].differences, _DIFFERENCES_EN)}."
    if found.verdict is Verdict.STITCHED:
        among = _names(found.places, "speaker unknown")
        return f"Put together from {len(found.places)} pieces that were said apart ({among})."
    best, name = found.places[0], found.speaker
    if found.verdict is Verdict.OTHER_SPEAKER:
        return f"These words are not, or not all, {name}'s: {_where_en(best)}."
    if found.verdict is Verdict.EXACT:
        sentence = f"Word for word: {_where_en(best)}."
    else:
        sentence = f"Nearly: {_where_en(best)}, {_told(best.differences, _DIFFERENCES_EN)}."
    if found.speaker_checked is False:
        sentence += f" The transcript does not say who speaks there: {name} is not verified."
    return sentence


def _where_fr(place: Place) -> str:
    return f"{_names([place], 'locuteur inconnu')}, {place.debate}, {format_time(place.start)}"


def _where_en(place: Place) -> str:
    return f"{_names([place], 'speaker unknown')}, {place.debate}, {format_time(place.start)}"


def _names(places: Iterable[Place], unknown: str) -> str:
    return listed([name or unknown for name in dict.fromkeys(name for place in places for name in place.speakers)])


_DIFFERENCES_FR = {
    Kind.CHANGED: "la transcription dit « {said} » où la citation dit « {quoted} »",
    Kind.ADDED: "la transcription ne dit pas « {quoted} »",
    Kind.LEFT_OUT: "la citation omet « {said} »",
    Kind.SPELLING: "« {said} » est écrit « {quoted} »",
    Kind.NUMBER: "« {said} » est écrit « {quoted} »",
    Kind.FILLER: "à quelques mots vides près",
    Kind.CASE: "aux majuscules près",
    Kind.ACCENTS: "aux accents près",
    Kind.PUNCTUATION: "à la ponctuation près",
}
_DIFFERENCES_EN = {
    Kind.CHANGED: "the transcript says “{said}” where the quote says “{quoted}”",
    Kind.ADDED: "the transcript does not say “{quoted}”",
    Kind.LEFT_OUT: "the quote leaves out “{said}”",
    Kind.SPELLING: "“{said}” is written “{quoted}”",
    Kind.NUMBER: "“{said}” is written “{quoted}”",
    Kind.FILLER: "but for a few empty words",
    Kind.CASE: "but for capitals",
    Kind.ACCENTS: "but for accents",
    Kind.PUNCTUATION: "but for punctuation",
}


def _told(differences: Sequence[Difference], sentences: dict[Kind, str]) -> str:
    """What alters first; each sentence once."""
    ordered = sorted(differences, key=lambda one: not one.kind.alters)
    parts = dict.fromkeys(sentences[one.kind].format(quoted=one.quoted, said=one.said) for one in ordered)
    return ", ".join([*list(parts)[:_SHOWN], *(["…"] if len(parts) > _SHOWN else [])])
