"""``/``: a question, and under it what the debates say: the address holds both, so that it can be shared."""

import datetime
import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from api.errors import status_of
from api.export.answer import AnswerFormat, clips
from api.routes.deps import EngineDep
from api.schemas.shape import LONGEST_ID, LONGEST_NAME
from api.serving.seen.current import answered
from api.serving.warming import is_loading
from api.web.ask.examples import examples_of
from api.web.ask.view import answer_view
from api.web.choices import debates_offered, names_offered
from api.web.media import frames, media, players_of
from api.web.rendering import Page, PageDep, PageRoute
from api.web.texts import say_in
from index.errors import DebateError, FieldInvalid, QdqError, QuestionError
from rag.asked import Catalogue
from rag.engine import Engine
from rag.generate import wants_model
from rag.types import Answer, Filters

router = APIRouter(route_class=PageRoute)

_OF_NO_ANSWER = (AnswerFormat.MD, AnswerFormat.JSON)
"""The formats that can say that nothing answers."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was put into the form, as it was put."""

    q: str = ""
    speaker: str = ""
    debate: str = ""
    date_from: str = ""
    date_to: str = ""

    @property
    def filtered(self) -> bool:
        return bool(self.speaker or self.debate or self.date_from or self.date_to)

    def filters(self) -> Filters:
        """Raises FieldInvalid for a date that is none."""
        days = _day("from", self.date_from), _day("to", self.date_to)
        return Filters(self.speaker.strip() or None, self.debate or None, *days)


@router.get("/")
def ask(
    page: PageDep,
    engine: EngineDep,
    q: Annotated[str, Query()] = "",
    speaker: Annotated[str, Query(max_length=LONGEST_NAME)] = "",
    debate: Annotated[str, Query(max_length=LONGEST_ID)] = "",
    date_from: Annotated[str, Query(alias="from", max_length=LONGEST_NAME)] = "",
    date_to: Annotated[str, Query(alias="to", max_length=LONGEST_NAME)] = "",
) -> HTMLResponse:
    """The box alone, with questions to begin with; the answer where a question is given."""
    asked, catalogue = Asked(q, speaker, debate, date_from, date_to), engine.catalogue()
    if not q.strip() or not catalogue.debates:
        return _shown(page, engine, catalogue, asked)
    if is_loading(page.request.app):
        return page("loading.html", status=HTTPStatus.SERVICE_UNAVAILABLE, question=q)
    try:
        answer = engine.ask(q, filters=asked.filters(), generate=False)
        answered(answer)
    except (QuestionError, DebateError) as error:
        return _shown(page, engine, catalogue, asked, problem=error)
    return _shown(page, engine, engine.catalogue(), asked, answer)


def _shown(
    page: Page,
    engine: Engine,
    catalogue: Catalogue,
    asked: Asked,
    answer: Answer | None = None,
    problem: QdqError | None = None,
) -> HTMLResponse:
    language, base = page.language, str(page.request.base_url)
    begins = answer is None and problem is None
    players = players_of(catalogue, answer.citations if answer else ())
    return page(
        "ask.html",
        frames=frames(players.values()),
        media=media(players.values()),
        players=players,
        status=status_of(type(problem)) if problem else 200,
        asked=asked,
        count=len(catalogue.debates),
        names=names_offered(catalogue),
        debates=debates_offered(catalogue, asked.debate),
        examples=examples_of(page.request.app, engine, catalogue, language) if begins else (),
        problem=problem.message(language) if problem else "",
        found=answer_view(answer, catalogue, base, say_in(language), language) if answer else None,
        exports=_exports(answer, asked) if answer else (),
        worded=_worded(engine, answer, asked) if answer else "",
        model=engine.settings.llm_model,
        cited=json.dumps([one.permalink for one in answer.citations]) if answer else "",
    )


def _day(field: str, text: str) -> datetime.date | None:
    try:
        if text and not _DAY.fullmatch(text):
            raise ValueError(text)
        return datetime.date.fromisoformat(text) if text else None
    except ValueError as error:
        expected, expected_fr = "a date such as 2024-11-19", "une date comme 2024-11-19"
        raise FieldInvalid(field=field, value=text, expected=expected, expected_fr=expected_fr) from error


def _exports(answer: Answer, asked: Asked) -> list[tuple[str, str]]:
    """Each format with the address of its file: of the answer as it is kept, or else of the question."""
    formats = tuple(AnswerFormat) if clips(answer) else _OF_NO_ANSWER
    given = {"q": asked.q, "speaker": asked.speaker, "debate": asked.debate}
    given |= {"from": asked.date_from, "to": asked.date_to}
    question = {name: value for name, value in given.items() if value}
    path = f"/v1/answers/{answer.id}/export" if answer.id else "/v1/ask/export"
    return [(one, f"{path}?{urlencode(({} if answer.id else question) | {'format': one.value})}") for one in formats]


def _worded(engine: Engine, answer: Answer, asked: Asked) -> str:
    """What the page's script asks a language model with, as JSON; empty where none is to be asked."""
    if not wants_model(engine.settings, None, answer):
        return ""
    request = {"question": asked.q, "speaker": asked.speaker.strip(), "debate": asked.debate}
    request |= {"date_from": asked.date_from, "date_to": asked.date_to}
    return json.dumps({name: value for name, value in request.items() if value})
