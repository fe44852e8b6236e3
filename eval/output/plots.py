"""The plots of a result, each as one SVG text. matplotlib is used without its windows."""

import io
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from eval.measures.formulas import risk_coverage
from eval.measures.names import MEASURES
from eval.runs.results import Result, Value
from index.errors import Language
from index.transcripts.report import shortened
from index.transcripts.segments import plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, ACCENT, SOFT = "#1d2b3a", "#0b6e99", "#c9d6df"
_LONGEST = 30
"""Characters of a category's name."""
STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "qdq",
    "text.parse_math": False,
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}


def categories_svg(result: Result, language: Language) -> str:
    """hit@1 and nDCG@20 of each category with its 95 % interval; the dashed line is all questions."""
    groups = [
        (shortened(plain(name.removeprefix("category ")), _LONGEST), values)
        for name, values in sorted(result.groups.items(), reverse=True)
        if name.startswith("category ") and "hit_1" in values
    ]
    shown = groups or [("", result.summary)]

    def draw(figure: "Figure") -> None:
        panels = figure.subplots(1, 2, sharey=True)
        for axes, measure in zip(panels, ("hit_1", "ndcg_20"), strict=True):
            _intervals(axes, shown, measure)
            axes.axvline(result.summary[measure].value, color=INK, linewidth=1, linestyle="--")
            axes.set_title(MEASURES[measure].label(language), loc="left", fontsize=10)
        panels[0].set_yticks(range(len(shown)), [f"{name} ({values['hit_1'].count})" for name, values in shown])

    return _svg(draw, 8.4, max(2.2, 1.1 + 0.32 * len(shown)))


def _intervals(axes: "Axes", shown: Sequence[tuple[str, dict[str, Value]]], measure: str) -> None:
    for height, (_name, values) in enumerate(shown):
        value = values[measure]
        low, high = value.low if value.low is not None else value.value, value.high or value.value
        axes.plot([low, high], [height, height], color=SOFT, linewidth=5, solid_capstyle="round")
        axes.plot(value.value, height, "o", color=ACCENT, markersize=7)
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.6, len(shown) - 0.4)
    axes.grid(axis="x", color=SOFT, linewidth=0.6)


def risk_coverage_svg(result: Result, language: Language) -> str:
    """The share of wrong answers as more and more questions are answered, the surest first; the dot is where the
    settings stop."""
    records = result.questions
    curve = risk_coverage([record.confidence for record in records], [record.right for record in records])
    answered = [record for record in records if not record.abstained]
    french = language == "fr"

    def draw(figure: "Figure") -> None:
        axes = figure.subplots()
        axes.plot(curve.coverage, curve.risk, color=ACCENT, linewidth=2)
        axes.fill_between(curve.coverage, curve.risk, color=SOFT, alpha=0.5)
        if answered:
            wrong = sum(not record.right for record in answered) / len(answered)
            axes.plot(len(answered) / len(records), wrong, "o", color=INK, markersize=7)
        axes.set_xlim(0, 1.02)
        axes.set_ylim(0, max(0.05, *curve.risk) * 1.1)
        axes.set_xlabel("part des questions qui reçoivent une réponse" if french else "share of questions answered")
        axes.set_ylabel("part de réponses fausses" if french else "share of wrong answers")
        axes.set_title(f"{'aire' if french else 'area'} {curve.area:.3f}", loc="left", fontsize=10)

    return _svg(draw, 4.4, 3.2)


def latency_svg(result: Result, language: Language) -> str:
    """Milliseconds of each question, with the median and the 95th percentile."""
    took = [record.took_ms for record in result.questions if record.error is None] or [0.0]

    def draw(figure: "Figure") -> None:
        axes = figure.subplots()
        axes.hist(took, bins=min(40, max(5, len(took) // 4)), color=ACCENT, alpha=0.8)
        axes.set_ylim(0, 1.3 * axes.get_ylim()[1])
        for value, name, height in ((result.latency.p50, "p50", 0.98), (result.latency.p95, "p95", 0.89)):
            axes.axvline(value, color=INK, linewidth=1, linestyle="--")
            text = f"{name} {value:.0f} ms"
            axes.text(0.98, height, text, transform=axes.transAxes, ha="right", va="top", fontsize=9)
        axes.set_xlabel("ms")
        axes.set_ylabel("questions")
        axes.set_title("temps de réponse" if language == "fr" else "time to answer", loc="left", fontsize=10)

    return _svg(draw, 4.4, 3.2)


def _svg(draw: "Callable[[Figure], None]", width: float, height: float) -> str:
    """``width`` and ``height`` in inches."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    text = io.StringIO()
    with rc_context(STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # the page's own fonts draw the text
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure)
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()
