"""What the description of the API says of keys: in one place, for every route that is there."""

from typing import Any

from fastapi import FastAPI

from api.access.policy import Access, Mode
from api.access.scopes import OPEN, needed
from api.schemas.problem import ProblemOut

_SCHEME = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "qdq_<id>_<secret>",
        "description": "A key of `qdq keys add`. A server that only its own machine reaches may ask for none.",
    }
}
_PROBLEM = {"application/problem+json": {"schema": ProblemOut.model_json_schema()}}
_ASKED = {"WWW-Authenticate": {"description": "RFC 6750.", "schema": {"type": "string"}}}
_RESPONSES = {
    "401": {"description": "A key is asked for, or the one given is wrong.", "headers": _ASKED, "content": _PROBLEM},
    "403": {"description": "The key has not this scope, or nobody may do this.", "content": _PROBLEM},
    "429": {"description": "Too many wrong keys within a minute.", "content": _PROBLEM},
}


def tell_of_keys(app: FastAPI, access: Access) -> None:
    """Adds to each route that needs a key its scope, and what is answered without; the key is optional where
    ``access`` lets people in without."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        document = made()
        if "securitySchemes" not in document.setdefault("components", {}):
            _tell(document, optional=access.mode is not Mode.KEYS)
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # as https://fastapi.tiangolo.com/how-to/extending-openapi


def _tell(document: dict[str, Any], *, optional: bool) -> None:
    document["components"]["securitySchemes"] = _SCHEME
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            scope = needed(method.upper(), path)
            if scope is not OPEN:
                operation["security"] = [*([{}] if optional else []), {"bearer": [scope.value]}]
                operation["responses"] = _RESPONSES | operation["responses"]
