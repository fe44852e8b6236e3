"""The report as plots: the products beside each other, and the curves of growth. Each as PNG and as SVG."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.bench.rivals import OURS, RIVALS
from eval.output.plots import ACCENT, INK, SOFT, STYLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BARS = (
    ("hit_1", "hit@1"),
    ("ndcg_20", "nDCG@20"),
    ("right_speaker_5", "right speaker, five passages"),
    ("auroc", "AUROC, said or not"),
    ("query_p50_ms", "query p50, ms"),
    ("index_tokens_s", "tokens indexed / s"),
    ("start_s", "cold first answer, s"),
    ("start_mb", "its memory, MB"),
)
_COLUMNS = 4
_Line = tuple[str, tuple[str, ...]]
_CURVES: tuple[tuple[str, tuple[_Line, ...]], ...] = (
    (
        "Engine.ask, ms",
        (
            ("p50", ("ask", "ask", "anyone", "p50")),
            ("p95", ("ask", "ask", "anyone", "p95")),
            ("p50, a speaker named", ("ask", "ask", "named", "p50")),
            ("p95, a speaker named", ("ask", "ask", "named", "p95")),
        ),
    ),
    (
        "searches of the store, p50, ms",
        (
            ("dense", ("ask", "dense", "anyone", "p50")),
            ("dense, a speaker named", ("ask", "dense", "named", "p50")),
            ("lexical", ("ask", "lexical", "anyone", "p50")),
            ("lexical, a speaker named", ("ask", "lexical", "named", "p50")),
        ),
    ),
    ("adding, ms a window", (("", ("add", "add_ms")),)),
    ("bytes a window", (("", ("add", "bytes_window")),)),
    ("fresh process to first answer, s", (("", ("start", "wall_s")),)),
    ("its memory, MB", (("", ("start", "peak_mb")),)),
    (
        "recall@10 by filter",
        tuple((kind, ("recall", kind)) for kind in ("nothing", "speaker", "debate", "dates")),
    ),
)
_LOOKS = ((ACCENT, "-"), (ACCENT, "--"), (INK, "-"), (INK, "--"))


def save_plots(report: Mapping[str, Any], folder: Path) -> list[Path]:
    """The files written; none where there is nothing to draw."""
    found: list[Path] = []
    for name, suite in report["suites"].items():
        rows = {key: row for key, row in suite["rows"].items() if "missing" not in row}
        if rows:
            found += _saved(folder / f"rivals-{name}", lambda figure: _bars(figure, rows), 13, 5)  # noqa: B023
    growth = [line for line in report["growth"] if "missing" not in line["add"]]
    if growth:
        found += _saved(folder / "growth", lambda figure: _curves(figure, growth), 13, 6)
    return found


def _bars(figure: "Figure", rows: Mapping[str, Mapping[str, Any]]) -> None:
    shown = [(key, title) for key, title in _BARS if any(key in row for row in rows.values())]
    panels = figure.subplots(-(-len(shown) // _COLUMNS), _COLUMNS, sharey=True, squeeze=False).flat
    names = list(rows)[::-1]
    for axes, (key, title) in zip(panels, shown, strict=False):
        values = [rows[name].get(key) or 0.0 for name in names]
        axes.barh(range(len(names)), values, color=[ACCENT if name == OURS else SOFT for name in names])
        axes.set_yticks(range(len(names)), [RIVALS[name].title for name in names])
        axes.set_title(title, loc="left", fontsize=10)
    for axes in list(panels)[len(shown) :]:
        axes.set_axis_off()


def _curves(figure: "Figure", growth: Sequence[Mapping[str, Any]]) -> None:
    panels = list(figure.subplots(2, _COLUMNS, squeeze=False).flat)
    for axes, (title, lines) in zip(panels, _CURVES, strict=False):
        _panel(axes, title, lines, growth)
    for axes in panels[len(_CURVES) :]:
        axes.set_axis_off()


def _panel(axes: "Axes", title: str, lines: Sequence[_Line], growth: Sequence[Mapping[str, Any]]) -> None:
    for (colour, style), (name, path) in zip(_LOOKS, lines, strict=False):
        points = [(line["add"]["windows"], value) for line in growth if (value := _at(line, path)) is not None]
        if points:
            axes.plot(*zip(*points, strict=True), style, marker="o", color=colour, label=name)
    axes.set_xscale("log")
    axes.set_xticks([line["size"] for line in growth], [f"{line['size']:,}" for line in growth])
    axes.set_xticks([], minor=True)
    axes.set_ylim(0, 1.05 * axes.get_ylim()[1])
    axes.set_xlabel("windows")
    axes.set_title(title, loc="left", fontsize=10)
    if len(lines) > 1:
        axes.legend(fontsize=8, frameon=False)


def _at(line: Any, path: Sequence[str]) -> float | None:
    for key in path:
        line = line.get(key) if isinstance(line, Mapping) else None
    return line if isinstance(line, int | float) else None


def _saved(path: Path, draw: "Callable[[Figure], None]", width: float, height: float) -> list[Path]:
    """``width`` and ``height`` in inches."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    path.parent.mkdir(parents=True, exist_ok=True)
    written = []
    with rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure)
        for ending, metadata in ((".png", {}), (".svg", {"Date": None})):
            written.append(path.with_suffix(ending))
            figure.savefig(written[-1], metadata=metadata, dpi=110)
    return written
