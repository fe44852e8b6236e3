"""BM25 three ways on the same windows: SQLite's FTS5, tantivy, and the arrays of ``index/local/postings.py``.

    python -m eval.bench.lexical SENTENCES.txt --windows 1000000          (needs the package tantivy)

Windows are made of sentences, one a line of a text file, until they have 30 or 90 words; a tenth of the terms is made
up, by Zipf's law. Questions are three to ten terms drawn from windows, so mostly common ones. All three give the 300
best of each width; ``agree`` is the share of questions whose 300 best scores are FTS5's. Adding is one debate of 1,000
windows, seen by the next search. The figures that decided are in eval/README.md.
"""

import argparse
import json
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.local.arrays import Array
from index.local.part import Mark, Part, Table
from index.local.postings import Postings
from index.local.state import State
from index.local.truth import Content, Truth
from index.pieces.windows import WIDTHS
from index.types import EVERYWHERE
from index.words.lexical import terms
from rag.retrieve import CANDIDATES

_NARROW_SHARE = 2 / 3
_DEBATE = 1000
_QUESTIONS = 60

Texts = Sequence[Sequence[str]]
Search = Callable[[Sequence[str], int], Sequence[float]]
"""Terms and a width -> the scores of the best windows, best first."""


def made_windows(sentences: Path, count: int, generator: np.random.Generator) -> tuple[list[list[str]], Array]:
    """The terms of ``count`` windows and their widths, the narrow ones first."""
    lines = sentences.read_text("utf-8").splitlines()
    known = [(terms(line, "fr"), len(line.split())) for line in lines if line.strip()]
    widths = np.where(np.arange(count) < count * _NARROW_SHARE, *WIDTHS)
    texts = []
    for width in widths.tolist():
        words, length = list[str](), 0
        while length < width:
            more, spoken = known[int(generator.integers(len(known)))]
            words += more
            length += spoken
        for at in np.flatnonzero(generator.random(len(words)) < 0.1).tolist():
            words[at] = f"m{min(int(generator.zipf(1.3)), 2_000_000)}"
        texts.append(words)
    return texts, widths


def fts5(texts: Texts, widths: Array, path: Path) -> tuple[Search, Callable[[Texts], None]]:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE windows (id INTEGER PRIMARY KEY, width INTEGER)")
    connection.execute("CREATE VIRTUAL TABLE terms USING fts5 (content, tokenize = 'ascii')")

    def add(more: Texts, of: Sequence[int]) -> None:
        connection.execute("BEGIN")
        for words, width in zip(more, of, strict=True):
            row = connection.execute("INSERT INTO windows (width) VALUES (?)", (width,)).lastrowid
            connection.execute("INSERT INTO terms (rowid, content) VALUES (?, ?)", (row, " ".join(words)))
        connection.execute("COMMIT")

    def search(question: Sequence[str], width: int) -> list[float]:
        match = " OR ".join(f'"{term}"' for term in question)
        rows = connection.execute(
            "SELECT -bm25(terms) AS score FROM terms CROSS JOIN windows w ON w.id = terms.rowid "
            "WHERE terms MATCH ? AND w.width = ? ORDER BY score DESC LIMIT ?",
            (match, width, CANDIDATES),
        )
        return [row[0] for row in rows]

    add(texts, widths.tolist())
    return search, lambda more: add(more, [WIDTHS[0]] * len(more))


def tantivy(texts: Texts, widths: Array, path: Path) -> tuple[Search, Callable[[Texts], None]]:
    import tantivy as library  # type: ignore[import-not-found,import-untyped,unused-ignore]

    builder = library.SchemaBuilder()
    builder.add_text_field("content", tokenizer_name="whitespace")
    builder.add_integer_field("width", indexed=True, fast=True)
    schema = builder.build()
    path.mkdir()
    index = library.Index(schema, path=str(path))

    def add(more: Texts, of: Sequence[int]) -> None:
        writer = index.writer(200_000_000, 1)
        for words, width in zip(more, of, strict=True):
            writer.add_document(library.Document(content=" ".join(words), width=width))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()

    def search(question: Sequence[str], width: int) -> list[float]:
        words = [(library.Occur.Should, library.Query.term_query(schema, "content", term)) for term in question]
        of_width = library.Query.const_score_query(library.Query.term_query(schema, "width", width), 0.0)
        query = library.Query.boolean_query(
            [(library.Occur.Must, library.Query.boolean_query(words)), (library.Occur.Must, of_width)]
        )
        return [score for score, _address in index.searcher().search(query, CANDIDATES, count=False).hits]

    add(texts, widths.tolist())
    return search, lambda more: add(more, [WIDTHS[0]] * len(more))


