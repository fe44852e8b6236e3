"""An answer as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html):

    passages   the answer by quotes alone, at once
    sentence   a sentence of the language model, after its checks; any number of them
    done       the whole answer, as it is without streaming
    error      a problem (RFC 9457) instead of ``done``

Each event's data is one line of JSON. While a model is at work and nothing can be shown a comment goes out, so that a
client that has left is noticed; the model is left then too.
"""

import json
import logging
import time
from collections.abc import AsyncIterator, Callable, Generator
from typing import Any, TypeVar

from anyio import CancelScope
from fastapi.concurrency import iterate_in_threadpool, run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from api.errors import problem, unexpected
from api.schemas.answers import AnswerOut
from api.schemas.generated import SentenceOut
from api.schemas.problem import ProblemOut
from api.serving.seen.current import answered
from index.errors import Language, QdqError
from rag.types import Done, Found, Sentence, Step

MEDIA_TYPE = "text/event-stream"


def described(**documents: dict[str, Any]) -> dict[str, Any]:
    """For OpenAPI, a stream of events: the schema of the data of each, by its name."""
    schemas = [_described(name, schema) for name, schema in documents.items()]
    return {MEDIA_TYPE: {"itemSchema": {"oneOf": schemas}}}


def _described(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    data = {"type": "string", "contentMediaType": "application/json", "contentSchema": schema}
    return {"type": "object", "required": ["event", "data"], "properties": {"event": {"const": name}, "data": data}}


def component(name: str) -> dict[str, Any]:
    """The schema of one of ours, which some route answers with."""
    return {"$ref": f"#/components/schemas/{name}"}


PROBLEM = ProblemOut.model_json_schema()
DESCRIPTION = {
    "content": described(
        passages=component("AnswerOut"), sentence=component("SentenceOut"), done=component("AnswerOut"), error=PROBLEM
    ),
    "description": "The answer; with `stream=true` as events: `passages` (by quotes alone), `sentence` (of a language "
    "model, checked), `done` (the answer), or `error` (a problem).",
}
_ENDS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "\x85\u2028\u2029"}
COMMENT = ": \n\n"
"""What a client passes over: it shows that somebody is there."""
_QUIET = 1.0
"""Seconds between comments."""
_LOG = logging.getLogger("qdq")
T = TypeVar("T")


def event(name: str, document: dict[str, Any]) -> str:
    """JSON escapes the ends of lines, but for three that some clients take for such, so the data is one line.

    >>> event("done", {"a": "b\\nc"})
    'event: done\\ndata: {"a": "b\\\\nc"}\\n\\n'
    """
    data = json.dumps(document, ensure_ascii=False).translate(_ENDS)
    return f"event: {name}\ndata: {data}\n\n"


def streamed(steps: Generator[T, None, None], language: Language, event_of: Callable[[T], str]) -> StreamingResponse:
    """Each step as what ``event_of`` makes of it. Raises what goes wrong before the first step."""
    first = next(steps)
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingResponse(_parts(first, steps, language, event_of), media_type=MEDIA_TYPE, headers=headers)


async def _parts(
    first: T, steps: Generator[T, None, None], language: Language, event_of: Callable[[T], str]
) -> AsyncIterator[str]:
    """Closes ``steps`` in any case, also when the client has left."""
    spoke = time.monotonic()
    try:
        yield event_of(first)
        async for step in iterate_in_threadpool(steps):
            part = event_of(step)
            if part != COMMENT or time.monotonic() - spoke >= _QUIET:
                spoke = time.monotonic()
                yield part
    except QdqError as error:
        yield event("error", problem(error, language))
    except Exception as error:
        _LOG.error("unexpected error in a stream", exc_info=error)
        yield event("error", unexpected(language))
    finally:
        with CancelScope(shield=True):  # also where the time is up, or the client has left
            await run_in_threadpool(steps.close)


def answer_event(step: Step) -> str:
    """A step of an answer; a comment where there is nothing to tell yet."""
    if isinstance(step, Sentence):
        return event("sentence", _document(SentenceOut.model_validate(step)))
    if isinstance(step, Found | Done):
        name = "passages" if isinstance(step, Found) else "done"
        answered(step.answer)
        return event(name, _document(AnswerOut.model_validate(step.answer)))
    return COMMENT


def _document(out: BaseModel) -> dict[str, Any]:
    return out.model_dump(mode="json")
