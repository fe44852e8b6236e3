"""Figures of times and of memory. Imports nothing: it is read in processes whose memory is measured."""

import statistics
from collections.abc import Sequence
from pathlib import Path


def percentile(values: Sequence[float], percent: int) -> float:
    """With linear interpolation, as numpy's. Raises ValueError without any.

    >>> percentile([1.0, 2.0, 3.0, 4.0, 5.0], 50)
    3.0
    """
    if not values:
        raise ValueError("there is no percentile of nothing")
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def times(milliseconds: Sequence[float], *percents: int) -> dict[str, float]:
    """ "p50", "p95" and the like, rounded to microseconds."""
    return {f"p{percent}": round(percentile(milliseconds, percent), 3) for percent in percents or (50, 95)}


def peak_mb(process: int | str = "self") -> float | None:
    """The most memory that ``process`` has held, in MB.

    Linux tells it of the program that runs now; what ``getrusage`` tells begins with what the parent held when it
    started this one, so it serves elsewhere only. None where nothing tells.
    """
    told = _told_mb(process, "VmHWM")
    if told is None and process == "self":
        from eval.suites.indexes import peak_memory

        told = peak_memory()
    return None if told is None else round(told, 1)


def held_mb(process: int | str = "self") -> float | None:
    """The memory that ``process`` holds now, in MB; None where the system does not tell, as on other ones than
    Linux."""
    told = _told_mb(process, "VmRSS")
    return None if told is None else round(told, 1)


def _told_mb(process: int | str, name: str) -> float | None:
    """https://man7.org/linux/man-pages/man5/proc_pid_status.5.html"""
    status = Path(f"/proc/{process}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith(f"{name}:")), None)


def folder_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
