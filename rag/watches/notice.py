"""What a webhook is sent."""

import json
from datetime import datetime
from typing import Any

from rag.watches.types import Body, Delivery, Finding, Watch

FOUND, TEST = "watch.found", "watch.test"


def notice(delivery: Delivery, base: str | None, now: datetime) -> bytes:
    """The findings of one debate, as JSON. ``base``: the address of this server, where it is known."""
    first = delivery.findings[0] if delivery.findings else None
    return _encoded(
        {
            "event": FOUND if first else TEST,
            "watch": _watch(delivery.watch),
            "debate": {"id": first.debate, "title": first.title} if first else None,
            "findings": [_finding(one, base) for one in delivery.findings],
            "sent_at": now.isoformat(),
        }
    )


def _watch(watch: Watch) -> dict[str, Any]:
    return {"id": watch.id, "speaker": watch.speaker, "topic": watch.topic, "threshold": watch.threshold}


def _finding(finding: Finding, base: str | None) -> dict[str, Any]:
    told = finding.passage
    return {
        "speaker": told.speaker,
        "attribution": told.attribution,
        "attribution_confidence": told.attribution_confidence,
        "start": told.start,
        "end": told.end,
        "quote": told.quote,
        "confidence": told.confidence,
        "spoken": told.spoken,
        "permalink": told.permalink,
        "url": f"{base}{told.permalink}" if base else None,
        "recording": told.recording,
        "found_at": finding.found.isoformat(),
    }


def _encoded(body: Body) -> bytes:
    """Half of a surrogate pair, which a transcript may hold, is escaped."""
    return json.dumps(body, ensure_ascii=True).encode()
