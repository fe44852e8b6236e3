"""The language model that a user may have: any server that speaks as OpenAI's does (llama.cpp, Ollama, vLLM, hosted).

    settings -> ChatServer.of(settings).complete(messages, schema) -> {"segments": […]}

The schema is asked for as structured output; a server that refuses that is asked plainly, and the JSON is looked for in
what it writes. That the reply fits the schema in full is for the caller to check: servers accept schemas that they do
not follow. A text is had as it is written, ``stream``. No limit on the whole time of a server that sends a byte now and
then: whoever needs one closes the connections from another thread, as ``generate.py`` does.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, TypedDict

from index.errors import LlmPackageMissing, LlmReplyInvalid, LlmUnavailable, LlmUnset
from index.transcripts.report import shortened
from rag.settings import Settings

if TYPE_CHECKING:
    from openai import APIStatusError, OpenAI, OpenAIError
    from openai.types.chat import ChatCompletion, ChatCompletionChunk

RETRIES = 2
"""After a lost connection, a timeout, or a status that may pass (408, 409, 429, 500 and over)."""
_SHOWN = 200


class Message(TypedDict):
    """A message of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


class ChatServer:
    """One model of one server. Close it, or use it in a ``with`` block."""

    def __init__(self, url: str, model: str, *, key: str = "", timeout: float = 120.0, retries: int = RETRIES) -> None:
        """``timeout`` in seconds, for each try. Raises LlmPackageMissing. Nothing is sent yet."""
        self.url = url
        self.model = model
        self._key = key
        self._timeout = timeout
        self._tries = retries + 1
        self._client = _client(url, key, timeout, retries)
        self._plainly = False

    @classmethod
    def of(cls, settings: Settings, *, timeout: float | None = None, retries: int = RETRIES) -> Self:
        """``timeout`` in seconds, where it is less than that of the settings. Raises LlmUnset, LlmPackageMissing."""
        if settings.llm_url is None or not settings.llm_model:
            raise LlmUnset
        key = settings.llm_key.get_secret_value() if settings.llm_key else ""
        seconds = min(settings.llm_timeout, timeout or settings.llm_timeout)
        return cls(settings.llm_url, settings.llm_model, key=key, timeout=seconds, retries=retries)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes its connections."""
        self._client.close()

    def complete(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> dict[str, Any]:
        """The model's reply, an object with the fields that ``schema`` (JSON Schema of an object) requires. Raises
        LlmUnavailable, LlmReplyInvalid."""
        from openai import OpenAIError

        try:
            content, cut = self._answer(messages, schema)
        except OpenAIError as error:
            raise self._unavailable(*self._reasons(error)) from error
        except (json.JSONDecodeError, UnicodeDecodeError) as error:  # a body that is said to be JSON and is not
            raise self._unavailable("it does not answer in JSON", "il ne répond pas en JSON") from error
        found = object_in(content, schema["required"])
        if found is None:
            head = self._shown(content)
            reason, reason_fr = ("it is cut off", "elle est coupée") if cut else ("no such JSON", "pas le JSON demandé")
            raise LlmReplyInvalid(model=self.model, reason=f"{reason}: {head}", reason_fr=f"{reason_fr} : {head}")
        return found

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """The model's reply in parts as they come, none of them empty. Raises LlmUnavailable, and LlmReplyInvalid when
        it ends before the model ended it: then what came is a beginning."""
        from openai import OpenAIError

        ended = False
        try:
            with self._client.chat.completions.create(stream=True, **self._request(messages)) as chunks:
                for chunk in chunks:
                    text, finish = self._part(chunk)
                    if text:
                        yield text
                    ended = ended or finish == "stop"
        except OpenAIError as error:
            raise self._unavailable(*self._reasons(error)) from error
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise self._unavailable("it does not answer in JSON", "il ne répond pas en JSON") from error
        if not ended:
            raise LlmReplyInvalid(model=self.model, reason="it is cut off", reason_fr="elle est coupée")

    def _answer(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> tuple[str, bool]:
        """The text of the reply, and whether it reached the longest allowed. A server that refused the schema once, and
        took the same request without it, is not asked for it again."""
        from openai import APIStatusError

        if not self._plainly:
            try:
                return self._sent(messages, schema)
            except APIStatusError as error:
                if not _refuses_schema(error):
                    raise
        answer = self._sent(messages, None)
        self._plainly = True
        return answer

    def _sent(self, messages: Sequence[Message], schema: Mapping[str, Any] | None) -> tuple[str, bool]:
        """Without a schema nothing is asked that some models refuse, so no temperature either."""
        from openai import omit
        from openai.types.shared_params import ResponseFormatJSONSchema

        form: ResponseFormatJSONSchema | None = None
        if schema is not None:
            form = {"type": "json_schema", "json_schema": {"name": "reply", "strict": True, "schema": dict(schema)}}
        completion = self._client.chat.completions.create(
            response_format=form or omit, temperature=0.0 if form else omit, **self._request(messages)
        )
        return self._text(completion)

    def _request(self, messages: Sequence[Message]) -> dict[str, Any]:
        """What every request says."""
        from openai import omit

        # the library would take these from variables that are meant for another server
        headers = {"OpenAI-Organization": omit, "OpenAI-Project": omit}
        if not self._key:
            headers["Authorization"] = omit
        return {"model": self.model, "messages": list(messages), "extra_headers": headers}

    def _part(self, chunk: "ChatCompletionChunk") -> tuple[str, str | None]:
        """The text of a chunk and why the reply ends with it; a chunk of counts has no choices."""
        try:
            choices = chunk.choices or []
            content = choices[0].delta.content if choices and choices[0].delta else None
            finish = choices[0].finish_reason if choices else None
        except (AttributeError, IndexError, TypeError) as error:
            raise self._not_compatible() from error
        return content if isinstance(content, str) else "", finish

    def _text(self, completion: "ChatCompletion") -> tuple[str, bool]:
        """The library does not check what it reads: a page of HTML comes as a string, a missing field as None."""
        try:
            choice = completion.choices[0]
            content = choice.message.content
        except (AttributeError, IndexError, TypeError) as error:
            raise self._not_compatible() from error
        return content if isinstance(content, str) else "", choice.finish_reason == "length"

    def _not_compatible(self) -> LlmUnavailable:
        return self._unavailable(
            "it does not answer as an OpenAI-compatible server; addresses often end in /v1",
            "il ne répond pas comme un serveur compatible OpenAI ; l'adresse finit souvent par /v1",
        )

    def _unavailable(self, reason: str, reason_fr: str) -> LlmUnavailable:
        return LlmUnavailable(model=self.model, url=self.url, reason=reason, reason_fr=reason_fr)

    def _reasons(self, error: "OpenAIError") -> tuple[str, str]:
        """In English and in French. What the server or the system says stays as it is."""
        from openai import APIStatusError, APITimeoutError

        if isinstance(error, APITimeoutError):
            seconds, tries = f"{self._timeout:g} s", self._tries
            return f"nothing came within {seconds}, {tries} tries", f"rien en {seconds}, {tries} essai(s)"
        if isinstance(error, APIStatusError):
            said = self._shown(error.message.removeprefix(f"Error code: {error.status_code}").lstrip(" -"))
            return f"status {error.status_code}: {said}", f"statut {error.status_code} : {said}"
        said = self._shown(str(error.__cause__ or error))
        return said, said

    def _shown(self, text: str) -> str:
        """What comes from outside, as a message shows it: one short line, and never the key, which servers that refuse
        it like to repeat."""
        hidden = text.replace(self._key, "…") if self._key else text
        return shortened(" ".join(hidden.split()), _SHOWN) or "–"


def object_in(text: str, required: Collection[str]) -> dict[str, Any] | None:
    """The last JSON object in ``text`` that has the fields ``required``: models write it bare, in a Markdown fence,
    or after their thoughts, which may hold drafts of it.

    >>> object_in('Here: ```json {"segments": []} ```', ["segments"])
    {'segments': []}
    """
    found, at, decoder = None, text.find("{"), json.JSONDecoder()
    while at >= 0:
        end = at + 1
        try:
            value, after = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            pass  # cut off, or a brace that is only a brace
        else:
            if value.keys() >= set(required):
                found, end = value, after
        at = text.find("{", end)
    return found


def _client(url: str, key: str, timeout: float, retries: int) -> "OpenAI":
    try:
        from openai import OpenAI
    except ImportError as error:
        raise LlmPackageMissing from error
    # it insists on a key, and without one would take that of OPENAI_API_KEY
    return OpenAI(base_url=url, api_key=key or "none", timeout=timeout, max_retries=retries)


def _refuses_schema(error: "APIStatusError") -> bool:
    """400 or 422; older servers of llama.cpp's family answer 500 and name the field."""
    return error.status_code in (400, 422) or "response_format" in error.message
