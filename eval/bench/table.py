"""The report as Markdown: one page to read and to print."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from eval.bench.report import COSTS, QUALITY
from eval.bench.rivals import OURS, RIVALS
from eval.measures.names import MEASURES

_COSTS = {
    "index_tokens_s": "tokens indexed / s",
    "query_p50_ms": "query p50, ms",
    "query_p95_ms": "p95, ms",
    "start_s": "cold first answer, s",
    "start_mb": "its memory, MB",
    "index_mb": "memory to index, MB",
    "bytes": "index, kB",
    "lines": "lines to write",
}
_SCALE = {"bytes": 1e-3}
_PARTS = {
    "encode": "encoding the question",
    "tokenise": "of it, tokenising",
    "faiss": "FAISS alone, both widths",
    "terms": "the question's terms",
    "sum": "sum of the parts",
    "engine": "Engine.ask",
    "http": "POST /v1/ask",
}
_COMMANDS = (
    ("qdq add, model prepared, cold process, s", ("add_s",)),
    ("qdq ask, cold process, s", ("ask_s",)),
    ("qdq --help, s", ("help_s",)),
    ("qdq serve until ready, s", ("ready_s",)),
    ("POST /v1/ask warm, p50, ms", ("ask", "p50")),
    ("POST /v1/ask warm, p95, ms", ("ask", "p95")),
    ("the same questions again, p50, ms", ("again", "p50")),
    ("GET /?q=… warm, p50, ms", ("page", "p50")),
    ("GET /d/{debate} warm, p50, ms", ("read", "p50")),
    ("memory of the server, MB", ("server_mb",)),
)
_GROWTH = (
    ("adding, ms a window", ("add", "add_ms")),
    ("first search after it, s", ("add", "settle_s")),
    ("bytes a window", ("add", "bytes_window")),
    ("fresh process to first answer, s", ("start", "wall_s")),
    ("its memory, MB", ("start", "peak_mb")),
    *(
        (f"{name}, {kind}, {percent}, ms", ("ask", of, key, percent))
        for of, name in (("ask", "Engine.ask"), ("dense", "store.dense"), ("lexical", "store.lexical"))
        for key, kind in (("anyone", "anyone"), ("named", "a speaker named"))
        for percent in ("p50", "p95")
    ),
    *((f"recall@10, filter: {kind}", ("recall", kind)) for kind in ("nothing", "speaker", "debate", "dates")),
)


def markdown(report: Mapping[str, Any]) -> str:
    """Ends with a line end."""
    machine, packages = report["machine"], report["versions"]
    lines = [
        "# Bench",
        "",
        f"{report['created']}, mode {report['mode']}, commit {report['commit'] or 'unknown'}; "
        f"{machine['cores']} cores, {machine['processor']}, Python {machine['python']}; "
        + ", ".join(f"{name} {version}" for name, version in packages.items())
        + ".",
        "",
    ]
    for name, suite in report["suites"].items():
        lines += _suite(name, suite)
    lines += (
        _encoding(report["encoding"]) + _limits(report["limits"]) + _growth(report["growth"]) + _load(report["load"])
    )
    lines += _hearing(report["hearing"])
    return "\n".join([*lines, *_commands(report["commands"])]).rstrip("\n") + "\n"


def _suite(name: str, suite: Mapping[str, Any]) -> list[str]:
    given = suite["given"]
    head = [f"## {name}", ""]
    if "missing" in given:
        return [*head, f"Left out: {given['missing']}.", ""]
    said = (
        f"{given['recordings']} recording(s), {given['words']} words; {given['questions']} questions, "
        f"{given['answerable']} of them answerable; {given['chunks']} chunks for the others."
    )
    rows, shown = suite["rows"], [key for key in QUALITY if any(key in row for row in suite["rows"].values())]
    quality = [[_title(key), *(_number(row.get(measure), 3) for measure in shown)] for key, row in rows.items()]
    costs = [[_title(key), *(_cost(cost, row) for cost in COSTS)] for key, row in rows.items()]
    ratios = [
        [_title(key), *(f"{found[cost]:.2f}" if cost in found else "–" for cost in COSTS)]
        for key, found in suite["ratios"].items()
    ]
    return [
        *(*head, said, ""),
        *_table(["", *(MEASURES[measure].en for measure in shown)], quality),
        *_table(["", *_COSTS.values()], costs),
        "Ratios: 2.00 means that ours takes half (or indexes twice as fast).",
        "",
        *_table(["", *_COSTS.values()], ratios),
        *_left_out(rows),
    ]


def _left_out(rows: Mapping[str, Mapping[str, Any]]) -> list[str]:
    missing = [f"- {_title(key)}: {row['missing']}" for key, row in rows.items() if "missing" in row]
    failed = [f"- {_title(key)}: {row['failed']} question(s) failed" for key, row in rows.items() if "failed" in row]
    return [*missing, *failed, ""] if missing or failed else []


def _title(rival: str) -> str:
    title = RIVALS[rival].title
    return f"**{title}**" if rival == OURS else title


def _cost(cost: str, row: Mapping[str, Any]) -> str:
    value = row.get(cost)
    return _number(
        None if value is None else value * _SCALE.get(cost, 1), 1 if cost in ("start_s", "query_p50_ms") else 0
    )


def _encoding(encoding: Mapping[str, Any] | None) -> list[str]:
    if encoding is None:
        return []
    head = ["## The model alone", ""]
    if "missing" in encoding:
        return [*head, f"Left out: {encoding['missing']}.", ""]
    ours, plain = encoding["ours_tokens_s"], encoding["plain_tokens_s"]
    said = f"{ours:,.0f} tokens a second; sentence-transformers by itself {plain:,.0f}, so {ours / plain:.2f} times"
    return [*head, f"{said} as many. Least cosine of the two vectors of a window: {encoding['least_cosine']:.4f}.", ""]


def _limits(limits: Mapping[str, Any] | None) -> list[str]:
    if limits is None:
        return []
    head = ["## Against the parts", ""]
    if "missing" in limits:
        return [*head, f"Left out: {limits['missing']}.", ""]
    over = limits["overhead_percent"]
    rows = [
        [
            title,
            _number(limits[key]["p50"], 2),
            _number(limits[key]["p95"], 2),
            f"{over[key]:+.0f} %" if key in over else "",
        ]
        for key, title in _PARTS.items()
    ]
    return [*head, *_table(["", "p50, ms", "p95, ms", "over the sum"], rows)]


def _growth(growth: Sequence[Mapping[str, Any]]) -> list[str]:
    if not growth:
        return []
    head = ["## As the index grows", ""]
    missing = dict.fromkeys(part["missing"] for line in growth for part in _parts(line) if "missing" in part)
    reasons = [*(f"Left out: {reason}." for reason in missing), ""] if missing else []
    columns = [line for line in growth if "missing" not in line["add"]]
    if not columns:
        return [*head, *reasons]
    rows = [[title, *(_number(_at(line, path), 3) for line in columns)] for title, path in _GROWTH]
    windows = [f"{line['add']['windows']:,} windows" for line in columns]
    copies = ", ".join(f"{line['add']['copies']} of {line['add']['debates']}" for line in columns)
    return [*head, *_table(["", *windows], rows), f"Debates that are changed copies of others: {copies}.", "", *reasons]


def _parts(line: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [part for part in line.values() if isinstance(part, Mapping)]


def _load(load: Mapping[str, Any] | None) -> list[str]:
    if load is None:
        return []
    head = ["## Many at once", ""]
    if "missing" in load:
        return [*head, f"Left out: {load['missing']}.", ""]
    percentiles = ", ".join(f"{name} {value:.0f} ms" for name, value in load["ms"].items())
    said = f"{load['clients']} clients, {load['requests']} questions: {load['per_second']:.1f} answers a second, "
    return [*head, f"{said}{load['errors']} errors, {percentiles}; {_number(load['server_mb'], 0)} MB.", ""]


def _hearing(hearing: Mapping[str, Any] | None) -> list[str]:
    if hearing is None:
        return []
    head = ["## A recording heard", ""]
    if "missing" in hearing:
        return [*head, f"Left out: {hearing['missing']}.", ""]
    took = f"{hearing['hours']:.2f} hours in {hearing['took']:.0f} s ({hearing['processor_s']:.0f} s of the processor)"
    memory = f"{_number(hearing['above_mb'], 0)} MB at most above the process before"
    found = f"{hearing['voices']} voices of {hearing['speakers']} speakers"
    return [*head, f"{took}: {hearing['times']:.0f} times faster than it is heard; {memory}; {found}.", ""]


def _commands(commands: Mapping[str, Any] | None) -> list[str]:
    if commands is None:
        return []
    head = ["## Commands and pages", ""]
    if "missing" in commands:
        return [*head, f"Left out: {commands['missing']}.", ""]
    return [*head, *_table(["", ""], [[title, _number(_at(commands, path), 2)] for title, path in _COMMANDS])]


def _at(values: Any, path: Sequence[str]) -> float | None:
    for key in path:
        values = values.get(key) if isinstance(values, Mapping) else None
    return values if isinstance(values, int | float) else None


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None or math.isnan(value) else f"{value:.{digits}f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Numbers to the right, and columns that stand below each other in the text as well."""
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
    shown = [
        "| " + " | ".join(f"{cell:{'<' if at == 0 else '>'}{widths[at]}}" for at, cell in enumerate(row)) + " |"
        for row in (head, *rows)
    ]
    line = "|" + "|".join("-" * (width + 1) + ("-" if at == 0 else ":") for at, width in enumerate(widths)) + "|"
    return [shown[0], line, *shown[1:], ""]
