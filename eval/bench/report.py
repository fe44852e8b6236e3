"""The values of all pieces -> one document: what was measured, on what, and the ratios that can be quoted."""

import datetime
import statistics
from collections.abc import Mapping
from typing import Any

from eval.bench.chunks import Cut
from eval.bench.pieces import Values, versions
from eval.bench.plan import Plan
from eval.bench.rivals import OURS, RIVALS
from eval.bench.rivals.section import lines_of
from eval.runs.machine import git_commit, this_machine

QUALITY = (
    *("hit_1", "mrr_10", "recall_5", "ndcg_20", "citation_precision"),
    *("right_speaker", "right_speaker_5", "auroc"),
)
COSTS = ("index_tokens_s", "query_p50_ms", "query_p95_ms", "start_s", "start_mb", "index_mb", "bytes", "lines")
_HIGHER = frozenset({"index_tokens_s"})
"""Of the costs, those of which more is better."""
_PACKAGES = ("torch", "transformers", "sentence-transformers", "faiss-cpu", "numpy")

Row = dict[str, Any]
"""Of one product on one suite: the values that there are by their names, or ``missing``."""


def report_of(plan: Plan, values: Mapping[str, Values]) -> dict[str, Any]:
    """As JSON has it."""
    suites = {cut.name: suite_of(cut, values) for cut in plan.cuts if f"rivals/{cut.name}/given" in values}
    packages = [package for rival in RIVALS.values() for package in rival.packages]
    return {
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "mode": plan.mode,
        "commit": git_commit(),
        "machine": this_machine().model_dump(),
        "versions": versions((*_PACKAGES, *packages)),
        "suites": suites,
        "encoding": values.get("encoding"),
        "limits": _limits(values.get("limits")),
        "growth": _growth(plan, values),
        "load": values.get("load"),
        "hearing": values.get("hearing"),
        "commands": values.get("commands"),
        "pieces": dict(values),
    }


def suite_of(cut: Cut, values: Mapping[str, Values]) -> dict[str, Any]:
    """``rows`` by product, and ``ratios`` of the others to ours: times that it takes what ours takes, where 2 always
    means that ours is twice as good."""
    rows = {name: _row(name, cut, values) for name in RIVALS}
    ours = rows[OURS]
    ratios = {name: ratios_of(row, ours) for name, row in rows.items() if name != OURS}
    return {"given": dict(values[f"rivals/{cut.name}/given"]), "rows": rows, "ratios": ratios}


def _row(rival: str, cut: Cut, values: Mapping[str, Values]) -> Row:
    name = f"rivals/{cut.name}/{rival}"
    index, asked = values.get(f"{name}/index", {}), values.get(f"{name}/ask", {})
    starts = [found for key, found in values.items() if key.startswith(f"{name}/start-") and "missing" not in found]
    missing = next((found["missing"] for found in (index, asked) if "missing" in found), None)
    if missing is not None or not index or not asked:
        return {"missing": missing or "not measured"}
    row: Row = {measure: asked["quality"][measure] for measure in QUALITY if measure in asked["quality"]}
    row["index_tokens_s"] = values[f"rivals/{cut.name}/given"]["tokens"] / index["seconds"]
    row |= {"query_p50_ms": asked["query_ms"]["p50"], "query_p95_ms": asked["query_ms"]["p95"]}
    if starts:
        row |= {key: statistics.median(found[of] for found in starts) for key, of in _OF_A_START}
    row |= {"index_mb": index["peak_mb"], "bytes": index["bytes"], "lines": lines_of(RIVALS[rival])}
    return row | ({"failed": asked["failed"]} if asked["failed"] else {})


_OF_A_START = (("start_s", "wall_s"), ("start_mb", "peak_mb"))


def ratios_of(row: Row, ours: Row) -> dict[str, float]:
    """By cost, where both have one.

    >>> ratios_of({"start_s": 12.0, "index_tokens_s": 500.0}, {"start_s": 6.0, "index_tokens_s": 1000.0})
    {'index_tokens_s': 2.0, 'start_s': 2.0}
    """
    both = [cost for cost in COSTS if row.get(cost) and ours.get(cost)]
    return {cost: round(ours[cost] / row[cost] if cost in _HIGHER else row[cost] / ours[cost], 2) for cost in both}


def _limits(limits: Values | None) -> dict[str, Any] | None:
    """With the ``overhead_percent`` of an answer over the sum of its parts, in percent of that sum."""
    if limits is None or "missing" in limits:
        return None if limits is None else dict(limits)
    least = limits["sum"]["p50"]
    overhead = {way: round(100 * (limits[way]["p50"] / least - 1), 1) for way in ("engine", "http")}
    return {**limits, "overhead_percent": overhead}


def _growth(plan: Plan, values: Mapping[str, Values]) -> list[dict[str, Any]]:
    """A line for each size that was measured, or why there is none."""
    sizes = [size for size in plan.sizes if f"growth/{size}/add" in values]
    return [
        {"size": size, **{part: dict(values[f"growth/{size}/{part}"]) for part in ("add", "start", "ask", "recall")}}
        for size in sizes
        if all(f"growth/{size}/{part}" in values for part in ("add", "start", "ask", "recall"))
    ]
