"""Where and from which state of the code a result comes."""

import os
import platform
import subprocess
from collections.abc import Iterator
from pathlib import Path

from eval.runs.results import Machine


def git_commit() -> str | None:
    """Of this checkout, with "+" when something is changed; None when it is none."""
    folder = Path(__file__).parents[2]
    if not (folder / ".git").exists():
        return None
    try:
        commit = _git(folder, "rev-parse", "--short=12", "HEAD")
        return commit + ("+" if _git(folder, "status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.SubprocessError):
        return None


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip()


def this_machine() -> Machine:
    return Machine(
        system=f"{platform.system()} {platform.machine()}",
        processor=_processor(),
        cores=os.cpu_count() or 1,
        python=platform.python_version(),
    )


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines: Iterator[str] = iter(path.read_text("utf-8").splitlines() if path.exists() else ())
    return next(
        (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.processor()
    )
