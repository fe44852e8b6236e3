"""An error, and the state of the server, as they go over HTTP."""

from typing import Any

from pydantic import BaseModel, Field

from api.schemas.shape import Out


class StatusOut(Out):
    """Whether the server lives, or can answer."""

    status: str


class ProblemOut(BaseModel):
    """RFC 9457: ``type`` names the error for programs, ``detail`` says it to people; ``errors`` lists wrong fields."""

    type: str = Field(examples=["urn:qui-dit-quoi:debate-unknown"])
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] | None = None


_CONTENT = {"content": {"application/problem+json": {"schema": ProblemOut.model_json_schema()}}}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": _CONTENT | {"description": "A mistake of the caller."},
    "5XX": _CONTENT | {"description": "Ours."},
}
"""What every route may answer, for OpenAPI."""
LOADING: dict[int | str, dict[str, Any]] = {
    503: {
        "description": "The model is being loaded, or cannot be.",
        "content": _CONTENT["content"] | {"application/json": {"schema": StatusOut.model_json_schema()}},
    }
}
"""Of the route that tells whether the server can answer."""
