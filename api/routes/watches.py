"""The routes of watches: what is told of the debates to come, and the feed that a reader takes."""

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as PathParameter

from api.export.feed import MEDIA_TYPE, atom, updated
from api.routes.deps import EngineDep, LanguageDep
from api.schemas.problem import PROBLEMS
from api.schemas.watches import (
    FindingsOut,
    WatchAddedOut,
    WatchesOut,
    WatchOut,
    WatchRequest,
    added_out,
    findings_out,
    watch_out,
    watches_out,
)
from rag.watches.watching import MOST_FINDINGS

router = APIRouter(prefix="/v1/watches", tags=["watches"], responses=PROBLEMS)
EXAMPLE = "5f1c0e8a9b7d6c5e4f"
WatchId = Annotated[str, PathParameter(description="The watch's id.", examples=[EXAMPLE])]
Most = Annotated[int, Query(ge=1, le=1_000, description="At most so many.")]


@router.post("", status_code=201)
def add_watch(wanted: WatchRequest, engine: EngineDep, language: LanguageDep) -> WatchAddedOut:
    """Tell when a debate that is added later holds what is watched for."""
    return added_out(
        engine.watching.add(
            wanted.speaker,
            wanted.topic,
            webhook=wanted.webhook,
            threshold=wanted.threshold,
            language=wanted.language or language,
            backfill=wanted.backfill,
        )
    )


@router.get("")
def list_watches(engine: EngineDep) -> WatchesOut:
    """Every watch."""
    return watches_out(engine.watching.all())


@router.get("/{watch}")
def get_watch(watch: WatchId, engine: EngineDep) -> WatchOut:
    """One watch."""
    return watch_out(engine.watching.get(watch))


@router.delete("/{watch}", status_code=204)
def remove_watch(watch: WatchId, engine: EngineDep) -> None:
    """Forget a watch, what it found, and what was to be sent of it."""
    engine.watching.remove(watch)


@router.get("/{watch}/findings")
def get_findings(watch: WatchId, engine: EngineDep, most: Most = MOST_FINDINGS) -> FindingsOut:
    """What a watch found, the newest first."""
    return findings_out(engine.watching.get(watch), engine.watching.findings(watch, most))


@router.get(
    "/{watch}/feed",
    response_class=Response,
    responses={
        200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}, "description": "Atom (RFC 4287)."},
        304: {"description": "Nothing new since the `ETag`, or the moment, that the request names."},
    },
)
def get_feed(
    watch: WatchId,
    request: Request,
    engine: EngineDep,
    token: Annotated[str | None, Query(description="Opens this feed to a reader that has no key.")] = None,
) -> Response:
    """What a watch found, for a feed reader."""
    found, findings = engine.watching.get(watch), engine.watching.findings(watch)
    base = engine.settings.public_url or str(request.base_url).rstrip("/")
    address = f"{base}{request.url.path}{f'?{request.url.query}' if token else ''}"
    document, moment = atom(found, findings, base, address), updated(found, findings)
    headers = {
        # weak, since what is compressed on its way is another sequence of bytes
        "ETag": f'W/"{sha256(document).hexdigest()[:32]}"',
        "Last-Modified": format_datetime(moment, usegmt=True),
        "Cache-Control": "private, no-cache",
    }
    if _is_known(request, headers["ETag"], moment):
        return Response(status_code=304, headers=headers)
    return Response(document, media_type=MEDIA_TYPE, headers=headers)


def _is_known(request: Request, etag: str, moment: datetime) -> bool:
    """Whether the reader has it already (RFC 9110, 13.1): the tags that it names count before the moment."""
    if (tags := request.headers.get("if-none-match")) is not None:
        return "*" in tags or etag.removeprefix("W/") in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    try:
        since = parsedate_to_datetime(request.headers["if-modified-since"])
    except (KeyError, ValueError):
        return False
    return moment <= since.replace(tzinfo=since.tzinfo or UTC)
