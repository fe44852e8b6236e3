"""The pieces of a run: each is measured in a fresh process, written down, and taken from there as long as nothing
changed that it depends on. So a run that was interrupted goes on, and one after a change measures what changed."""

import hashlib
import importlib.metadata
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from index.files import save_text

Values: TypeAlias = Mapping[str, Any]
"""What was measured, as JSON has it; ``{"missing": why}`` where it could not be."""

ROOT = Path(__file__).parents[2]
_ENVIRONMENT = ("HF_HUB_OFFLINE=1", "HAYSTACK_TELEMETRY_ENABLED=False", "TQDM_DISABLE=1", "QDQ_KEEP_VECTORS_MB=0")
"""No product may look for models elsewhere, tell anybody of this run, draw while the clock runs, or take vectors that
an earlier run made."""


@dataclass(frozen=True, slots=True)
class Piece:
    """``name`` is its place in the report, ``module`` has ``measure(**arguments)``. ``depends`` names everything else
    that its values depend on; ``makes`` is a folder that it leaves, without which they are no use, ``needs`` one that
    another piece leaves; ``missing`` says why it cannot be measured here."""

    name: str
    module: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    depends: str = ""
    makes: Path | None = None
    needs: Path | None = None
    missing: str = ""

    @property
    def key(self) -> str:
        said = json.dumps([self.name, self.module, self.arguments, self.depends], sort_keys=True, default=str)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


class Keeper:
    """Keeps the values of pieces in a folder. ``fresh`` measures everything anew."""

    def __init__(self, folder: Path, *, fresh: bool = False, say: bool = True) -> None:
        self._folder = folder
        self._fresh = fresh
        self._say = say

    def values(self, piece: Piece) -> Values:
        """Those that were kept, else those of a new measurement; a failure is told in them and tried again next time.
        What it said stands in a ``.log`` beside."""
        if piece.missing:
            return {"missing": piece.missing}
        path = self._folder / f"{piece.name}.json"
        known = None if self._fresh else _kept(path, piece)
        if known is not None:
            return known
        if piece.needs is not None and not piece.needs.is_dir():
            return {"missing": "it needs an index that could not be made"}
        began = time.monotonic()
        try:
            values = _measured(piece)
        except subprocess.CalledProcessError as error:
            self._tell(piece, "failed", began)
            save_text(path.with_suffix(".log"), error.stderr)
            if piece.makes is not None:
                shutil.rmtree(piece.makes, ignore_errors=True)  # half of it would pass for the whole
            return {"missing": _last_line(error.stderr)}
        save_text(path, json.dumps({"key": piece.key, "values": values}, indent=1) + "\n")
        self._tell(piece, "measured", began)
        return values

    def _tell(self, piece: Piece, what: str, began: float) -> None:
        if self._say:
            print(f"{what:8} {piece.name:44} {time.monotonic() - began:7.1f} s", file=sys.stderr, flush=True)


def _kept(path: Path, piece: Piece) -> Values | None:
    if piece.makes is not None and not piece.makes.is_dir():
        return None
    try:
        found = json.loads(path.read_text("utf-8"))
        values: Values | None = found["values"] if found["key"] == piece.key else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return values


def _measured(piece: Piece) -> Values:
    with tempfile.TemporaryDirectory(prefix="qdq-bench-") as folder:
        out = Path(folder) / "values.json"
        arguments = json.dumps(dict(piece.arguments), default=str)
        command = ["env", *_ENVIRONMENT, sys.executable, "-m", "eval.bench.child", str(time.time()), piece.module]
        subprocess.run([*command, arguments, str(out)], check=True, capture_output=True, text=True, cwd=ROOT)
        values: Values = json.loads(out.read_text("utf-8"))
    return values


def _last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "it failed and said nothing")


def code(*parts: str) -> str:
    """Names the state of the source files ``parts``, files or folders from the root of the repository."""
    digest = hashlib.sha256()
    for part in parts:
        path = ROOT / part
        files = [path] if path.is_file() else [found for found in sorted(path.rglob("*")) if _is_source(found)]
        for file in files:
            digest.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def _is_source(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts and path.suffix != ".md"


def versions(packages: Iterable[str]) -> dict[str, str]:
    """Of those that are installed."""
    found = {}
    for package in packages:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def not_installed(packages: Sequence[str]) -> str:
    """What to say of those that are missing; empty when all are there."""
    missing = [package for package in packages if package not in versions(packages)]
    return f"not installed: {', '.join(missing)} (`make bench` sets it up)" if missing else ""
