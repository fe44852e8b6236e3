"""Who hosts: one rule for labels, roles, and what the text alone suggests."""

import re

from index.lexical import fold
from index.types import Participant

HOST_NAMES = {"fr": "Présentateur", "en": "Host"}
_HOST = re.compile(
    r"\b(?:presentat(?:eur|rice)s?|animat(?:eur|rice)s?|moderat(?:eur|rice|or)s?|journalistes?|journalists?|hosts?|"
    r"intervieweu(?:r|se)s?|interviewers?|presenters?|anchors?)\b"
)


def host_name(language: str) -> str:
    """What a host without a real name is called."""
    return HOST_NAMES.get(language, HOST_NAMES["en"])


def is_host_label(label: str) -> bool:
    """Whether a label names the function and no person: "Présentatrice", "Présentateur 2", "Host", "HOST_1"."""
    return bool(re.fullmatch(rf"{_HOST.pattern}(?: ?\d+)?", fold(label).replace("_", " ").strip()))


def is_host(participant: Participant) -> bool:
    """By the name, or by the role: "journaliste", "animatrice de C à vous"."""
    return is_host_label(participant.name) or bool(_HOST.match(fold(participant.role)))


def as_judged(label: str, hosts: frozenset[str], language: str = "fr") -> str:
    """The name under which a gold label is compared: every host is one, since the text alone cannot tell two apart.

    ``hosts`` are the real names of those who host.
    """
    return host_name(language) if is_host_label(label) or label in hosts else label
