"""A real cross-encoder of sentence-transformers, of a few dimensions and made here: order, errors, trace."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from index.encoding.reranker import CrossEncoderReranker
from index.errors import ModelUnavailable
from index.local import LocalStore
from index.types import UNKNOWN, Origin, Progress
from rag.engine import Engine
from rag.rerank import reranked
from rag.settings import ANSWERING, Settings
from rag.types import Context, Passage
from tests.fakes import HashEncoder
from tests.suite_files import srt

TEXTS = [
    "Le budget de la culture doit doubler dès cette année.",
    "Je refuse d'augmenter le budget de la culture.",
    "La piscine olympique coûte trop cher à la ville.",
    "La culture est un budget comme un autre.",
    "Merci à tous, bonsoir.",
]
QUESTION = "le budget de la culture"


def _saved(folder: Path, labels: int = 1) -> str:
    import torch
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace
    from tokenizers.processors import TemplateProcessing
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    words = sorted({word for text in [*TEXTS, QUESTION] for word in text.replace(".", " .").split()})
    vocabulary = {word: at for at, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *words])}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    special = {"unk_token": "[UNK]", "pad_token": "[PAD]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=64, **special)  # type: ignore[no-untyped-call]
    fast.save_pretrained(folder)
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=64, initializer_range=1.0,
    )  # fmt: skip
    config.num_labels = labels
    BertForSequenceClassification(config).save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> str:
    return _saved(tmp_path_factory.mktemp("cross-encoder"))


@pytest.fixture
def rereading(home: Path, tmp_path: Path, small: str) -> Iterator[Engine]:
    """One passage a sentence; three are reread."""
    (tmp_path / "d.srt").write_text(srt(TEXTS), "utf-8")
    settings = Settings(home=home, reranker=small, rerank_passages=3, passage_words=10)
    engine = Engine(LocalStore(home), HashEncoder(), settings)
    engine.add(tmp_path / "d.srt")
    yield engine
    engine.close()


def _direct(model: str, question: str, texts: list[str]) -> list[float]:
    """One pair at a time, as the library alone gives it."""
    from sentence_transformers import CrossEncoder

    judge = CrossEncoder(model)
    return [float(judge.predict([(question, text)])[0]) for text in texts]


def test_relevance_is_that_of_the_library_in_the_order_of_the_texts(small: str) -> None:
    found = CrossEncoderReranker(small).relevance(QUESTION, TEXTS)
    np.testing.assert_allclose(found, _direct(small, QUESTION, TEXTS), atol=1e-5)
    assert len(set(np.round(found, 4))) == len(TEXTS)
    assert CrossEncoderReranker(small).relevance(QUESTION, []).shape == (0,)


def _passage(text: str, score: float, context: str | None = None) -> Passage:
    asked = Context(None, Origin.UNKNOWN, 0.0, 1.0, context) if context else None
    return Passage("d", UNKNOWN, 0.0, 1.0, text, text, score, asked)


class ByLength:
    """Long texts first."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def load(self, progress: Progress | None = None) -> None: ...

    def relevance(self, question: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.read += texts
        return np.array([len(text) for text in texts], np.float32)


def test_the_first_passages_change_places_and_the_scores_stay_with_the_places() -> None:
    judge = ByLength()
    ranking = [_passage("a", 9.0), _passage("bb", 8.0), _passage("cc", 7.0, "Qui ?"), _passage("dddddddd", 1.0)]
    found = reranked(judge, "q", ranking, 3)
    assert [(one.text, one.score) for one in found] == [("cc", 9.0), ("bb", 8.0), ("a", 7.0), ("dddddddd", 1.0)]
    assert judge.read == ["a", "bb", "Qui ? cc"]


def test_an_engine_rereads_the_first_passages(rereading: Engine, home: Path, small: str) -> None:
    with closing(Engine(LocalStore(home), HashEncoder(), Settings(home=home, passage_words=10))) as plain:
        before, figures = plain.ask(QUESTION, top_k=5), plain.figures(QUESTION)
    after = rereading.ask(QUESTION, top_k=5)
    first = [one.text for one in before.citations[:3]]
    relevance = dict(zip(first, _direct(small, QUESTION, first), strict=True))
    assert [one.text for one in after.citations[:3]] == sorted(first, key=lambda text: -relevance[text])
    assert [one.text for one in after.citations] != [one.text for one in before.citations]
    assert after.citations[3:] == before.citations[3:]
    assert [one.score for one in after.citations] == [one.score for one in before.citations]
    assert (after.confidence, rereading.figures(QUESTION)) == (before.confidence, figures)
    assert rereading.ask(QUESTION, top_k=1).citations[0].text == after.citations[0].text


def test_the_trace_and_the_settings_of_an_answer_tell_of_it(rereading: Engine) -> None:
    stages = {stage.name: stage.count for stage in rereading.ask(QUESTION, top_k=2).trace}
    assert stages["rerank"] == 2
    assert list(stages).index("rerank") > list(stages).index("passages")
    assert {"reranker", "rerank_passages"} <= set(ANSWERING)


def test_one_that_cannot_be_loaded_is_named_before_the_first_question(home: Path, tmp_path: Path) -> None:
    settings = Settings(home=home, reranker=str(tmp_path / "nowhere"))
    with (
        closing(Engine(LocalStore(home), HashEncoder(), settings)) as engine,
        pytest.raises(ModelUnavailable, match="QDQ_RERANKER"),
    ):
        engine.warm_up()


def test_a_model_of_several_labels_is_none(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="2 labels"):
        CrossEncoderReranker(_saved(tmp_path, labels=2)).load()


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelUnavailable, match="QDQ_RERANKER"):
        CrossEncoderReranker(str(tmp_path)).load()
