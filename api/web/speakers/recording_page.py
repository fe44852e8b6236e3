"""``POST /d/{debate}/recording``: a recording that is brought in a form. The script of the page sends the same to
``POST /v1/debates/{debate}/media``, and shows how far it is."""

from contextlib import ExitStack
from typing import Annotated

from fastapi import APIRouter, File, Form, Response, UploadFile

from api.errors import status_of
from api.routes.deps import ListeningDep, ShareDep
from api.schemas.shape import LONGEST_LINE
from api.serving.arriving import Handler, taking
from api.serving.bringing import heard, recording_at_hand
from api.web.rendering import PageDep, PageRoute, see_other
from api.web.speakers.voices_page import shown
from index.errors import FieldInvalid, MediaMissing, RecordingError, TranscriptChanged
from index.read_options import MOST_VOICES
from index.sound.hear import HearOptions


class _Route(PageRoute):
    """A page that takes a recording."""

    def get_route_handler(self) -> Handler:
        return taking(super().get_route_handler())


router = APIRouter(route_class=_Route)


@router.post("/d/{debate}/recording")
def bring(
    page: PageDep,
    share: ShareDep,
    listening: ListeningDep,
    debate: str,
    file: Annotated[UploadFile | None, File()] = None,
    path: Annotated[str, Form(max_length=LONGEST_LINE)] = "",
    voices: Annotated[str, Form(max_length=10)] = "",
    align: Annotated[bool, Form()] = False,
) -> Response:
    """The voices that it let tell apart, or why it could not be used."""
    try:
        with ExitStack() as files:
            brought = recording_at_hand(share, debate, file, path.strip(), files)
            heard(share, debate, brought, HearOptions(_count(voices), align), listening)
    except (RecordingError, FieldInvalid, MediaMissing, TranscriptChanged) as error:
        return shown(page, share.engine, debate, error=error, status=status_of(type(error)))
    return see_other(f"/d/{debate}/voices", heard="true")


def _count(given: str) -> int | None:
    """None of an empty field. Raises FieldInvalid."""
    if not given.strip():
        return None
    if not given.strip().isdecimal() or not 1 <= int(given) <= MOST_VOICES:
        expected = f"a number from 1 to {MOST_VOICES}"
        expected_fr = f"un nombre de 1 à {MOST_VOICES}"
        raise FieldInvalid(field="voices", value=given, expected=expected, expected_fr=expected_fr)
    return int(given)
