"""The routes of version 1. They are plain functions, since they wait for the model: FastAPI runs each in a thread."""

import datetime
from contextlib import ExitStack
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Query, Response, UploadFile
from fastapi import Path as PathParameter

from api import adding, events
from api.debate_changes import DebateChanges, changes_of
from api.deps import EngineDep, LanguageDep
from api.schemas import (
    AddedOut,
    AnswerOut,
    AskRequest,
    DebateOut,
    DebatesOut,
    ProblemOut,
    ReportOut,
    SearchOut,
    SegmentsOut,
    added_out,
    report_out,
    segments_out,
)
from api.uploads import on_disk
from api.waiting import BUSY
from index.build import Details
from index.export import ExportFormat, exported
from index.media import media_from_afar
from index.metadata import participants_in
from index.read_options import FRAME_RATES, PACES, ReadOptions
from index.transcripts.text.table_columns import spelled
from rag.engine import DEFAULT_TOP_K, MOST_TOP_K
from rag.types import Filters

_PROBLEM = {"content": {"application/problem+json": {"schema": ProblemOut.model_json_schema()}}}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": _PROBLEM | {"description": "A mistake of the caller."},
    "5XX": _PROBLEM | {"description": "Ours."},
}
router = APIRouter(prefix="/v1", responses=PROBLEMS)

_EXAMPLE = "smart-tech-2024-11-19"
DebateId = Annotated[str, PathParameter(description="The debate's id.", examples=[_EXAMPLE])]
TopK = Annotated[int, Query(ge=1, le=MOST_TOP_K)]


@router.post("/ask", tags=["ask"], response_model=AnswerOut, responses={200: events.DESCRIPTION, **BUSY})
def ask(
    request: AskRequest,
    engine: EngineDep,
    language: LanguageDep,
    stream: Annotated[bool, Query(description="As server-sent events, the quotes first.")] = False,
) -> AnswerOut | Response:
    """Answer a question with exact quotes, or say that the debates do not."""
    filters = Filters(request.speaker, request.debate, request.date_from, request.date_to)
    if stream:
        steps = engine.steps(request.question, top_k=request.top_k, filters=filters, generate=request.generate)
        return events.streamed(steps, language, events.answer_event)
    answer = engine.ask(request.question, top_k=request.top_k, filters=filters, generate=request.generate)
    return AnswerOut.model_validate(answer)


@router.get("/search", tags=["ask"], responses=BUSY)
def search(
    engine: EngineDep,
    q: Annotated[str, Query(description="A question or words.", examples=["que dit Kempf de Google ?"])],
    top_k: TopK = DEFAULT_TOP_K,
    speaker: Annotated[str | None, Query(examples=["Kempf"])] = None,
    debate: Annotated[str | None, Query(examples=[_EXAMPLE])] = None,
) -> SearchOut:
    """The best passages for a question or words, whether or not they answer."""
    return SearchOut.model_validate(engine.search(q, top_k=top_k, filters=Filters(speaker, debate)))


@router.get("/debates", tags=["debates"])
def list_debates(engine: EngineDep) -> DebatesOut:
    """Every debate in the index."""
    return DebatesOut(debates=[DebateOut.model_validate(debate) for debate in engine.debates()])


@router.get("/debates/{debate}", tags=["debates"])
def get_debate(debate: DebateId, engine: EngineDep) -> DebateOut:
    """One debate."""
    engine.debate(debate)
    return next(DebateOut.model_validate(summary) for summary in engine.debates() if summary.id == debate)


@router.get("/debates/{debate}/segments", tags=["debates"])
def get_segments(
    debate: DebateId,
    engine: EngineDep,
    begin: Annotated[float | None, Query(alias="from", ge=0, description="Seconds.", examples=[220])] = None,
    end: Annotated[float | None, Query(alias="to", ge=0, description="Seconds.", examples=[240])] = None,
    words: Annotated[bool, Query(description="With the times of the words, where the file gave them.")] = False,
) -> SegmentsOut:
    """The transcript of a debate, or what is said between two moments."""
    return segments_out(engine.debate(debate, words=words), begin, end)


