"""Every setting, and the only place where the environment is read.

Each field is set by ``QDQ_`` and its name in capitals: ``QDQ_PASSAGE_WORDS=50``. A variable that begins so and names no
setting is refused, so that a slip of the pen is not taken for a setting.
"""

import difflib
import ipaddress
import json
import os
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from index.encoding.encoder import DEFAULT_MODEL
from index.errors import SettingsInvalid
from index.milvus.schema import IndexType
from index.sound.networks.ears import DEFAULT_VOICE_MODEL
from index.transcripts.limits import LIMITS, Limits
from rag.watches.addresses import Allowed
from rag.weights import SHIPPED, Weights

_APPLICATION = "qui-dit-quoi"
_PREFIX = "QDQ_"

ANSWERING = (
    *("model", "encoder", "reranker", "rerank_passages"),
    *("passage_words", "abstain_below", "weights", "max_question_chars"),
)
"""The settings on which the quotes of an answer depend."""


_SECRET = ("llm_key", "store_token")


def _server_address(url: str) -> str:
    """A key has its own setting: a password in the address would be shown in messages."""
    parts = urlsplit(url)  # raises ValueError, as does a port that is none
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0 or parts.username is not None:
        raise ValueError("an address such as http://127.0.0.1:8080 is needed, without a user's name")
    return url


def _header_value(key: SecretStr) -> SecretStr:
    """Without the end of line that a file of keys leaves; what cannot be sent is refused here, unseen."""
    value = key.get_secret_value().strip()
    if not value.isascii() or not value.isprintable():
        raise ValueError("only printable ASCII characters")
    return SecretStr(value)


def _public_address(url: str) -> str:
    return _server_address(url).rstrip("/")


def _private_places(places: str) -> str:
    Allowed.of(places)  # raises ValueError
    return places


def _parts(given: object) -> object:
    """Of a list that is written with commas, or as JSON.

    >>> _parts("a, b"), _parts('["a", "b"]'), _parts("")
    (['a', 'b'], ['a', 'b'], [])
    """
    if not isinstance(given, str):
        return given
    if given.lstrip().startswith("["):
        return json.loads(given)  # raises ValueError
    return [part.strip() for part in given.split(",") if part.strip()]


def _network(address: str) -> str:
    ipaddress.ip_network(address)  # raises ValueError
    return address


def _origin(origin: str) -> str:
    """As a browser sends it: any page of that site may read what is answered, so none is meant by a sign."""
    parts = urlsplit(origin)
    bare = f"{parts.scheme}://{parts.netloc}"
    if parts.scheme not in ("http", "https") or not parts.hostname or origin.lower() != bare or "@" in bare:
        raise ValueError("an origin such as https://example.org is needed, without a path; * is not taken")
    return bare


_Origins = Annotated[tuple[Annotated[str, AfterValidator(_origin)], ...], NoDecode, BeforeValidator(_parts)]
_Networks = Annotated[tuple[Annotated[str, AfterValidator(_network)], ...], NoDecode, BeforeValidator(_parts)]


def _store_place(place: str) -> str:
    if "://" not in place and not place.endswith(".db"):
        raise ValueError("the address of a Milvus server (http://host:19530) or a path that ends in .db is needed")
    return _any_place(place)


def _any_place(place: str) -> str:
    return _server_address(place) if "://" in place else str(Path(place).expanduser())


def index_place(place: str, option: str) -> str:
    """Where an index is, as ``option`` gives it: as ``QDQ_STORE`` is checked, and a folder may be. Raises
    SettingsInvalid, which repeats no password."""
    try:
        if not place:
            raise ValueError("a place is needed")
        return _any_place(place)
    except (ValueError, RuntimeError) as error:  # the latter for the home of somebody who is not there
        raise SettingsInvalid(reason=f"{option}={_shown(place)}: {error}") from error


def _shown(given: object) -> object:
    """Without what may be a password in an address.

    >>> _shown("http://root:secret@host:19530")
    'http://…@host:19530'
    """
    return re.sub(r"(?<=://).*@", "…@", given) if isinstance(given, str) else given


