"""``/watches``: what is watched for in the debates to come, what was found, the feeds; adding and removing one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Query, Response
from fastapi.responses import HTMLResponse

from api.errors import status_of
from api.export.feed import watched
from api.routes.deps import EngineDep
from api.schemas.shape import LONGEST_LINE, LONGEST_NAME
from api.schemas.watches import feed_path, host_of
from api.web.choices import names_offered
from api.web.rendering import Page, PageDep, PageRoute, see_other
from index.errors import Language, WatchError
from rag.engine import Engine
from rag.watches.types import DEFAULT_THRESHOLD, Finding, Watch

router = APIRouter(route_class=PageRoute)

_MOST = 50
_FINDINGS = 3


@dataclass(frozen=True, slots=True)
class Listed:
    """A watch with the newest of its findings; ``host`` is where its webhook lies."""

    watch: Watch
    title: str
    feed: str
    host: str | None
    findings: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class Fields:
    """What stands in the form."""

    speaker: str = ""
    topic: str = ""
    webhook: str = ""
    backfill: bool = False


@router.get("/watches")
def watches(
    page: PageDep,
    engine: EngineDep,
    added: Annotated[bool, Query()] = False,
    removed: Annotated[bool, Query()] = False,
) -> HTMLResponse:
    """The newest, and a form for another one."""
    return _shown(page, engine, Fields(), notice="watches.added" if added else "watches.removed" if removed else "")


@router.post("/watches")
def add(
    page: PageDep,
    engine: EngineDep,
    speaker: Annotated[str, Form(max_length=LONGEST_NAME)] = "",
    topic: Annotated[str, Form(max_length=LONGEST_LINE)] = "",
    webhook: Annotated[str, Form(max_length=LONGEST_LINE)] = "",
    backfill: Annotated[bool, Form()] = False,
) -> Response:
    """The secret of a webhook is told on this page alone, so that one is not left for another."""
    fields = Fields(speaker, topic, webhook.strip(), backfill)
    try:
        watch = engine.watching.add(
            speaker, topic, webhook=fields.webhook or None, language=page.language, backfill=backfill
        )
    except WatchError as error:
        message, status = error.message(page.language), int(status_of(type(error)))
        return _shown(page, engine, fields, problem=message, status=status)
    if watch.webhook is None:
        return see_other("/watches", added="true")
    return _shown(page, engine, Fields(), notice="watches.added", secret=watch.secret)


@router.post("/watches/{watch}/remove")
def remove(watch: str, engine: EngineDep) -> Response:
    """Raises WatchUnknown."""
    engine.watching.remove(watch)
    return see_other("/watches", removed="true")


def _shown(
    page: Page,
    engine: Engine,
    fields: Fields,
    *,
    notice: str = "",
    problem: str = "",
    secret: str = "",
    status: int = 200,
) -> HTMLResponse:
    every, catalogue = engine.watching.all()[::-1], engine.catalogue()
    return page(
        "watches.html",
        status=status,
        listed=[_listed(engine, watch, page.language) for watch in every[:_MOST]],
        count=len(every),
        more=len(every[_MOST:]),
        fields=fields,
        names=names_offered(catalogue),
        languages={debate.id: debate.language for debate in catalogue.debates},
        longest_name=LONGEST_NAME,
        longest_topic=engine.settings.max_question_chars,
        threshold=f"{100 * DEFAULT_THRESHOLD:.0f}",
        notice=notice,
        problem=problem,
        secret=secret,
    )


def _listed(engine: Engine, watch: Watch, language: Language) -> Listed:
    found = engine.watching.findings(watch.id, _FINDINGS)
    return Listed(watch, watched(watch, language), feed_path(watch), host_of(watch.webhook), found)
