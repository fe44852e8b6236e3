"""``python -m eval.bench.soak``: a real server on loopback under load for minutes, then under more than it can do.

python -m eval.bench.soak                           10 minutes, 32 clients, then 4 times what it can do for 15 seconds
python -m eval.bench.soak --minutes 1 --clients 8   a first look
python -m eval.bench.soak --json

Nine requests of ten ask, the others search, add or remove. The exit status is 1 when the server had a fault, when its
memory grew by more than a twentieth after the warm-up, or when an overload was not told at once and left within 5 s.
"""

import argparse
import json
import sys
import tempfile
import threading
from collections.abc import Sequence
from statistics import median
from typing import Any

from eval.bench import parts
from eval.bench.figures import held_mb
from eval.bench.mix import Mix, failures, summary
from eval.bench.overload import overloaded
from eval.bench.server import Server, serving
from eval.shipped import SPEAKERS, TRANSCRIPT
from index.errors import QdqError
from index.writing.build import Details

_MOST_GROWTH = 0.05
_MOST_RECOVERY = 5.0
"""Seconds."""
_PARTS = 5
"""Of the time: the first is the warm-up, the second is compared with the last."""


def main(given: list[str] | None = None) -> int:
    """The exit status."""
    options = _parser().parse_args(given)
    with tempfile.TemporaryDirectory(prefix="qdq-soak-") as home:
        sentences = _indexed(home)
        with serving(home) as server:
            report = {
                "clients": options.clients,
                "minutes": options.minutes,
                **soaked(server, sentences, options.clients, 60 * options.minutes),
                "overload": overloaded(server.url, sentences, options.factor, options.seconds),
            }
    faults = faults_of(report)
    print(json.dumps(report | {"faults": faults}, indent=1, ensure_ascii=False) if options.json else _text(report))
    if faults:
        print(*faults, sep="\n", file=sys.stderr)
    return int(bool(faults))


def soaked(server: Server, sentences: Sequence[str], clients: int, seconds: float) -> dict[str, Any]:
    """What ``clients`` at once got from ``server``, and how its memory went."""
    stop, mixes = threading.Event(), [Mix(number, sentences) for number in range(clients)]
    threads = [threading.Thread(target=mix.run, args=(server.url, stop)) for mix in mixes]
    for thread in threads:
        thread.start()
    memory = _watched(server.process, seconds)
    stop.set()
    for thread in threads:
        thread.join()
    taken = [one for mix in mixes for one in mix.taken]
    return {
        "requests": len(taken),
        "per_second": round(len(taken) / seconds, 1),
        "failures": failures(taken),
        "kinds": summary(taken),
        "memory_mb": memory,
        "memory_growth": growth(memory),
    }


def growth(memory: Sequence[float]) -> float | None:
    """Of the last fifth over the second, which follows the warm-up; None where nothing tells the memory."""
    part = len(memory) // _PARTS
    if not part:
        return None
    return round(median(memory[-part:]) / median(memory[part : 2 * part]) - 1, 4)


def faults_of(report: dict[str, Any]) -> list[str]:
    """What is not as it should be, in words."""
    overload, grown = report["overload"], report["memory_growth"]
    return [
        said
        for said, wrong in (
            (f"{report['failures']} requests failed", report["failures"] > 0),
            (f"memory grew by {grown:.1%}" if grown is not None else "", (grown or 0.0) > _MOST_GROWTH),
            (f"{overload['failures']} requests of the overload failed", overload["failures"] > 0),
            (f"recovered after {overload['recovered_seconds']} s", overload["recovered_seconds"] > _MOST_RECOVERY),
        )
        if wrong
    ]


def _watched(process: int, seconds: float) -> list[float]:
    """The memory of ``process`` sixty times over ``seconds``, in MB."""
    pause, found = threading.Event(), []
    for _ in range(60):
        pause.wait(seconds / 60)
        found.append(held_mb(process))
    return [one for one in found if one is not None]


def _indexed(home: str) -> list[str]:
    """The sentences of the shipped debate, which is indexed in ``home``."""
    engine = parts.open_engine(home)
    engine.add(TRANSCRIPT, Details(speakers=SPEAKERS))
    sentences = [segment.text for summary in engine.debates() for segment in engine.debate(summary.id).segments]
    engine.close()
    return sentences


def _text(report: dict[str, Any]) -> str:
    lines = [
        f"{report['clients']} clients, {report['minutes']} minutes: {report['requests']} requests, "
        f"{report['per_second']} a second, {report['failures']} failed"
    ]
    for kind, found in report["kinds"].items():
        took = ", ".join(f"{name} {value:.0f} ms" for name, value in found["ms"].items())
        lines.append(f"  {kind:8}{found['requests']:8}  {took}  {found['statuses']}")
    memory, over = report["memory_mb"], report["overload"]
    if memory:
        lines.append(f"memory {memory[0]:.0f} to {memory[-1]:.0f} MB, {report['memory_growth']:+.1%} after the warm-up")
    lines.append(
        f"overload: {over['capacity']} answers a second, {over['offered']} asked for: {over['statuses']}, "
        f"503 after {over['refused_ms']} ms, 200 after {over['answered_ms']} ms, "
        f"recovered in {over['recovered_seconds']} s"
    )
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.bench.soak", description="A server under load, on loopback.")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--factor", type=float, default=4.0, help="the overload, in times of what it can do")
    parser.add_argument("--seconds", type=float, default=15.0, help="how long the overload lasts")
    parser.add_argument("--json", action="store_true")
    return parser


if __name__ == "__main__":
    try:
        sys.exit(main())
    except QdqError as error:
        sys.exit(error.message("en"))
