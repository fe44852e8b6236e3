"""What a host is called who has no name: one rule for labels and for roles, and the name that is given."""

import re

from index.speakers.names import name_parts
from index.types import Participant
from index.words.lexical import fold

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
    bare = " ".join(part for part in name_parts(label) if not part.isdigit())
    return _HOST.fullmatch(bare) is not None


def is_host(participant: Participant) -> bool:
    """By the name, or by the role: "journaliste", "animatrice de C à vous"."""
    return is_host_label(participant.name) or bool(_HOST.match(fold(participant.role)))