@router.get("/debates/{debate}/report", tags=["debates"])
def get_report(debate: DebateId, engine: EngineDep, language: LanguageDep) -> ReportOut | None:
    """What was mended or dropped when the file was read; null for a debate added by an earlier version."""
    report = engine.report(debate)
    return report_out(report, language) if report else None


@router.get("/debates/{debate}/export", tags=["debates"], response_class=Response)
def export_debate(
    debate: DebateId, engine: EngineDep, export_format: Annotated[ExportFormat, Query(alias="format", examples=["srt"])]
) -> Response:
    """The whole transcript as a file, with its speakers where the format has a place for them."""
    content = exported(engine.debate(debate, words=True), export_format)
    headers = {"Content-Disposition": f'attachment; filename="{debate}.{export_format}"'}
    return Response(content, media_type=export_format.media_type, headers=headers)


@router.post(
    "/debates", status_code=201, tags=["debates"], response_model=AddedOut, responses={200: adding.DESCRIPTION}
)
def add_debate(  # one argument a form field
    engine: EngineDep,
    language: LanguageDep,
    file: Annotated[UploadFile, File(description="The transcript.")],
    speakers: Annotated[
        UploadFile | None, File(description="RTTM, JSON, or TSV or CSV with start and speaker.")
    ] = None,
    new_id: Annotated[str | None, Form(alias="id", description="Else the slug of the file's name.")] = None,
    title: Annotated[str | None, Form(examples=["Débat entre Ada Martin et Jean Petit"])] = None,
    date: Annotated[datetime.date | None, Form(examples=["2024-11-19"])] = None,
    url: Annotated[str | None, Form(examples=["https://youtu.be/abc"])] = None,
    media: Annotated[
        str | None,
        Form(
            description="Audio or video: an address, or a file of the server's media folder.",
            examples=["https://example.org/debat.mp3"],
        ),
    ] = None,
    debate_language: Annotated[str | None, Form(alias="language", examples=["fr"])] = None,
    participants: Annotated[
        list[str] | None,
        Form(description="“Name, role”, once for each, or one a line.", examples=[["Ada Martin, avocate"]]),
    ] = None,
    metadata: Annotated[
        UploadFile | None, File(description="YAML with title, date, url, media, language and participants.")
    ] = None,
    strict: Annotated[bool, Form(description="Refuse what would be mended.")] = False,
    words_per_minute: Annotated[
        int | None, Form(ge=PACES[0], le=PACES[1], description="For a text without any time.")
    ] = None,
    fps: Annotated[
        float | None, Form(ge=FRAME_RATES[0], le=FRAME_RATES[1], description="For formats that count frames.")
    ] = None,
    columns: Annotated[str, Form(description="Of a table: start=NAME,text=NAME…, or their numbers.")] = "",
    overwrite: Annotated[bool, Form(description="False refuses an id that is there already.")] = True,
    stream: Annotated[bool, Query(description="As server-sent events, with the progress.")] = False,
) -> AddedOut | Response:
    """Add a transcript, in place of the one with the same id."""
    options = ReadOptions(words_per_minute, fps, spelled(columns), strict)
    people, settings = participants_in("\n".join(participants or [])), engine.settings
    plays = media_from_afar(media, settings.media_folder) if media else None
    given = Details(new_id, title, date, url, debate_language, options=options, participants=people, media=plays)
    with ExitStack() as files:
        path, details = files.enter_context(on_disk(file, given, settings, speakers=speakers, metadata=metadata))
        add = partial(engine.add, path, details, overwrite=overwrite)
        if stream:
            return adding.added_events(lambda progress: add(progress=progress), files.pop_all(), language)
        return added_out(add(), language)


@router.patch("/debates/{debate}", tags=["debates"])
def edit_debate(debate: DebateId, changes: DebateChanges, engine: EngineDep) -> DebateOut:
    """Change what is said of a debate; fields that are not given stay, null clears one. Adding its file again brings
    back the file's own."""
    engine.edit(debate, changes_of(debate, changes, engine.settings.media_folder))
    return get_debate(debate, engine)


@router.delete("/debates/{debate}", status_code=204, tags=["debates"])
def remove_debate(debate: DebateId, engine: EngineDep) -> None:
    """Forget a debate and all that was made from it."""
    engine.remove(debate)