class Settings(BaseSettings):
    """Bounds keep mistakes out; units are in the names."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="forbid", frozen=True)

    home: Path = Field(default_factory=lambda: platformdirs.user_data_path(_APPLICATION))
    """The folder of the index."""
    cache: Path = Field(default_factory=lambda: platformdirs.user_cache_path(_APPLICATION))
    """The folder of prepared models; it can be deleted at any time."""
    store: Annotated[str, AfterValidator(_store_place)] | None = None
    """A Milvus server that several of ours may share (``http://host:19530``, ``http://host:19530/database``), or a path
    that ends in ``.db``, which milvus-lite keeps for one process. None: SQLite and FAISS in ``home``."""
    store_token: Annotated[SecretStr, AfterValidator(_header_value)] | None = None
    """``user:password`` or a key, sent to that server alone. None or empty: it wants none."""
    store_index: IndexType = "AUTOINDEX"
    """Of the vectors, when their collection is made. AUTOINDEX leaves it to the server, and is FLAT in a ``.db``; HNSW
    finds the same with more memory; IVF_SQ8 takes a quarter of it and may miss some; FLAT misses nothing and reads
    everything."""
    store_consistency: Literal["Strong", "Bounded"] = "Strong"
    """Of the state that each question reads first. Strong: what one server adds the others answer with at once.
    Bounded: up to some five seconds later, for questions that do not wait for the engine's clock."""
    store_partitions: int = Field(default=16, ge=1, le=1_024)
    """Into which the debates are spread when their collection is made, so that a question to one of them reads one
    partition. Each costs every question to all of them: more only for an index of thousands."""
    store_replicas: int = Field(default=1, ge=1, le=64)
    """Copies in the memory of as many query nodes, for more questions at once."""
    model: str = Field(default=DEFAULT_MODEL, min_length=1)
    """"default", or any name or path that sentence-transformers loads."""
    encoder: Literal["auto", "sentence-transformers"] = "auto"
    """What runs the default model: ONNX Runtime, twice as fast and loaded in a second; or sentence-transformers, for a
    GPU. The vectors of both may lie in one index. Any other model is run by sentence-transformers."""
    threads: int | None = Field(default=None, ge=1, le=1024)
    """Of the processor, that ONNX Runtime uses for one batch. None: all."""
    keep_vectors_mb: int = Field(default=1_000, ge=0, le=1_000_000)
    """Vectors of passages kept in ``cache`` by the hash of their text, about 12 MB an hour of talk: a transcript that
    is added again embeds only what changed. 0: none."""
    reranker: str | None = Field(default=None, min_length=1)
    """A cross-encoder that sentence-transformers loads, by name or path, to reread the first passages."""
    rerank_passages: int = Field(default=20, ge=1, le=60)
    """How many it rereads: each costs a pass of the model."""
    passage_words: int = Field(default=50, ge=10, le=500)
    """About the longest passage."""
    abstain_below: float = Field(default=0.2, ge=0.0, le=1.0)
    """Confidence under which an answer is withheld. 0 always answers, 1 never does."""
    weights: Weights = SHIPPED
    """Of the ranking; in the environment as JSON."""
    max_question_chars: int = Field(default=1_000, ge=10, le=100_000)
    max_quote_chars: int = Field(default=10_000, ge=10, le=100_000)
    """Of a quote to verify: some 1,700 words."""
    max_file_mb: int = Field(default=LIMITS.file_mb, ge=1, le=2_000)
    max_parts: int = Field(default=LIMITS.parts, ge=1, le=100_000_000)
    max_values: int = Field(default=LIMITS.values, ge=1, le=100_000_000)
    max_line_chars: int = Field(default=LIMITS.line_chars, ge=1, le=1_000_000_000)
    max_segments: int = Field(default=LIMITS.segments, ge=1, le=10_000_000)
    """Of a file that is brought: see ``index.transcripts.limits``."""
    media_folder: Path | None = None
    """Whose audio and video files may be named over HTTP. None: addresses only. What is uploaded goes into its folder
    ``uploads``; None: into ``media`` beside the index."""
    voice_model: str = Field(default=DEFAULT_VOICE_MODEL, min_length=1)
    """What tells voices apart: "bundled", a graph (``.onnx``), or any x-vector model that transformers loads."""
    max_media_mb: int = Field(default=2_000, ge=1, le=1_000_000)
    """Of a recording that is uploaded."""
    voice_enrolment: bool = False
    """Whether voices may be kept for people by their name (``qdq people enroll``), and voices without a name compared
    with them: biometric data, for which the law asks their consent. False: nothing is computed, compared or read."""
    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8000, ge=0, le=65_535)
    require_key: bool = False
    """Whether a key is asked for also on this machine, as a server behind a proxy needs it. One that others reach asks
    for it in any case, but with ``--insecure``."""
    trusted_proxies: _Networks = ()
    """Addresses or networks of proxies whose ``X-Forwarded-For`` and ``-Proto`` are believed. Empty: nobody's."""
    cors_origins: _Origins = ()
    """Sites whose pages may use ``/v1`` from a browser, with a key that they have, never with a cookie."""
    max_waiting: int = Field(default=64, ge=1, le=100_000)
    """Questions that a server answers or lets wait at once: of 60 a second the last waits for one."""
    max_changes: int = Field(default=32, ge=1, le=10_000)
    """Requests that change something, being worked on or waiting at once: adding a debate takes long."""
    max_requests: int = Field(default=256, ge=1, le=100_000)
    """All other requests at once; a quarter of it for players of media. Health and metrics are never refused."""
    requests_per_minute: int | None = Field(default=None, ge=0, le=10_000_000)
    """From one key, or without one from one address. None: 600, and no limit for this machine without a key. 0: no
    limit for anybody."""
    request_seconds: float = Field(default=60.0, gt=0.0, le=86_400.0, allow_inf_nan=False)
    """For an answer, beside what a language model has for it; for a body to arrive, or the next part of a file."""
    change_seconds: float = Field(default=1_800.0, gt=0.0, le=86_400.0, allow_inf_nan=False)
    """For a change, with its files; for a stretch of a recording that is played."""
    max_body_kb: int = Field(default=1_000, ge=1, le=1_000_000)
    """Of a request; files come on top where a route takes some."""
    max_files: int = Field(default=30, ge=1, le=1_000)
    """Of the form of the page ``/debates``; each may have ``max_file_mb``."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """Of ``qdq serve``. INFO: a line for each request, without what it asks or is answered."""
    log_format: Literal["json", "text"] = "json"
    """A JSON object a line, or a line for eyes."""
    otlp_url: Annotated[str, AfterValidator(_server_address)] | None = None
    """Of an OpenTelemetry collector, such as http://127.0.0.1:4318/v1/traces, to which spans are sent. None: none
    are, unless the program that starts this one says so."""
    llm_url: Annotated[str, AfterValidator(_server_address)] | None = None
    """Of an OpenAI-compatible server, up to ``/v1``. None: there is no language model, and nothing is sent anywhere."""
    llm_model: str = ""
    """As that server calls it; kept with what it says, so it has no default."""
    llm_key: Annotated[SecretStr, AfterValidator(_header_value)] | None = None
    """Sent to that server alone. None or empty: it wants none."""
    llm_timeout: float = Field(default=120.0, gt=0.0, le=3_600.0, allow_inf_nan=False)
    """Seconds that it may leave a request without a sign of life; a request is tried three times."""
    llm_answers: bool = True
    """Whether that server is asked for the words of an answer, unless a question says. Every sentence is checked."""
    llm_answer_seconds: float = Field(default=30.0, gt=0.0, le=600.0, allow_inf_nan=False)
    """All the time that it has for an answer; then what there is of it is taken, or the quotes alone."""
    keep_answers_days: int = Field(default=30, ge=0, le=36_500)
    """How long an answer can be had back by its id. 0: none is kept, and those that were are deleted."""
    max_watches: int = Field(default=1_000, ge=0, le=100_000)
    """Each costs every new debate a search of it, some ten milliseconds. 0: nobody may add one."""
    webhook_private: Annotated[str, AfterValidator(_private_places)] = ""
    """Where webhooks may lie that are not public: hosts, addresses and networks with commas between them, or ``true``
    for anywhere. Empty: nowhere."""
    public_url: Annotated[str, AfterValidator(_public_address)] | None = None
    """The address under which others reach this server, for the links in notices. None: nobody knows it."""
    language: Literal["fr", "en"] | None = None
    """Of messages on the command line; by default that of the system."""

    @property
    def limits(self) -> Limits:
        """Of a file that is brought."""
        return Limits(self.max_file_mb, self.max_parts, self.max_values, self.max_line_chars, self.max_segments)


def load_settings(**given: object) -> Settings:
    """Settings from the environment, ``given`` first. Raises SettingsInvalid with the variable and the bound."""
    _refuse_unknown_variables()
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsInvalid(reason="; ".join(map(_reason, error.errors()))) from error


def _reason(fault: ErrorDetails) -> str:
    """The variable, what was given unless it is a secret, and the bound."""
    name = ".".join(part for part in fault["loc"] if isinstance(part, str))  # not which of a list
    given = "…" if name in _SECRET else _shown(fault["input"])
    return f"{_PREFIX}{name.upper()}={given}: {fault['msg']}"


def _refuse_unknown_variables() -> None:
    known = {f"{_PREFIX}{name.upper()}" for name in Settings.model_fields}
    for variable in sorted(os.environ):
        if variable.upper().startswith(_PREFIX) and variable.upper() not in known:
            near = difflib.get_close_matches(variable.upper(), known, n=1)
            raise SettingsInvalid(
                reason=f"{variable} (? {near[0]})" if near else f"{variable} (? {', '.join(sorted(known))})"
            )
