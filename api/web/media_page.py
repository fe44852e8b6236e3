"""``/d/{debate}/media``: the audio or video file of a debate, whole or by ranges, so that a player can go anywhere."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse

from api.routes.deps import EngineDep
from index.errors import MediaMissing
from index.media import is_address, media_type

router = APIRouter()


@router.api_route("/d/{debate}/media", methods=["GET", "HEAD"])
def media(debate: str, engine: EngineDep) -> FileResponse:
    """The file that the index names for this debate, and no other. Raises DebateUnknown, MediaMissing."""
    found = next((one.media for one in engine.catalogue().debates if one.id == debate), None)
    if found is None:
        engine.report(debate)  # raises DebateUnknown
    if found is None or is_address(found) or not media_type(found) or not Path(found).is_file():
        raise MediaMissing(debate=debate)
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'"}
    return FileResponse(found, media_type=media_type(found), headers=headers)
