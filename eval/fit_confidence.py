"""Makes rag/data/confidence.json: ``python -m eval.fit_confidence --shared ../shared [--write]``.

Fitted on two kinds of questions, answerable and not:

- those over the shipped debate, asked with and without its side file;
- the 137 of bench/fredsum-dev, and for each of them the same person asked about something that no such debate is about.

Printed for each kind: the area under the ROC curve, and at the threshold of the settings the shares of wrong refusals
and of wrong answers, first when that kind is held out from the fit, then when it is not.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from eval.suites.find import find_suite
from eval.suites.indexes import open_index
from eval.suites.suite import Suite
from index.encoder import SentenceTransformerEncoder
from rag.confidence import FEATURES
from rag.engine import Engine
from rag.question import language_of
from rag.settings import Settings, load_settings

_OUTPUT = Path(__file__).parent.parent / "rag" / "data" / "confidence.json"
_THRESHOLD: float = Settings.model_fields["abstain_below"].default
_SETS = frozenset({"dev", "own"})
"""Of the shipped questions; the others are held out."""
_ELSEWHERE = (
    "la blockchain|le tricot|les jeux vidéo en ligne|la cuisine japonaise|les trous noirs|les abeilles|"
    "le jazz manouche|la physique quantique|les cryptomonnaies|le tennis de table|la poterie|le latin|"
    "les dinosaures|le yoga|les logiciels libres|la plongée sous-marine|le cinéma coréen|la calligraphie|"
    "l'impression 3D|la généalogie|les volcans|la bande dessinée|les réseaux de neurones|la navigation à voile|"
    "les parfums|l'opéra italien|les drones de loisir"
).split("|")


@dataclass(frozen=True, slots=True)
class Example:
    """The figures of a question, in the order of ``FEATURES``, and whether it is answerable."""

    kind: str
    same_language: bool
    figures: tuple[float, ...]
    answerable: bool


def debate_examples(engine: Engine, suite: Suite) -> list[Example]:
    questions = [question for question in suite.questions if suite.sets[question.id] in _SETS]
    return _examples("debate", engine, [(question.question, question.answerable) for question in questions])


def fredsum_examples(engine: Engine, suite: Suite) -> list[Example]:
    asked = [(question.question, True) for question in suite.questions]
    for position, question in enumerate(suite.questions):
        asked.append((f"Que dit {question.speaker} sur {_ELSEWHERE[position % len(_ELSEWHERE)]} ?", False))
    return _examples("fredsum", engine, asked)


def _engine(suite: Suite, settings: Settings, *, labelled: bool = True) -> Engine:
    encoder = SentenceTransformerEncoder(settings.model, cache=settings.cache)
    store, _figures = open_index(suite, settings, encoder, labelled=labelled)
    return Engine(store, encoder, settings)


def _examples(kind: str, engine: Engine, asked: Sequence[tuple[str, bool]]) -> list[Example]:
    found = ((text, engine.figures(text), answerable) for text, answerable in asked)
    return [
        Example(kind, language_of(text) == "fr", figures, answerable)
        for text, figures, answerable in found
        if figures is not None
    ]


def fit(examples: Sequence[Example]) -> LogisticRegression:
    """Every kind weighs the same, and in it the answerable and the others, so that 0.5 is in the middle."""
    cells = [(example.kind, example.answerable) for example in examples]
    weights = np.array([1 / cells.count(cell) for cell in cells])
    model = LogisticRegression(C=1.0)
    model.fit(_matrix(examples), _answerable(examples), sample_weight=weights / weights.mean())
    return model


def _matrix(examples: Sequence[Example]) -> npt.NDArray[np.float64]:
    return np.array([example.figures for example in examples])


def _answerable(examples: Sequence[Example]) -> npt.NDArray[np.bool_]:
    return np.array([example.answerable for example in examples])


def _report(name: str, model: LogisticRegression, examples: Sequence[Example]) -> None:
    sure, truth = model.predict_proba(_matrix(examples))[:, 1], _answerable(examples)
    refusals, answers = float(np.mean(sure[truth] < _THRESHOLD)), float(np.mean(sure[~truth] >= _THRESHOLD))
    rates = f"wrong refusals {refusals:.3f}  wrong answers {answers:.3f}"
    print(f"{name:32} {len(examples):4} questions  AUROC {roc_auc_score(truth, sure):.3f}  {rates}")


def _weights(model: LogisticRegression) -> dict[str, float]:
    named = zip(FEATURES, model.coef_[0].tolist(), strict=True)
    return {"intercept": round(float(model.intercept_[0]), 4), **{name: round(value, 4) for name, value in named}}


def main() -> None:
    """Fit, print, and with ``--write`` put the weights into the package."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--shared", type=Path, required=True, help="the folder that holds bench/fredsum-dev")
    parser.add_argument("--write", action="store_true", help="replace rag/data/confidence.json")
    arguments = parser.parse_args()
    settings = load_settings()
    debate, fredsum = (find_suite(name, settings) for name in ("debate", f"{arguments.shared}/bench/fredsum-dev"))
    examples = debate_examples(_engine(debate, settings), debate)
    examples += debate_examples(_engine(debate, settings, labelled=False), debate)
    examples += fredsum_examples(_engine(fredsum, settings), fredsum)
    french = [example for example in examples if example.same_language]
    for kind in ("debate", "fredsum"):
        among = [example for example in french if example.kind == kind]
        _report(f"{kind}, held out", fit([example for example in french if example.kind != kind]), among)
        _report(f"{kind}, fitted", fit(french), among)
    english = [example for example in examples if not example.same_language]
    _report("English over French, fitted", fit(english), english)
    if arguments.write:
        document = {
            "made_by": "python -m eval.fit_confidence",
            "made_on": datetime.now(UTC).date().isoformat(),
            "made_from": "questions over the shipped debate and FREDSum (CC BY-SA 4.0); it holds no text of them",
            "examples": len(examples),
            "weights": {"same_language": _weights(fit(french)), "other_language": _weights(fit(english))},
        }
        _OUTPUT.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