def arrays(texts: Texts, widths: Array, path: Path) -> tuple[Search, Callable[[Texts], None]]:
    """As the store searches: each addition is a part of its own."""
    truth = Truth(lambda *_query: [], path)
    parts: list[Part] = []

    def add(more: Texts, of: Array) -> None:
        mark, zeros = Mark(len(parts) + 1, 0), np.zeros(len(more), np.int32)
        table = Table(np.asarray(of, np.int32), zeros, np.arange(len(more), dtype=np.int32), *(zeros,) * 4)
        pieces = [Postings.of_terms(more[begin : begin + _DEBATE]) for begin in range(0, len(more), _DEBATE)]
        begins = np.cumsum([0, *(len(piece.lengths) for piece in pieces)])
        placed = [(piece, at + np.arange(len(piece.lengths))) for piece, at in zip(pieces, begins, strict=False)]
        parts.append(Part((mark,), table, Postings.merged(placed, len(more)), None))

    def search(question: Sequence[str], width: int) -> list[float]:
        return [hit.score for hit in state().lexical(question, width, CANDIDATES, EVERYWHERE, truth)]

    def state() -> State:
        if len(states) != len(parts):
            states.append(State(parts, [Content(p.marks[0], len(p), n, str(n), None) for n, p in enumerate(parts)]))
        return states[-1]

    states: list[State] = []
    add(texts, widths)
    return search, lambda more: add(more, np.full(len(more), WIDTHS[0]))


def measured(name: str, build: Any, texts: Texts, widths: Array, questions: Texts, more: Texts) -> dict[str, Any]:
    """Seconds to build, milliseconds of a question in both widths and of an addition with the search after it: of the
    processor, all threads together, so that others on the machine do not count."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        search, add = build(texts, widths, Path(folder) / name)
        built, scores, took = time.process_time() - began, [], []
        for question in questions:
            began = time.process_time()
            scores.append([list(search(question, width)) for width in WIDTHS])
            took.append(1000 * (time.process_time() - began))
        added = []
        for begin in range(0, len(more), _DEBATE):
            began = time.process_time()
            add(more[begin : begin + _DEBATE])
            search(questions[0], WIDTHS[0])
            added.append(1000 * (time.process_time() - began))
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    found = {"build_s": built, "p50_ms": np.median(took), "p95_ms": np.percentile(took, 95), "add_ms": np.median(added)}
    return {**{key: round(float(value), 1) for key, value in found.items()}, "bytes": size, "scores": scores}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sentences", type=Path)
    parser.add_argument("--windows", type=int, default=1_000_000)
    given = parser.parse_args()
    generator = np.random.default_rng(0)
    texts, widths = made_windows(given.sentences, given.windows, generator)
    more, _widths = made_windows(given.sentences, 5 * _DEBATE, generator)
    questions = []
    for _number in range(_QUESTIONS):
        drawn = [texts[int(at)] for at in generator.integers(0, len(texts), int(generator.integers(3, 11)))]
        questions.append(list(dict.fromkeys(words[int(generator.integers(len(words)))] for words in drawn if words)))
    expected = None
    for name, build in (("fts5", fts5), ("arrays", arrays), ("tantivy", tantivy)):
        found = measured(name, build, texts, widths, questions, more)
        scores = found.pop("scores")
        expected = expected or scores
        agree = [
            all(len(a) == len(b) and np.allclose(a, b, rtol=1e-6) for a, b in zip(one, other, strict=True))
            for one, other in zip(scores, expected, strict=True)
        ]
        print(json.dumps({"engine": name, **found, "agree": float(np.mean(agree))}), flush=True)


if __name__ == "__main__":
    main()
