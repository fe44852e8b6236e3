"""What a verification says, in a sentence or two, French or English."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.errors import Language, listed
from index.times import format_time
from rag.quotes.types import Difference, Kind, Place, Verdict, Verification

_SHOWN = 4
"""Differences told; the others are marked only."""


@dataclass(frozen=True, slots=True)
class _Words:
    """Of one language: a heading for each verdict, and the sentences after it."""

    headings: Mapping[Verdict, str]
    altered: str
    nobody_named: str
    nobody: str
    unknown: str
    pieces: str
    not_theirs: str
    unchecked: str
    differences: Mapping[Kind, str]


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
_FRENCH = _Words(
    headings={
        Verdict.EXACT: "Mot pour mot",
        Verdict.NEAR: "Presque mot pour mot",
        Verdict.OTHER_SPEAKER: "Quelqu'un d'autre",
        Verdict.STITCHED: "Assemblée",
        Verdict.NOT_FOUND: "Introuvable",
    },
    altered="Altérée",
    nobody_named=", mais la transcription ne dit pas qui parle",
    nobody="Personne ne dit cela dans ces débats.",
    unknown="locuteur inconnu",
    pieces="{n} morceaux dits séparément ({names}).",
    not_theirs="Ces mots ne sont pas, ou pas tous, de {name}, mais de {where}.",
    unchecked=" Rien ne permet de vérifier que c'est {name}.",
    differences=_DIFFERENCES_FR,
)
_ENGLISH = _Words(
    headings={
        Verdict.EXACT: "Word for word",
        Verdict.NEAR: "Almost word for word",
        Verdict.OTHER_SPEAKER: "Somebody else",
        Verdict.STITCHED: "Stitched together",
        Verdict.NOT_FOUND: "Not found",
    },
    altered="Altered",
    nobody_named=", but the transcript does not say who speaks",
    nobody="Nobody says this in these debates.",
    unknown="speaker unknown",
    pieces="{n} pieces that were said apart ({names}).",
    not_theirs="These words are not, or not all, {name}'s, but those of {where}.",
    unchecked=" Whether this is {name} cannot be verified.",
    differences=_DIFFERENCES_EN,
)


def told(found: Verification, language: Language) -> str:
    """The verdict in words, with who says it where, and what the transcript says instead."""
    return ". ".join(parted(found, language))


def parted(found: Verification, language: Language) -> tuple[str, str]:
    """The same in two: a heading without its full stop, and the sentences after it."""
    words = _words(language)
    altered = found.verdict is Verdict.NOT_FOUND and found.altered
    heading = words.altered if altered else words.headings[found.verdict]
    return heading + (words.nobody_named if unnamed(found) else ""), _rest(found, words)


def unnamed(found: Verification) -> bool:
    """Whether the words are there, and nothing says that they are those of whom was asked about."""
    return found.speaker_checked is False and found.verdict in (Verdict.EXACT, Verdict.NEAR)


def _words(language: Language) -> _Words:
    return _FRENCH if language == "fr" else _ENGLISH


def _rest(found: Verification, words: _Words) -> str:
    if found.verdict is Verdict.NOT_FOUND:
        return _differing(found.nearest[0], words) if found.altered else words.nobody
    if found.verdict is Verdict.STITCHED:
        return words.pieces.format(n=len(found.places), names=_names(found.places, words))
    best, name = found.places[0], found.speaker
    if found.verdict is Verdict.OTHER_SPEAKER:
        return words.not_theirs.format(name=name, where=_where(best, words))
    return _differing(best, words) + (words.unchecked.format(name=name) if unnamed(found) else "")


def _differing(place: Place, words: _Words) -> str:
    """Who says it where, and what differs, if anything does."""
    where = _where(place, words)
    if place.speakers[0] is None:
        where = where[0].upper() + where[1:]
    return ", ".join(filter(None, [where, _told(place.differences, words.differences)])) + "."


def _where(place: Place, words: _Words) -> str:
    return f"{_names([place], words)}, {place.debate}, {format_time(place.start)}"


def _names(places: Iterable[Place], words: _Words) -> str:
    names = dict.fromkeys(name for place in places for name in place.speakers)
    return listed([name or words.unknown for name in names])


def _told(differences: Sequence[Difference], sentences: Mapping[Kind, str]) -> str:
    """What alters first; each sentence once."""
    ordered = sorted(differences, key=lambda one: not one.kind.alters)
    parts = dict.fromkeys(sentences[one.kind].format(quoted=one.quoted, said=one.said) for one in ordered)
    return ", ".join([*list(parts)[:_SHOWN], *(["…"] if len(parts) > _SHOWN else [])])
