"""A large index made of a small one, and how fast it is searched: for the limits of the store, without an encoder.

    python -m eval.bench.large SMALL_HOME NEW_HOME --windows 1000000 --questions questions.txt

Debates of about 1,000 windows are drawn from those of an index that is there. Their vectors are moved to a cosine of
0.97 with the old ones, and a tenth of their terms is made up, so that the vocabulary grows as that of a large index.
"""

import argparse
import json
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.local import VECTOR_FILE, LocalStore
from index.pieces.windows import WIDTHS, pieces, windows
from index.store import IndexedDebate, Store
from index.types import EVERYWHERE, Attribution, Debate, Origin, Scope, Segment, Vectors, Window
from index.words.lexical import query_groups, terms
from rag.encoders import open_encoder
from rag.retrieve import CANDIDATES
from rag.settings import load_settings

_NARROW_SHARE = 2 / 3
_IN_A_DEBATE = 1000
_COSINE = 0.97
_MADE_UP = 0.1
_PEOPLE = 300
_FINGERPRINT = "made"


@dataclass(frozen=True, slots=True)
class Source:
    """Windows of one width: their vectors ``(n, dim)`` and terms."""

    vectors: Vectors
    terms: Sequence[Sequence[str]]


def sources(store: Store) -> dict[int, Source]:
    """All windows of an index, by width."""
    found: dict[int, tuple[list[Vectors], list[list[str]]]] = {width: ([], []) for width in WIDTHS}
    for summary in store.debates():
        debate, known = store.debate(summary.id), store.vectors(summary.id)
        parts = pieces(debate.segments)
        for width in WIDTHS:
            for window in windows(parts, width):
                vector = known.get((width, window.first, window.last))
                if vector is not None:
                    found[width][0].append(vector)
                    found[width][1].append(terms(window.text, debate.language))
    return {width: Source(np.stack(vectors), texts) for width, (vectors, texts) in found.items()}


def moved(vectors: Vectors, generator: np.random.Generator) -> Vectors:
    """To about ``_COSINE`` with what they were, in any direction."""
    noise = generator.standard_normal(vectors.shape, dtype=np.float32)
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    found = _COSINE * vectors + np.sqrt(1 - _COSINE**2).astype(np.float32) * noise
    made: Vectors = found / np.linalg.norm(found, axis=1, keepdims=True)
    return made


