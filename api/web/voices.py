"""A colour for each person of a debate, the same on every page, and in words how sure it is who speaks."""

from collections.abc import Collection, Mapping

from api.web.texts import Say
from index.types import Attribution, Origin
from rag.asked import Catalogue

COLOURS = 8
"""Of the style sheet: ``voice-1`` to ``voice-8``; ``voice-0`` is for whom nobody knows."""

_SURE, _LIKELY = 0.95, 0.8


def colours(catalogue: Catalogue, wanted: Collection[str] | None = None) -> dict[str, Mapping[str, int]]:
    """By debate, of those that are ``wanted`` or of all, and by name: those announced first, then whoever else speaks,
    in the order of their names."""
    speaking: dict[str, list[str]] = {}
    for name, debates in catalogue.speakers.items():
        for debate in debates if wanted is None else debates.intersection(wanted):
            speaking.setdefault(debate, []).append(name)
    return {
        debate.id: numbered([*(person.name for person in debate.participants), *sorted(speaking.get(debate.id, []))])
        for debate in catalogue.debates
        if wanted is None or debate.id in wanted
    }


def numbered(names: list[str]) -> dict[str, int]:
    """Each name once, in its order; the colours begin again after the last."""
    return {name: at % COLOURS + 1 for at, name in enumerate(dict.fromkeys(names))}


def doubt(attribution: Attribution) -> str:
    """The key of ``certainty`` for a name that is not to be told without it, else empty.

    >>> doubt(Attribution("Ada", Origin.SUGGESTED, 0.5))
    'speaker.suggested_unsure'
    >>> doubt(Attribution("Ada", Origin.LABELLED, 1.0)), doubt(Attribution())
    ('', '')
    """
    return "" if attribution.speaker is None or attribution.origin.settled else certainty(attribution)


def named(attribution: Attribution, say: Say) -> str:
    """The name with its doubt, in words: « Ada Martin (deviné d'après le texte, probable) »."""
    name, key = attribution.speaker or say("speaker.nobody"), doubt(attribution)
    return f"{name} ({say(key)})" if key else name


def certainty(attribution: Attribution) -> str:
    """The key of the sentence that says where a name comes from and how sure it is.

    >>> certainty(Attribution("Ada", Origin.VOICE, 0.9))
    'speaker.voice_likely'
    >>> certainty(Attribution("Ada", Origin.CORRECTED, 1.0))
    'speaker.corrected'
    """
    origin = attribution.origin
    if origin.settled or origin is Origin.UNKNOWN:
        return f"speaker.{origin}"
    confidence = attribution.confidence
    degree = "sure" if confidence >= _SURE else "likely" if confidence >= _LIKELY else "unsure"
    return f"speaker.{origin}_{degree}"
