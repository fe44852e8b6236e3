"""The description of the API (``/openapi.json``), mended where FastAPI says more than can be sent: whatever may be left
out it says may be null, which neither an address nor a form can hold."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

_FORM = "multipart/form-data"
_NULL = {"type": "null"}


def mend(app: FastAPI) -> None:
    """From now on ``app.openapi`` gives the mended document."""
    made, documents = app.openapi, list[dict[str, Any]]()

    def mended() -> dict[str, Any]:
        if not documents:
            document = made()
            for schema in _of_text(document):
                _without_null(schema)
            documents.append(document)
        return documents[0]

    app.openapi = mended  # type: ignore[method-assign]


def _of_text(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schema of each parameter and of each field of a form."""
    for path in document["paths"].values():
        for operation in path.values():
            yield from (parameter["schema"] for parameter in operation.get("parameters", ()))
            content = operation.get("requestBody", {}).get("content", {})
            if _FORM in content:
                name = content[_FORM]["schema"]["$ref"].rpartition("/")[2]
                yield from document["components"]["schemas"][name]["properties"].values()


def _without_null(schema: dict[str, Any]) -> None:
    """``{"anyOf": [{"type": "string"}, {"type": "null"}], …}`` becomes ``{"type": "string", …}``."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != _NULL]
    if len(kinds) == 1:
        del schema["anyOf"]
        schema.update(kinds[0])
    elif kinds:
        schema["anyOf"] = kinds
