"""Measured in a fresh process: a recording of hours of one debate, told again and again, which the next piece hears."""

import time
from itertools import islice
from pathlib import Path
from typing import Any

from eval.attribution.made_script import joined
from eval.attribution.made_sound import make, read_voices
from eval.suites.native import read_folder
from index.transcripts.limits import LIMITS
from index.types import Debate

RECORDING = "recording.wav"
CONDITION = "hard"


def measure(suite: str, voices: str, hours: float, folder: str) -> dict[str, Any]:
    """Leaves the recording in ``folder``; ``seconds`` is how long it lasts, ``took`` how long it took to make."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    made = make(long_debate(Path(suite), hours), read_voices(Path(voices)), CONDITION, Path(folder) / RECORDING)
    return {"seconds": made.duration, "took": time.perf_counter() - began, "bytes": made.path.stat().st_size}


def long_debate(suite: Path, hours: float) -> Debate:
    """The first debate of a suite, as often as ``hours`` need and cut there. Raises a QdqError."""
    (first,) = islice((one.debate for one in read_folder(suite, suite.name, limits=LIMITS).recordings), 1)
    found = first
    while found.segments[-1].end < 3600 * hours:
        found = joined(found, first, float("inf"))
    kept = tuple(one for one in found.segments if one.start < 3600 * hours)
    return Debate(first.id, first.title, kept, first.participants, description=first.description)
