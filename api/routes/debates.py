"""The routes about the debates of the index: which there are, their transcripts, adding, changing, removing one."""

from contextlib import ExitStack
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.routes.deps import DebateId, EngineDep, LanguageDep, ShareDep
from api.schemas.changes import DebateChanges, changes_of
from api.schemas.debates import (
    AddedOut,
    DebateOut,
    DebatesOut,
    ReportOut,
    SegmentsOut,
    added_out,
    report_out,
    segments_out,
)
from api.schemas.problem import PROBLEMS
from api.schemas.shape import file_as
from api.schemas.transcript_form import (
    Columns,
    Date,
    FramesPerSecond,
    Media,
    Metadata,
    NewId,
    Overwrite,
    People,
    SideFile,
    SpokenLanguage,
    Stream,
    Strict,
    Title,
    Transcript,
    Url,
    WordsPerMinute,
)
from api.serving.uploads import on_disk
from api.serving.working import description, work_events
from index.export import ExportFormat, exported
from index.media import media_from_afar
from index.read_options import ReadOptions
from index.transcripts.text.table_columns import spelled
from index.writing.build import Details
from index.writing.metadata import participants_in

router = APIRouter(prefix="/v1", responses=PROBLEMS)
_STREAMED = description("added", "AddedOut")


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


@router.get(
    "/debates/{debate}/export",
    tags=["debates"],
    response_class=Response,
    responses=file_as(one.media_type for one in ExportFormat),
)
def export_debate(
    debate: DebateId, engine: EngineDep, export_format: Annotated[ExportFormat, Query(alias="format", examples=["srt"])]
) -> Response:
    """The whole transcript as a file, with its speakers where the format has a place for them."""
    content = exported(engine.debate(debate, words=True), export_format)
    headers = {"Content-Disposition": f'attachment; filename="{debate}.{export_format}"'}
    return Response(content, media_type=export_format.media_type, headers=headers)


@router.post("/debates", status_code=201, tags=["debates"], response_model=AddedOut, responses={200: _STREAMED})
def add_debate(  # one argument a form field
    engine: EngineDep,
    share: ShareDep,
    language: LanguageDep,
    file: Transcript,
    speakers: SideFile = None,
    new_id: NewId = None,
    title: Title = None,
    date: Date = None,
    url: Url = None,
    media: Media = None,
    debate_language: SpokenLanguage = None,
    participants: People = None,
    metadata: Metadata = None,
    strict: Strict = False,
    words_per_minute: WordsPerMinute = None,
    fps: FramesPerSecond = None,
    columns: Columns = "",
    overwrite: Overwrite = True,
    stream: Stream = False,
) -> AddedOut | Response:
    """Add a transcript, in place of the one with the same id."""
    options = ReadOptions(words_per_minute, fps, spelled(columns), strict)
    people, settings = participants_in("\n".join(participants or [])), engine.settings
    plays = media_from_afar(media, settings.media_folder) if media else None
    given = Details(new_id, title, date, url, debate_language, options=options, participants=people, media=plays)
    with ExitStack() as files:
        path, details = files.enter_context(on_disk(file, given, settings, speakers=speakers, metadata=metadata))
        add = partial(share.add, path, details, overwrite=overwrite)
        if stream:
            work, out = lambda progress: add(progress=progress), partial(added_out, language=language)
            return work_events(work, files.pop_all(), language, "added", out)
        return added_out(add(), language)


@router.patch("/debates/{debate}", tags=["debates"])
def edit_debate(debate: DebateId, changes: DebateChanges, engine: EngineDep) -> DebateOut:
    """Change what is said of a debate; fields that are not given stay, null clears one. Adding its file again brings
    back the file's own."""
    engine.edit(debate, changes_of(debate, changes, engine.settings.media_folder))
    return get_debate(debate, engine)


@router.delete("/debates/{debate}", status_code=204, tags=["debates"])
def remove_debate(debate: DebateId, share: ShareDep) -> None:
    """Forget a debate and all that was made from it."""
    share.remove(debate)
