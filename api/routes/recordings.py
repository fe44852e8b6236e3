"""The routes about the recording of a debate: bringing it, so that it plays and tells the voices apart, and taking it
away."""

from contextlib import ExitStack
from functools import partial
from typing import Annotated

from fastapi import APIRouter, File, Form, Query, Response, UploadFile

from api.routes.deps import DebateId, LanguageDep, ListeningDep, ShareDep
from api.schemas.problem import PROBLEMS
from api.schemas.recordings import RecordingOut, recording_out
from api.schemas.shape import LONGEST_LINE
from api.serving.arriving import RecordingRoute
from api.serving.bringing import Outcome, heard, recording_at_hand
from api.serving.working import description, work_events
from index.read_options import MOST_VOICES
from index.sound.hear import HearOptions

router = APIRouter(prefix="/v1", responses=PROBLEMS, tags=["speakers"])
_arriving = APIRouter(route_class=RecordingRoute)
_STREAMED = description("heard", "RecordingOut")


@_arriving.post("/debates/{debate}/media", response_model=RecordingOut, responses={200: _STREAMED})
def bring_recording(  # one argument a form field
    debate: DebateId,
    share: ShareDep,
    listening: ListeningDep,
    language: LanguageDep,
    file: Annotated[UploadFile | None, File(description="Audio or video.")] = None,
    path: Annotated[
        str | None,
        Form(
            max_length=LONGEST_LINE,
            description="Instead of it a file of the server's media folder, or an address.",
            examples=["https://example.org/debat.mp3"],
        ),
    ] = None,
    voices: Annotated[int | None, Form(ge=1, le=MOST_VOICES, description="How many speak; else estimated.")] = None,
    align: Annotated[bool, Form(description="Apply a shift against the transcript that is found.")] = False,
    hear: Annotated[bool, Form(description="Listen to it, to tell the voices apart. Else it only plays.")] = True,
    stream: Annotated[bool, Query(description="As server-sent events, with the progress.")] = False,
) -> RecordingOut | Response:
    """Give a debate its recording: it plays beside the text, and is listened to, which tells who speaks when. Without a
    file and a path, the one that the debate has is listened to again. An address is only played. When it cannot be
    used, the debate stays as it was."""
    options = HearOptions(voices, align) if hear else None
    with ExitStack() as files:
        brought = recording_at_hand(share, debate, file, path, files)
        listen = partial(heard, share, debate, brought, options, listening)

        def out(made: Outcome) -> RecordingOut:
            return recording_out(made.known, made.notes, language)

        if stream:
            return work_events(listen, files.pop_all(), language, "heard", out)
        return out(listen())


@router.delete("/debates/{debate}/media", status_code=204)
def take_recording_away(debate: DebateId, share: ShareDep) -> None:
    """A debate plays nothing any more; a recording that was uploaded is deleted. Who speaks stays."""
    share.take_away(debate)


router.include_router(_arriving)
