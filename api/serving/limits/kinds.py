"""Which request has which limits: the one place that decides it, from its method and address alone."""

import re
from dataclasses import dataclass
from enum import StrEnum

from starlette.types import Scope

from rag.settings import Settings


class Kind(StrEnum):
    """What a request is for. Those that are FREE wait for nobody, are not counted and have no time: whoever looks after
    the server must get an answer when all others do not, and a file of the pages costs nothing."""

    QUESTION = "question"
    CHANGE = "change"
    RECORDING = "recording"
    MEDIA = "media"
    OTHER = "other"
    FREE = "free"


_QUESTIONS = {
    *(("POST", "/v1/ask"), ("GET", "/v1/ask/export"), ("GET", "/v1/search")),
    *(("POST", "/v1/compare"), ("POST", "/v1/verify"), ("POST", "/mcp"), ("POST", "/mcp/")),
}
_PAGES = {"/": b"q=", "/verify": b"quote="}
"""Those that answer, and the field that is then in the address."""
_FREE = {"/healthz", "/readyz", "/metrics"}
_QUICK = {"/signin", "/signout", "/mcp"}
"""What is sent there changes no debate: somebody without a key must not be able to hold the places of those who do."""
_DOCUMENTS = {"/docs", "/redoc", "/openapi.json"}
FILES = ("/static/", "/static-offline-docs/")
PLAIN = {path for _method, path in _QUESTIONS} | {*_PAGES, *_FREE, *_QUICK, *_DOCUMENTS, "/v1/debates", "/debates"}
"""Addresses without anything of anybody's in them."""
_READING = {"GET", "HEAD", "OPTIONS"}
_RECORDINGS = re.compile(r"/v1/debates/[^/]+/media|/d/[^/]+/recording")
"""Where a recording is brought, by a program and by a page."""
_DEBATE_FILES = 3
"""Of ``POST /v1/debates``: a transcript, who speaks, and its metadata."""


def kind_of(scope: Scope) -> Kind:
    """Of an HTTP request."""
    path, method = scope["path"], "GET" if scope["method"] == "HEAD" else scope["method"]
    if path in _FREE or path.startswith(FILES):
        return Kind.FREE
    if (method, path) in _QUESTIONS or (method == "GET" and path in _PAGES and _PAGES[path] in scope["query_string"]):
        return Kind.QUESTION
    if method == "POST" and _RECORDINGS.fullmatch(path):
        return Kind.RECORDING
    if method not in _READING and path not in _QUICK:
        return Kind.CHANGE
    return Kind.MEDIA if path.startswith("/d/") and path.endswith("/media") else Kind.OTHER


@dataclass(frozen=True, slots=True)
class BodyLimit:
    """``most`` bytes, as messages say it; ``setting`` raises it. A body with ``files`` may take as long as a change as
    long as its parts keep coming."""

    most: int
    setting: str
    files: bool = False

    @property
    def shown(self) -> str:
        """
        >>> BodyLimit(1_000_000, "QDQ_MAX_BODY_KB").shown
        '1,000 kB'
        """
        return f"{self.most // 1_000:,} kB"


def body_limit(scope: Scope, settings: Settings) -> BodyLimit:
    """Of an HTTP request: the fields, and the files where its route takes some."""
    fields, files = settings.max_body_kb * 1_000, settings.max_file_mb * 1_000_000
    if scope["method"] == "POST" and scope["path"] == "/v1/debates":
        return BodyLimit(fields + _DEBATE_FILES * files, "QDQ_MAX_FILE_MB", files=True)
    if scope["method"] == "POST" and scope["path"] == "/debates":
        return BodyLimit(fields + settings.max_files * files, "QDQ_MAX_FILES, QDQ_MAX_FILE_MB", files=True)
    if kind_of(scope) is Kind.RECORDING:
        return BodyLimit(fields + settings.max_media_mb * 1_000_000, "QDQ_MAX_MEDIA_MB", files=True)
    return BodyLimit(fields, "QDQ_MAX_BODY_KB")


def seconds_for(kind: Kind, settings: Settings) -> tuple[float, str]:
    """For the whole of a request, and the setting that says so."""
    if kind in (Kind.CHANGE, Kind.MEDIA, Kind.RECORDING):
        return settings.change_seconds, "QDQ_CHANGE_SECONDS"
    model = settings.llm_answer_seconds if kind is Kind.QUESTION and settings.llm_url else 0.0
    return settings.request_seconds + model, "QDQ_REQUEST_SECONDS"
