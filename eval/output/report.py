"""A result as one HTML page that needs nothing else: no script, no network, plots inside."""

import base64
from pathlib import Path

from eval.measures.names import MEASURES, SPEAKER_MEASURES
from eval.output.explain import gold_texts, outcome, verdict
from eval.output.plots import categories_svg, latency_svg, risk_coverage_svg
from eval.runs.results import QuestionRecord, Result, worst
from index.errors import Language
from index.files import save_text
from index.times import format_range, format_time

_TEMPLATE = "report.html.j2"
_PASSAGES = 3
_KINDS: dict[Language, dict[str, str]] = {
    "fr": {"set": "jeu", "category": "catégorie", "lang": "langue"},
    "en": {"set": "set", "category": "category", "lang": "language"},
}


def write_report(result: Result, folder: Path, language: Language, server: str) -> Path:
    """``NAME.html`` in ``folder``. ``server`` is where permalinks lead, "http://127.0.0.1:8000". Raises
    FileUnwritable."""
    path = folder / f"{result.name}.html"
    save_text(path, report_html(result, language, server))
    return path


def report_html(result: Result, language: Language, server: str) -> str:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("eval", "output"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    answerable = [record for record in result.questions if record.question.answerable]
    return environment.get_template(_TEMPLATE).render(
        result=result,
        french=language == "fr",
        answerable=len(answerable),
        rows=[(MEASURES[name], value) for name, value in result.summary.items()],
        language=language,
        groups=result.groups,
        kinds=_KINDS[language],
        shown=[
            MEASURES[name] for name in ("hit_1", "mrr_10", "recall_5", "ndcg_20", "wrong_refusals", "wrong_answers")
        ],
        plots=_plots(result, language) if answerable else {},
        worst=[_worst(result, record, language, server) for record in worst(result.questions)],
        errors=result.errors,
        speaker_measures=SPEAKER_MEASURES,
        range=format_range,
        time=format_time,
    )


def _plots(result: Result, language: Language) -> dict[str, str]:
    """As data addresses, so that the ids inside two plots cannot meet."""
    plots = {"categories": categories_svg, "risk": risk_coverage_svg, "latency": latency_svg}
    return {
        name: "data:image/svg+xml;base64," + base64.b64encode(draw(result, language).encode()).decode()
        for name, draw in plots.items()
    }


def _worst(result: Result, record: QuestionRecord, language: Language, server: str) -> dict[str, object]:
    return {
        "record": record,
        "outcome": outcome(record, language),
        "gold": gold_texts(result, record),
        "passages": [
            (passage, verdict(record, passage, language), _address(passage.link, server))
            for passage in record.passages[:_PASSAGES]
        ],
        "gold_links": [
            _address(f"/d/{span.debate}?t={span.start:g},{span.end:g}", server) for span in record.question.gold
        ],
    }


def _address(link: str | None, server: str) -> str:
    return f"{server}{link}" if link and link.startswith("/") else link or ""