def made_debate(number: int, found: dict[int, Source], generator: np.random.Generator) -> IndexedDebate:
    """One of about 1,000 windows, with a host who is in every third and four of 300 people."""
    narrow = round(_IN_A_DEBATE * _NARROW_SHARE)
    people = [f"Personne {one}" for one in generator.choice(_PEOPLE, 4, replace=False)]
    people += ["Ada Martin"] if number % 3 == 0 else []
    speakers = generator.integers(0, len(people), narrow)
    segments = tuple(
        Segment(at, 4.0 * at, 4.0 * at + 3.5, f"Passage {at} du débat.", Attribution(people[who], Origin.LABELLED, 1.0))
        for at, who in enumerate(speakers.tolist())
    )
    made: list[Window] = []
    vectors, texts = [], []
    for width, count in zip(WIDTHS, (narrow, _IN_A_DEBATE - narrow), strict=True):
        chosen = generator.integers(0, len(found[width].terms), count)
        step = narrow / count
        made += [
            Window(int(at * step), min(int(at * step) + width // 30 - 1, narrow - 1), width, "") for at in range(count)
        ]
        vectors.append(moved(found[width].vectors[chosen], generator))
        texts += [_changed(found[width].terms[one], generator) for one in chosen]
    debate = Debate(f"made-{number}", f"Débat {number}", segments)
    return IndexedDebate(debate, made, np.concatenate(vectors), texts)


def _changed(words: Sequence[str], generator: np.random.Generator) -> list[str]:
    """With a tenth of them made up, by Zipf's law."""
    new = generator.random(len(words)) < _MADE_UP
    ranks = np.minimum(generator.zipf(1.3, len(words)), 2_000_000)
    return [f"m{rank}" if made_up else word for word, made_up, rank in zip(words, new, ranks, strict=True)]


def fill(store: Store, found: dict[int, Source], count: int) -> list[float]:
    """Add debates until there are ``count`` windows. Returns the seconds that each took."""
    took = []
    for number in range(count // _IN_A_DEBATE):
        entry = made_debate(number, found, np.random.default_rng(number))
        began = time.perf_counter()
        store.add(entry, _FINGERPRINT)
        took.append(time.perf_counter() - began)
    return took


SCOPES = {
    "everywhere": EVERYWHERE,
    "host of a third": Scope(speakers=frozenset({"Ada Martin"})),
    "one of 300 people": Scope(speakers=frozenset({"Personne 7"})),
    "one debate": Scope(debates=frozenset({"made-7"})),
}


def measured(store: Store, vectors: Vectors, words: Sequence[Sequence[str]]) -> dict[str, dict[str, dict[str, float]]]:
    """Milliseconds of both widths together, by scope and search."""
    found = {}
    for name, scope in SCOPES.items():
        dense = [_ms(store.dense, vector, scope) for vector in vectors]
        lexical = [_ms(store.lexical, some, scope) for some in words]
        found[name] = {"first": {"ms": dense[0]}, "dense": _figures(dense[1:]), "lexical": _figures(lexical[1:])}
    return found


def recall(store: Store, vectors: Vectors, count: int) -> dict[str, float]:
    """The share of the ``count`` nearest windows that are found, by scope, against all vectors as they are stored."""
    known = {summary.id: store.vectors(summary.id) for summary in store.debates()}
    speaking = {summary.id: store.debate(summary.id).segments for summary in store.debates()}
    found = {}
    for name, scope in SCOPES.items():
        places, rows = [], []
        for debate, of_debate in known.items():
            if scope.debates is None or debate in scope.debates:
                said = [scope.speakers is None or part.speaker in scope.speakers for part in speaking[debate]]
                for (width, first, last), vector in of_debate.items():
                    if width == WIDTHS[0] and any(said[first : last + 1]):
                        places.append((debate, first, last))
                        rows.append(vector)
        if not rows:
            continue
        table, shares = np.stack(rows), []
        for vector in vectors:
            nearest = {places[at] for at in np.argsort(-(table @ vector), kind="stable")[:count]}
            hits = store.dense(vector, WIDTHS[0], CANDIDATES, scope)[:count]
            shares.append(len(nearest & {(hit.debate, hit.first, hit.last) for hit in hits}) / len(nearest))
        found[name] = float(np.mean(shares))
    return found


def _ms(search: Callable[[Any, int, int, Scope], object], asked: object, scope: Scope) -> float:
    """Milliseconds of a search of both widths."""
    began = time.perf_counter()
    for width in WIDTHS:
        search(asked, width, CANDIDATES, scope)
    return 1000 * (time.perf_counter() - began)


def _figures(values: Sequence[float]) -> dict[str, float]:
    quantiles: npt.NDArray[np.float64] = np.percentile(values, [50, 95, 100])
    return dict(zip(("p50", "p95", "max"), (round(value, 2) for value in quantiles.tolist()), strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("small", type=Path)
    parser.add_argument("home", type=Path)
    parser.add_argument("--windows", type=int, default=1_000_000)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--recall", action="store_true")
    given = parser.parse_args()
    settings = load_settings()
    encoder = open_encoder(settings)
    encoder.load(None)
    asked = given.questions.read_text("utf-8").splitlines()[:100]
    vectors = np.stack([encoder.embed_query(question) for question in asked])
    words = [[term for group in query_groups(question, ["fr"]) for term in group] for question in asked]
    store = LocalStore(given.home)
    if not store.debates():
        small = LocalStore(given.small)
        took = fill(store, sources(small), given.windows)
        store.settle()
        tenth = max(1, len(took) // 10)
        print(json.dumps({"add_s_first": np.mean(took[:tenth]), "add_s_last": np.mean(took[-tenth:])}))
        store.close()
        store = LocalStore(given.home)
    began = time.perf_counter()
    store.background(vectors[0])
    opened = time.perf_counter() - began
    file = (given.home / VECTOR_FILE).stat().st_size
    print(json.dumps({"opened_s": opened, "bytes": store.size(), "file": file}))
    print(json.dumps(measured(store, vectors, words), indent=1))
    print(json.dumps({"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))
    if given.recall:
        print(json.dumps({count: recall(store, vectors[:40], count) for count in (10, 300)}, indent=1))


if __name__ == "__main__":
    main()
