"""The measurements of a large index, on a small one: what they compare with is right, and they run."""

from pathlib import Path

import numpy as np
import pytest

from eval.bench import large, lexical
from index.local import LocalStore, Sizes
from index.pieces.windows import WIDTHS
from index.writing.embedding import index_fingerprint, indexed
from tests.fakes import HashEncoder
from tests.test_store import ALL


@pytest.fixture
def small(tmp_path: Path) -> LocalStore:
    store, encoder = LocalStore(tmp_path / "small"), HashEncoder()
    for debate in ALL:
        store.add(indexed(debate, encoder), index_fingerprint(encoder))
    return store


def test_a_large_index_is_made_of_a_small_one_and_found_whole(small: LocalStore, tmp_path: Path) -> None:
    found = large.sources(small)
    assert {width: len(source.terms) for width, source in found.items()} == {
        width: sum(len([w for w in indexed(d, HashEncoder()).windows if w.width == width]) for d in ALL)
        for width in WIDTHS
    }
    made = LocalStore(tmp_path / "made", Sizes(exact=500, quiet=0.0))
    assert len(large.fill(made, found, 2000)) == 2
    made.settle()
    vectors = np.stack([HashEncoder().embed_query(text) for text in ("énergie nucléaire", "école", "budget")])
    assert made.document_frequencies(["reacteur"])[1] == 2000
    figures = large.measured(made, vectors, [["uranium"], ["profes", "clas"], ["4"]])
    assert figures.keys() == large.SCOPES.keys()
    assert large.recall(made, vectors, 10)["everywhere"] >= 0.95
    made.close()
    small.close()


def test_vectors_are_moved_to_the_cosine_that_is_said() -> None:
    drawn = np.random.default_rng(1)
    vectors = drawn.standard_normal((50, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = (large.moved(vectors, drawn) * vectors).sum(axis=1)
    assert cosines.tolist() == pytest.approx([0.97] * 50, abs=0.03)


def test_arrays_give_the_scores_of_fts5(tmp_path: Path) -> None:
    sentences = tmp_path / "sentences.txt"
    sentences.write_text("\n".join(part.text for debate in ALL for part in debate.segments), "utf-8")
    texts, widths = lexical.made_windows(sentences, 300, np.random.default_rng(0))
    assert widths.tolist() == [WIDTHS[0]] * 200 + [WIDTHS[1]] * 100
    questions = [texts[0][:4], ["uranium", "4"], ["absent"]]
    scores = [
        lexical.measured(name, build, texts, widths, questions, texts[:50])["scores"]
        for name, build in (("fts5", lexical.fts5), ("arrays", lexical.arrays))
    ]
    for one, other in zip(*scores, strict=True):
        for left, right in zip(one, other, strict=True):
            assert left == pytest.approx(right, rel=1e-9)
