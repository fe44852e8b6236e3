"""Questions that come at once go through the model together."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from index.encoding.questions import TOGETHER, SharedQuestions
from index.pieces.tokens import Tokens
from index.types import Vectors
from tests.fakes import HashEncoder


class Held(HashEncoder):
    """Makes its first pass wait until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.passes: list[list[str]] = []
        self.begun, self.go = threading.Event(), threading.Event()

    def embed_questions(self, texts: Sequence[str]) -> list[tuple[Vectors, Tokens]]:
        self.passes.append(list(texts))
        self.begun.set()
        assert self.go.wait(30)
        if "faulty" in texts:
            raise RuntimeError("a fault")
        return super().embed_questions(texts)


def _asked_while_held(encoder: Held, shared: SharedQuestions, texts: Sequence[str]) -> list[Vectors | BaseException]:
    """What each gets who comes while the first pass is made."""
    with ThreadPoolExecutor(len(texts) + 1) as pool:
        first = pool.submit(shared.embed_questions, ["first"])
        assert encoder.begun.wait(30)
        others = [pool.submit(shared.embed_questions, [text]) for text in texts]
        while len(shared._asked) < 1 + len(set(texts)):
            threading.Event().wait(0.001)
        encoder.go.set()
        assert first.result(30) is not None
        return [future.exception(30) or future.result()[0][0] for future in others]


def test_those_who_come_meanwhile_share_a_pass() -> None:
    encoder = Held()
    shared = SharedQuestions(encoder)
    texts = [f"question {number}" for number in range(TOGETHER + 3)]
    found = _asked_while_held(encoder, shared, [*texts, texts[0]])
    for text, vector in zip([*texts, texts[0]], found, strict=True):
        np.testing.assert_array_equal(np.asarray(vector), HashEncoder().embed_query(text))
    assert encoder.passes[0] == ["first"]
    assert [len(one) for one in encoder.passes[1:]] == [TOGETHER, 3]
    assert sorted(text for one in encoder.passes[1:] for text in one) == sorted(texts)


def test_a_fault_is_that_of_those_who_shared_the_pass_and_is_not_kept() -> None:
    encoder = Held()
    shared = SharedQuestions(encoder)
    found = _asked_while_held(encoder, shared, ["one", "faulty"])
    assert [type(error) for error in found] == [RuntimeError, RuntimeError]
    assert shared.embed_questions(["one"])[0][0].shape == (64,)
    with pytest.raises(RuntimeError):
        shared.embed_questions(["faulty"])


def test_what_was_asked_before_is_known_until_others_came() -> None:
    encoder = Held()
    encoder.go.set()
    one = 64 * 4 + 64 * 8 + 8  # a vector, one token's and where it begins
    shared = SharedQuestions(encoder, kept_bytes=2 * one)
    for text in ("a", "b", "a", "c", "a", "b"):
        shared.embed_questions([text])[0][0]
    assert encoder.passes == [["a"], ["b"], ["c"], ["b"]]
