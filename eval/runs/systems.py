"""What can be evaluated: anything that answers a question.

shipped   the engine with the settings of this machine
dense     the same without word search
bm25      the same without vectors in the ranking; both always answer, since the confidence is fitted on the scores of
          the whole
fusion    what a plain hybrid search gives: windows of one width as they are, the whole question searched, whoever
          speaks, 0.6 z(cosine) + 0.4 z(BM25); it never abstains
FILE      the engine with settings from a JSON or TOML file, or those of an earlier result
"""

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from eval.types import Response
from index.encoding.encoder import Encoder
from index.errors import SettingsInvalid, SystemUnknown
from index.pieces.windows import WIDTHS
from index.store import Store
from index.transcripts.report import shortened
from index.types import EVERYWHERE, Hit, Origin, joined_text
from index.words.lexical import query_groups
from rag.answer import quoted
from rag.engine import MOST_TOP_K, Engine
from rag.layout import Layouts
from rag.links import permalink
from rag.settings import ANSWERING, Settings, load_settings
from rag.types import Citation

EVALUATED = ANSWERING
"""A settings file holds some of them."""

_NAMED: dict[str, dict[str, Any]] = {
    "shipped": {},
    "dense": {"weights": {"lexical": 0.0, "own_words": 0.0}, "abstain_below": 0.0},
    "bm25": {"weights": {"dense": 0.0}, "abstain_below": 0.0},
}
PLAIN = "fusion"
NAMES = (*_NAMED, PLAIN)

_PLAIN_WIDTH = max(WIDTHS)
_PLAIN_DENSE = 0.6
_CANDIDATES = 300


class Asked:
    """The product, asked as a user without a language model does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def answer(self, question: str) -> Response:
        answer = self._engine.ask(question, top_k=MOST_TOP_K, generate=False)
        cited = tuple(quoted(answer.citations, answer.kind))
        return Response(answer.citations, cited, answer.abstained, answer.confidence)


class PlainFusion:
    """The baseline: the nearest windows of about 90 words, dense and BM25 fused."""

    def __init__(self, store: Store, encoder: Encoder) -> None:
        self._store = store
        self._encoder = encoder
        self._layouts = Layouts(store)
        self._debates = {debate.id: debate for debate in store.debates()}

    def answer(self, question: str) -> Response:
        vector = self._encoder.embed_query(question)
        languages = sorted({debate.language for debate in self._debates.values()})
        terms = [term for group in query_groups(question, languages) for term in group]
        with self._store.reading():
            dense = self._store.dense(vector, _PLAIN_WIDTH, _CANDIDATES, EVERYWHERE)
            lexical = self._store.lexical(terms, _PLAIN_WIDTH, _CANDIDATES, EVERYWHERE)
            ranked = _fused(dense, lexical)[:MOST_TOP_K]
            passages = tuple(self._citation(rank, hit, score) for rank, (hit, score) in enumerate(ranked, start=1))
        return Response(passages, passages[:1], False, dense[0].score if dense else 0.0)

    def _citation(self, rank: int, hit: Hit, score: float) -> Citation:
        parts = self._layouts.of(hit.debate).pieces[hit.first : hit.last + 1]
        text, start, end = joined_text(parts), parts[0].start, max(part.end for part in parts)
        link, title = permalink(hit.debate, start, end), self._debates[hit.debate].title
        return Citation(rank, hit.debate, title, None, Origin.UNKNOWN, 0.0, start, end, text, text, score, link, None)


def _fused(dense: Sequence[Hit], lexical: Sequence[Hit]) -> list[tuple[Hit, float]]:
    """Best first; a window that one search did not return has the least of what that one returned."""
    places = {(hit.debate, hit.first): hit for hit in (*dense, *lexical)}
    total = dict.fromkeys(places, 0.0)
    for weight, hits in ((_PLAIN_DENSE, dense), (1 - _PLAIN_DENSE, lexical)):
        scores = {(hit.debate, hit.first): hit.score for hit in hits}
        spread = float(np.std(list(scores.values()))) if scores else 0.0
        least, mean = min(scores.values(), default=0.0), float(np.mean(list(scores.values()))) if scores else 0.0
        for place in places:
            total[place] += weight * (scores.get(place, least) - mean) / (spread or 1.0)
    return [(places[place], score) for place, score in sorted(total.items(), key=lambda item: (-item[1], item[0]))]


def system_settings(name: str, settings: Settings) -> Settings:
    """``settings`` as the system ``name`` (one of ``NAMES`` or a file) changes them. Raises SystemUnknown, or
    SettingsInvalid for a file that holds no settings."""
    changes = _NAMED.get(name, {}) if name in NAMES else _read(Path(name))
    try:
        return load_settings(**{**settings.model_dump(), **_merged(settings, changes)})
    except SettingsInvalid as error:
        raise SettingsInvalid(reason=f"{Path(name).name}: {error.details['reason']}") from error


def system_label(name: str) -> str:
    """What a table calls it: a file goes without its folder."""
    return name if name in NAMES else Path(name).name


def _merged(settings: Settings, changes: dict[str, Any]) -> dict[str, Any]:
    """Weights that are not named stay as they are."""
    weights = changes.get("weights")
    if not isinstance(weights, dict):
        return changes
    return {**changes, "weights": {**settings.weights.model_dump(), **weights}}


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text("utf-8")
        found = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except ValueError as error:
        raise SettingsInvalid(reason=f"{shortened(path.name)}: {error}") from error
    except OSError as error:
        raise SystemUnknown(system=shortened(str(path), 100), known=", ".join(NAMES)) from error
    found = found.get("settings", found) if isinstance(found, dict) else {}
    unknown = sorted(set(found) - set(EVALUATED)) if isinstance(found, dict) else [str(type(found))]
    if unknown or not found:
        raise SettingsInvalid(reason=f"{path.name}: {', '.join(unknown) or '{}'} (? {', '.join(EVALUATED)})")
    return dict(found)
