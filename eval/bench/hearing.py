"""Measured in a fresh process: how fast a long recording is heard, and the memory that it takes."""

import time
from pathlib import Path
from typing import Any

from eval.attribution.made_script import CONDITIONS, script_of
from eval.attribution.tape import RATE
from eval.bench.figures import held_mb, peak_mb
from eval.bench.long_sound import CONDITION, RECORDING, long_debate
from rag.listening import listener
from rag.settings import load_settings


def measure(suite: str, hours: float, folder: str) -> dict[str, Any]:
    """``times`` faster than it is heard; ``processor_s`` of all cores together, which other programs disturb less;
    ``above_mb``: the most memory above what the process held with the transcript read, models and what runs them
    included."""
    debate = long_debate(Path(suite), hours)
    given = script_of(debate, CONDITIONS[CONDITION]).unlabelled(debate)
    recording = Path(folder) / RECORDING
    seconds = recording.stat().st_size / 2 / RATE
    before = held_mb()
    began, worked = time.perf_counter(), time.process_time()
    heard = listener(load_settings())(recording, given)
    took = time.perf_counter() - began
    worked = time.process_time() - worked
    peak = peak_mb()
    return {
        "hours": seconds / 3600,
        "took": took,
        "processor_s": worked,
        "times": seconds / took,
        "above_mb": None if peak is None or before is None else peak - before,
        "speakers": len({one.speaker for one in debate.segments}),
        "voices": len(heard.voices),
    }
