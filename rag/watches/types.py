"""What is watched for, and what was found. Read this first."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from index.errors import Language
from index.types import Origin

DEFAULT_THRESHOLD = 0.5
"""More likely said than not: nobody has asked, so a notice has to be right more often than the answer to a question,
which is shown from ``QDQ_ABSTAIN_BELOW`` on to somebody who reads the quotes."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Tells when a debate that is added holds words of ``speaker``, of whom a part of the name or a misspelling will
    do, on ``topic``; at least one of them is given. ``threshold``: the least confidence, in (0, 1].

    ``webhook`` is told, signed with ``secret``, while ``active``; ``error`` is why it was last not. ``since`` and
    ``looked`` count the changes of the index: debates that were added after the one are looked at, up to the other they
    have been."""

    id: str
    created: datetime
    speaker: str | None
    topic: str | None
    threshold: float
    webhook: str | None = field(repr=False)
    secret: str = field(repr=False)
    language: Language
    active: bool = True
    error: str | None = None
    since: int = 0
    looked: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a debate that a watch is for: ``quote`` is an exact substring of its text, ``start`` and ``end`` are
    seconds, ``confidence`` is in [0, 1]. ``spoken``: for how many seconds the person speaks in all, where no topic is
    watched; the quote is then how they begin."""

    speaker: str | None
    attribution: Origin
    attribution_confidence: float
    start: float
    end: float
    quote: str
    confidence: float
    permalink: str
    recording: str | None
    spoken: float | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A passage that a watch told, once: ``number`` is never used again."""

    number: int
    watch: str
    debate: str
    title: str
    found: datetime
    passage: Passage


class State(StrEnum):
    """Of a delivery. ``cancelled``: the receiver said that it is gone (410)."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a webhook is told of one debate, as it is claimed to be sent: ``attempts`` were made before. ``id`` is the
    same on every attempt, so that a receiver knows what it has."""

    id: str
    watch: Watch
    findings: tuple[Finding, ...]
    attempts: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of sending: the ``status`` that the receiver answered, or else why there is none (``error``, without
    anything of what was sent). ``retry_after``: the seconds that it asked for."""

    status: int | None = None
    error: str | None = None
    retry_after: float | None = None

    @property
    def delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        return self.status == 410

    @property
    def reason(self) -> str | None:
        """Why it was not delivered, in a few words; None where it was."""
        return None if self.delivered else self.error or f"HTTP {self.status}"


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivery with what came of its last attempt, and its ``state`` after it."""

    delivery: str
    watch: str
    debate: str
    state: State
    attempt: Attempt


Body = Mapping[str, Any]
"""Of a notice, before it is JSON."""
