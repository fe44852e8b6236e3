"""The tools and resources in the official SDK: one server for every way in, stateless, so that any of several servers
may answer. Errors of ours become a sentence in the result; of any other the assistant learns nothing."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias, TypeVar

import mcp_types as types
from anyio.to_thread import run_sync
from mcp.server import Server, ServerRequestContext
from mcp.shared.exceptions import MCPError
from pydantic import ValidationError

from api.assistants import resources
from api.assistants.moments import TEMPLATE
from api.assistants.tools import EXACT, TOOLS, Told, Tool, language_for
from api.assistants.wording import as_data
from api.errors import language_of, problem_type, status_of, unexpected
from index.errors import Language, QdqError, SpeakerUnknown
from rag.engine import Engine
from rag.records import program_version

NAME = "qui-dit-quoi"
_INSTRUCTIONS = f"""Recorded debates: who said what, when, in their own words. Ask with `ask`; check any quote with \
`verify_quote` before you attribute it; find debates with `list_debates`, read them with `read_transcript` or by the \
`qdq://` addresses in the results. {EXACT} When `abstained` is true, say that nobody was found to say it."""
_LOG = logging.getLogger("qdq")
_TOOLS = {tool.name: tool for tool in TOOLS}
_Context: TypeAlias = ServerRequestContext[Any, Any]
T = TypeVar("T")

# of a message that cannot be read its debug lines show the content, which is nobody's business
logging.getLogger("mcp").setLevel(logging.WARNING)


def server_of(engine: Engine, language: Language = "en") -> Server[Any]:
    """``language`` is for callers that say none."""
    served = _Served(engine, language)
    return Server(
        NAME,
        title="Qui dit quoi",
        version=program_version(),
        instructions=_INSTRUCTIONS,
        on_list_tools=served.list_tools,
        on_call_tool=served.call_tool,
        on_list_resources=served.list_resources,
        on_list_resource_templates=served.list_templates,
        on_read_resource=served.read_resource,
    )


@dataclass(frozen=True, slots=True)
class _Served:
    """The requests, each answered in a thread, since the engine blocks."""

    engine: Engine
    language: Language

    async def list_tools(self, _ctx: _Context, _params: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(tool) for tool in TOOLS])

    async def call_tool(self, ctx: _Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        """Raises MCPError for a tool that is none."""
        tool = _TOOLS.get(params.name)
        if tool is None:
            raise MCPError(types.INVALID_PARAMS, f"Unknown tool; there are {', '.join(_TOOLS)}")
        return await run_sync(partial(self._called, tool, params.arguments or {}, self._language(ctx)))

    def _called(self, tool: Tool, arguments: dict[str, Any], language: Language) -> types.CallToolResult:
        try:
            asked = tool.takes.model_validate(arguments)
        except ValidationError as error:
            return _failed(_faults(error))
        language = language_for(asked, language)
        try:
            return _result(tool.call(self.engine, asked, language))
        except QdqError as error:
            return _failed(_sentence(error, language))
        except Exception as error:
            _LOG.error("unexpected error in the tool %s", tool.name, exc_info=error)
            return _failed(unexpected(language)["detail"])

    async def list_resources(
        self, ctx: _Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        cursor = params.cursor if params else None
        page = await self._read(ctx, partial(resources.debates, self.engine, cursor))
        listed = [
            types.Resource(uri=one.uri, name=one.id, title=one.title, mime_type="text/plain") for one in page.debates
        ]
        return types.ListResourcesResult(resources=listed, next_cursor=page.next_cursor)

    async def list_templates(
        self, _ctx: _Context, _params: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        moment = types.ResourceTemplate(
            uri_template=TEMPLATE,
            name="moment",
            title="A moment of a debate",
            description="What is said between two seconds (t=START,END), or from the beginning. " + EXACT,
            mime_type="text/plain",
        )
        return types.ListResourceTemplatesResult(resource_templates=[moment])

    async def read_resource(self, ctx: _Context, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        uri = params.uri
        text = await self._read(ctx, partial(resources.text_at, self.engine, uri, self._language(ctx)))
        content = types.TextResourceContents(uri=uri, mime_type="text/plain", text=text)
        return types.ReadResourceResult(contents=[content])

    async def _read(self, ctx: _Context, work: Callable[[], T]) -> T:
        """Raises MCPError, for what goes wrong where no result can tell it."""
        try:
            return await run_sync(work)
        except QdqError as error:
            code = types.INVALID_PARAMS if status_of(type(error)) < 500 else types.INTERNAL_ERROR
            data = {"type": problem_type(type(error))}
            raise MCPError(code, _sentence(error, self._language(ctx)), data) from error
        except Exception as error:
            _LOG.error("unexpected error in %s", ctx.method, exc_info=error)
            raise MCPError(types.INTERNAL_ERROR, unexpected(self._language(ctx))["detail"]) from error

    def _language(self, ctx: _Context) -> Language:
        """That of the HTTP request; what comes otherwise has none."""
        return self.language if ctx.request is None else language_of(ctx.request)


def _described(tool: Tool) -> types.Tool:
    only_reads = types.ToolAnnotations(
        title=tool.title, read_only_hint=True, idempotent_hint=True, open_world_hint=False
    )
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.takes.model_json_schema(),
        output_schema=tool.gives.model_json_schema(mode="serialization"),
        annotations=only_reads,
    )


def _result(told: Told) -> types.CallToolResult:
    links = [types.ResourceLink(uri=link.uri, name=link.name, mime_type="text/plain") for link in told.links]
    return types.CallToolResult(
        content=[types.TextContent(text=told.text), *links], structured_content=told.result.model_dump(mode="json")
    )


def _sentence(error: QdqError, language: Language) -> str:
    """The names that one of them tells were read from transcripts."""
    sentence = error.message(language)
    return as_data(sentence, language) if isinstance(error, SpeakerUnknown) else sentence


def _failed(sentence: str) -> types.CallToolResult:
    """What an assistant can mend, or has to tell."""
    return types.CallToolResult(content=[types.TextContent(text=sentence)], is_error=True)


def _faults(error: ValidationError) -> str:
    """Which argument is wrong, and how, without sending the input back."""
    told = (f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors(include_input=False))
    return f"Invalid arguments ({'; '.join(told)})."
