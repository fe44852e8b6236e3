"""Watches and what they found, as they go over HTTP and as ``--json`` prints them."""

import datetime
from collections.abc import Sequence
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.shape import DEBATE, Out, Text
from index.errors import Language
from index.types import Origin
from rag.watches.addresses import Endpoint
from rag.watches.signing import feed_token
from rag.watches.types import DEFAULT_THRESHOLD, Attempt, Finding, Sent, State, Watch


class WatchRequest(BaseModel):
    """What to watch for; a speaker, a topic, or both."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"speaker": "Kempf", "topic": "RGPD"},
                {"topic": "le nucléaire", "webhook": "https://example.org/hook", "threshold": 0.7},
            ]
        },
    )

    speaker: Text | None = Field(None, description="Only this person's words; a part of the name will do.")
    topic: Text | None = Field(None, description="In French or English.")
    webhook: Text | None = Field(None, description="Where to send what is found; public, with https.")
    threshold: float = Field(DEFAULT_THRESHOLD, gt=0, le=1, description="The least confidence that this is said.")
    language: Language | None = Field(None, description="Of the feed; null: that of the request.")
    backfill: bool = Field(False, description="Look at the debates that are there already, too.")


class WatchOut(Out):
    """A watch. The path of a webhook is often its key, so it is shown once, when the watch is added."""

    id: str
    created: datetime.datetime
    speaker: str | None
    topic: str | None
    threshold: float
    webhook: str | None = Field(description="Its host alone.", examples=["https://example.org/…"])
    active: bool = Field(description="False once the webhook has answered that it is gone (410).")
    error: str | None = Field(description="Why the last notice did not arrive; null when it did.")
    language: Language
    feed: str = Field(description="The path of its Atom feed, with the token that opens it.")


class WatchAddedOut(WatchOut):
    """A watch that was just added: this is the only time that its secret is told."""

    webhook: str | None
    secret: str | None = Field(description="Verifies what the webhook gets (standardwebhooks.com); null without one.")


class WatchesOut(Out):
    """The oldest first."""

    watches: list[WatchOut]


class FindingOut(Out):
    """A passage that a watch found in a debate. ``quote`` is an exact substring of the transcript."""

    debate: str = Field(examples=[DEBATE])
    title: str
    found: datetime.datetime
    speaker: str | None = Field(description="Who says it; null when it is not known.")
    attribution: Origin = Field(description="Where the name comes from.")
    attribution_confidence: float = Field(ge=0, le=1)
    start: float = Field(description="Seconds.")
    end: float = Field(description="Seconds.")
    quote: str
    confidence: float = Field(ge=0, le=1, description="That this is what is watched for.")
    permalink: str = Field(description="The path of the moment on this server.")
    recording: str | None = Field(description="The recording at this moment, when the debate has a URL.")
    spoken: float | None = Field(
        description="Seconds for which the person speaks in all; null where a topic is watched."
    )


class FindingsOut(Out):
    """The newest first."""

    watch: WatchOut
    findings: list[FindingOut]


class SentOut(Out):
    """What came of sending: the ``status`` that the receiver answered, or the ``error``."""

    delivery: str | None
    watch: str
    debate: str | None
    state: State
    status: int | None
    error: str | None


class DeliveredOut(Out):
    """What was sent, and how many passages were found just before."""

    found: int
    sent: list[SentOut]


def feed_path(watch: Watch) -> str:
    """With the token that opens it."""
    return f"/v1/watches/{watch.id}/feed?{urlencode({'token': feed_token(watch.secret)})}"


def watch_out(watch: Watch) -> WatchOut:
    return WatchOut.model_validate(_fields(watch))


def added_out(watch: Watch) -> WatchAddedOut:
    secret = watch.secret if watch.webhook else None
    return WatchAddedOut.model_validate(_fields(watch) | {"webhook": watch.webhook, "secret": secret})


def watches_out(watches: Sequence[Watch]) -> WatchesOut:
    return WatchesOut(watches=[watch_out(watch) for watch in watches])


def findings_out(watch: Watch, findings: Sequence[Finding]) -> FindingsOut:
    return FindingsOut(watch=watch_out(watch), findings=[_finding(one) for one in findings])


def sent_out(sent: Sent) -> SentOut:
    return _sent(sent.attempt, sent.watch, sent.state, sent.delivery, sent.debate)


def tested_out(watch: str, attempt: Attempt) -> SentOut:
    """Of a sample, which is sent once."""
    return _sent(attempt, watch, State.DELIVERED if attempt.delivered else State.GIVEN_UP)


def _sent(
    attempt: Attempt, watch: str, state: State, delivery: str | None = None, debate: str | None = None
) -> SentOut:
    return SentOut(
        delivery=delivery, watch=watch, debate=debate, state=state, status=attempt.status, error=attempt.reason
    )


def _fields(watch: Watch) -> dict[str, object]:
    names = ("id", "created", "speaker", "topic", "threshold", "active", "error", "language")
    shown = {name: getattr(watch, name) for name in names}
    return shown | {"webhook": host_of(watch.webhook), "feed": feed_path(watch)}


def host_of(webhook: str | None) -> str | None:
    """The address without its path."""
    if webhook is None:
        return None
    endpoint = Endpoint.of(webhook)
    return f"{endpoint.scheme}://{endpoint.authority}/…"


def _finding(finding: Finding) -> FindingOut:
    told = finding.passage
    passage = {name: getattr(told, name) for name in FindingOut.model_fields if hasattr(told, name)}
    return FindingOut.model_validate(
        passage | {"debate": finding.debate, "title": finding.title, "found": finding.found}
    )
