"""Makes rag/data/confidence.json: ``python -m eval.fit_confidence --shared ../shared [--write]``.

Fitted on two kinds of questions, answerable and not:

- those over the shipped debate, asked with and without its side file;
- the 137 of bench/fredsum-dev, and for each of them the same person asked about something that no such debate is about.

Printed for each kind: the area under the ROC curve, and at the threshold of the settings the shares of wrong refusals
and of wrong answers, first when that kind is held out from the fit, then when it is not. The shipped ``heldout``
questions are in no fit.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from eval.suites.find import find_suite
from eval.suites.indexes import open_index
from eval.suites.suite import Suite
from index.encoding.encoder import Encoder
from rag.confidence import Figures
from rag.encoders import open_encoder
from rag.engine import Engine
from rag.settings import Settings, load_settings

_OUTPUT = Path(__file__).parent.parent / "rag" / "data" / "confidence.json"
_THRESHOLD: float = Settings.model_fields["abstain_below"].default
_FREEDOM = 50.0
_ABROAD = 1.5
"""What an unanswerable question in another language weighs: no word of its answer can be recognised by who asks."""
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
    """A question's figures, and whether it is answerable; ``fitted`` unless it is only measured."""

    kind: str
    figures: Figures
    answerable: bool
    fitted: bool = True


def debate_examples(engine: Engine, suite: Suite) -> list[Example]:
    asked = [(one.question, one.answerable, suite.sets[one.id] in _SETS) for one in suite.questions]
    return _examples("debate", engine, asked)


def fredsum_examples(engine: Engine, suite: Suite) -> list[Example]:
    asked = [(question.question, True, True) for question in suite.questions]
    for position, question in enumerate(suite.questions):
        asked.append((f"Que dit {question.speaker} sur {_ELSEWHERE[position % len(_ELSEWHERE)]} ?", False, True))
    return _examples("fredsum", engine, asked)


def _engine(suite: Suite, settings: Settings, encoder: Encoder, *, labelled: bool = True) -> Engine:
    store, _figures = open_index(suite, settings, encoder, labelled=labelled)
    return Engine(store, encoder, settings)


def _examples(kind: str, engine: Engine, asked: Sequence[tuple[str, bool, bool]]) -> list[Example]:
    found = ((engine.figures(text), answerable, fitted) for text, answerable, fitted in asked)
    return [Example(kind, figures, answerable, fitted) for figures, answerable, fitted in found if figures is not None]


def fit(examples: Sequence[Example]) -> Pipeline:
    """Every kind weighs the same, and in it the answerable and the others, so that 0.5 is in the middle. The pull
    towards no opinion is the same for few examples as for many; with less of it, a kind that is held out is judged
    worse."""
    cells = [(example.kind, example.answerable) for example in examples]
    weights = np.array([1 / cells.count(cell) for cell in cells])
    weights *= [1.0 if one.answerable or one.figures.same_language else _ABROAD for one in examples]
    model = make_pipeline(StandardScaler(), LogisticRegression(C=_FREEDOM / len(examples)))
    model.fit(_matrix(examples), _answerable(examples), logisticregression__sample_weight=weights / weights.mean())
    return model


def _matrix(examples: Sequence[Example]) -> npt.NDArray[np.float64]:
    return np.array([list(example.figures.features.values()) for example in examples])


def _answerable(examples: Sequence[Example]) -> npt.NDArray[np.bool_]:
    return np.array([example.answerable for example in examples])


def _report(name: str, model: Pipeline, examples: Sequence[Example]) -> None:
    sure, truth = model.predict_proba(_matrix(examples))[:, 1], _answerable(examples)
    refusals, answers = float(np.mean(sure[truth] < _THRESHOLD)), float(np.mean(sure[~truth] >= _THRESHOLD))
    rates = f"wrong refusals {refusals:.3f}  wrong answers {answers:.3f}"
    print(f"{name:44} {len(examples):4} questions  AUROC {roc_auc_score(truth, sure):.3f}  {rates}")


def _weights(model: Pipeline, names: Sequence[str]) -> dict[str, float]:
    """On the figures as they are, not scaled."""
    scaler, regression = model[0], model[1]
    slopes = regression.coef_[0] / scaler.scale_
    intercept = float(regression.intercept_[0] - (slopes * scaler.mean_).sum())
    named = zip(names, slopes.tolist(), strict=True)
    return {"intercept": round(intercept, 4), **{name: round(value, 4) for name, value in named}}


def _fitted(examples: Sequence[Example]) -> dict[str, dict[str, float]]:
    """A set of weights for each set of figures, reported on the way."""
    found = {}
    for name in sorted({example.figures.weights for example in examples}):
        among = [example for example in examples if example.figures.weights == name]
        learnt = [example for example in among if example.fitted]
        for kind in sorted({example.kind for example in among}):
            these = [example for example in learnt if example.kind == kind]
            if others := [example for example in learnt if example.kind != kind]:
                _report(f"{name}: {kind}, held out", fit(others), these)
            _report(f"{name}: {kind}, fitted", fit(learnt), these)
        if measured := [example for example in among if not example.fitted]:
            _report(f"{name}: questions of no fit", fit(learnt), measured)
        found[name] = _weights(fit(learnt), list(learnt[0].figures.features))
    return found


def main() -> None:
    """Fit, print, and with ``--write`` put the weights into the package."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--shared", type=Path, required=True, help="the folder that holds bench/fredsum-dev")
    parser.add_argument("--write", action="store_true", help="replace rag/data/confidence.json")
    arguments = parser.parse_args()
    settings = load_settings()
    debate, fredsum = (find_suite(name, settings) for name in ("debate", f"{arguments.shared}/bench/fredsum-dev"))
    encoder = open_encoder(settings)
    examples = debate_examples(_engine(debate, settings, encoder), debate)
    examples += debate_examples(_engine(debate, settings, encoder, labelled=False), debate)
    examples += fredsum_examples(_engine(fredsum, settings, encoder), fredsum)
    blind = [replace(example, figures=replace(example.figures, matched=None)) for example in examples]
    every = [*examples, *blind]
    weights = _fitted([*every, *(replace(one, figures=replace(one.figures, fitted_model=False)) for one in every)])
    if arguments.write:
        document = {
            "made_by": "python -m eval.fit_confidence",
            "made_on": datetime.now(UTC).date().isoformat(),
            "made_from": "questions over the shipped debate and FREDSum (CC BY-SA 4.0); it holds no text of them",
            "examples": sum(example.fitted for example in examples),
            "model": encoder.fingerprint,
            "weights": weights,
        }
        _OUTPUT.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
