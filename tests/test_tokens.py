"""Token vectors: against brute force, through the store, from the real model."""

import io
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.shipped import TRANSCRIPT
from index.encoding import bundled
from index.encoding.encoder import Encoder
from index.encoding.sentence_transformer import SentenceTransformerEncoder
from index.errors import StoreDamaged
from index.local import DATABASE, LocalStore
from index.local.schema import VERSION
from index.pieces.tokens import AXES, Tokens, TokenVectors, compressed
from index.pieces.windows import blocks, pieces
from index.transcripts import read_transcript
from index.types import Debate, joined_text
from index.writing.build import rebuild
from index.writing.embedding import TOKEN_CONTEXT, index_fingerprint, indexed, tokens_of
from rag.engine import Engine
from rag.settings import Settings
from tests.answers import recording
from tests.fakes import HashEncoder
from tests.old_versions import taken_back
from tests.suite_files import BUDGET, EVENING, MORNING, srt

_Floats = npt.NDArray[np.float32]
FRACTIONS = 2.0**-10
"""What float16 may change of a number up to 1, on both sides of a product."""


def unit(vectors: npt.NDArray[np.float64]) -> _Floats:
    found: _Floats = (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)
    return found


def drawn(seed: int, counts: Sequence[int], dimension: int) -> tuple[list[str], list[Tokens]]:
    """Texts of two words and more, as many as ``counts``, with one to three tokens in each word."""
    generator = np.random.default_rng(seed)
    texts, tokens = [], []
    for count in counts:
        words = ["m" * int(length) for length in generator.integers(3, 9, count)]
        starts = np.cumsum([0, *(len(word) + 1 for word in words[:-1])])
        begins = [start + at for start in starts for at in range(int(generator.integers(1, 4)))]
        texts.append(" ".join(words))
        tokens.append(Tokens(unit(generator.normal(size=(len(begins), dimension))), np.array(begins)))
    return texts, tokens


def nearest_by_hand(
    vectors: _Floats, of_word: npt.NDArray[np.int64], question: _Floats, words: Sequence[int]
) -> _Floats:
    """Run by run and token by token."""
    found = np.zeros((len(words), len(question)), np.float32)
    first = 0
    for row, count in enumerate(words):
        inside = vectors[(of_word >= first) & (of_word < first + count)]
        found[row] = (inside @ question.T).max(axis=0) if len(inside) else 0.0
        first += count
    return found


@pytest.mark.parametrize("seed", range(5))
def test_the_nearest_tokens_are_those_of_brute_force_within_half_a_code(seed: int) -> None:
    texts, tokens = drawn(seed, [40, 3, 25], dimension=24)
    found = compressed(texts, tokens)
    assert found is not None
    of_word = np.repeat(np.arange(68), found.per_word)
    question = unit(np.random.default_rng(seed + 100).normal(size=(7, 24)))
    words = [1, 5, 0, 12, 30, 20]
    vectors = np.concatenate([part.vectors for part in tokens])
    middle = vectors.mean(axis=0)
    expected = nearest_by_hand(unit(vectors - middle), of_word, unit(question - middle), words)
    within = float(np.linalg.norm(found.units)) / 2 + FRACTIONS
    np.testing.assert_allclose(found.nearest(question, words), expected, atol=within)
    assert within < 0.02


def test_more_dimensions_than_axes_keep_the_vectors_that_lie_on_few() -> None:
    """Two hundred dimensions of which thirty are used: the principal axes are those."""
    texts, tokens = drawn(1, [60], dimension=30)
    turned = np.linalg.qr(np.random.default_rng(2).normal(size=(200, 30)))[0].T
    wide = [Tokens(unit(part.vectors @ turned), part.begins) for part in tokens]
    found = compressed(texts, wide)
    assert found is not None
    assert found.axes.shape == (AXES, 200)
    question = wide[0].vectors[:4]
    np.testing.assert_allclose(found.nearest(question, [60]), np.ones((1, 4)), atol=0.01)


@given(seed=st.integers(0, 9), cuts=st.lists(st.integers(0, 50), max_size=12))
def test_words_cut_into_other_pieces_have_the_same_tokens(seed: int, cuts: list[int]) -> None:
    texts, tokens = drawn(seed, [30, 20], dimension=16)
    found = compressed(texts, tokens)
    assert found is not None
    question = unit(np.random.default_rng(seed).normal(size=(3, 16)))
    words = np.diff([0, *sorted(cuts), 50])
    parts = found.nearest(question, words.tolist())
    np.testing.assert_array_equal(parts[words > 0].max(axis=0), found.nearest(question, [50])[0])


def test_runs_without_tokens_and_beyond_the_end_are_nought() -> None:
    texts = ["un deux trois"]
    found = compressed(texts, [Tokens(unit(np.eye(2, 4)), np.array([0, 8]))])
    assert found is not None
    assert found.per_word.tolist() == [1, 0, 1]
    np.testing.assert_allclose(found.nearest(unit(np.eye(1, 4)), [1, 1, 1, 5]), [[1], [0], [-1], [0]], atol=0.01)
    assert found.nearest(unit(np.eye(1, 4)), []).shape == (0, 1)


def test_texts_without_a_token_have_no_vectors() -> None:
    nothing = Tokens(np.zeros((0, 8), np.float32), np.zeros(0, np.int64))
    assert compressed([], []) is None
    assert compressed(["", "un mot"], [nothing, nothing]) is None


def same(one: TokenVectors | None, other: TokenVectors | None) -> bool:
    if one is None or other is None:
        return one is other
    names = ("per_word", "codes", "axes", "units")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)


def test_bytes_come_back_whole_and_damaged_ones_are_refused() -> None:
    found = compressed(*drawn(3, [20], dimension=12))
    assert found is not None
    content = found.to_bytes()
    assert same(TokenVectors.from_bytes(content), found)
    for damaged in (b"", b"rubbish", content[:-30], content[: len(content) // 2], b"\x93NUMPY" + content):
        with pytest.raises(ValueError, match="token vectors cannot be read"):
            TokenVectors.from_bytes(damaged)


def test_what_was_stored_up_to_version_5_is_read() -> None:
    found = compressed(*drawn(3, [20], dimension=12))
    assert found is not None
    archive, halves = io.BytesIO(), {name: getattr(found, name).astype(np.float16) for name in ("axes", "middle")}
    np.savez(archive, per_word=found.per_word, codes=found.codes, units=found.units, **halves)
    assert same(TokenVectors.from_bytes(archive.getvalue()), found)


def test_parts_that_disagree_are_refused() -> None:
    found = compressed(*drawn(3, [20], dimension=12))
    assert found is not None
    with pytest.raises(ValueError, match=rf"{len(found.codes)} tokens in words, {len(found.codes) - 1} codes"):
        replace(found, codes=found.codes[1:])
    with pytest.raises(ValueError, match="12 axes, 12 axes, 11 units"):
        replace(found, units=found.units[1:])
    with pytest.raises(ValueError, match="2 vectors for 1 tokens"):
        Tokens(np.zeros((2, 3), np.float32), np.zeros(1, np.int64))


# the real model


@pytest.mark.parametrize(
    "text",
    [
        "Bien sûr, l'été d'Aujourd’hui n'est pas fini.",
        "Ah «\u00a0oui\u00a0», dit-il\u202f!",
        "Bravo 👏 👏🏽 bien ❤️ fait 🇫🇷",
        "Il dit… ½ ﬁn № 5",
    ],
)
def test_each_word_has_the_tokens_that_the_tokenizer_gives_it(model: Encoder, text: str) -> None:
    (tokens,) = model.embed_tokens([text])
    found = compressed([text], [tokens])
    assert found is not None
    assert found.per_word.tolist() == [model.count_tokens([word]) - 2 for word in text.split(" ")]  # <s> and </s>


def test_a_word_longer_than_the_model_reads_leaves_the_rest_without_tokens(model: Encoder) -> None:
    text = "mot " + "x" * 5000 + " après lui"
    found = compressed([text], model.embed_tokens([text]))
    assert found is not None
    first, long, *rest = found.per_word.tolist()
    assert (first, rest) == (1, [0, 0])
    assert 500 < long < 510


def test_texts_without_words_have_no_tokens(model: Encoder) -> None:
    found = model.embed_tokens(["", "Bonjour", ""])
    assert [len(tokens.begins) for tokens in found] == [0, 1, 0]
    assert found[0].vectors.shape == (0, 384)
    assert model.embed_tokens([]) == []


def test_tokens_begin_where_their_words_do(model: Encoder) -> None:
    text = "Que pense Kempf du RGPD ?"
    for (tokens,) in (model.embed_tokens([text]), [model.embed_questions([text])[0][1]]):
        begins = tokens.begins.tolist()
        assert {0, 4, 10, 16, 19, 24} <= set(begins)
        assert begins == sorted(begins)
        assert " " not in {text[begin] for begin in begins}
        np.testing.assert_allclose(np.linalg.norm(tokens.vectors.astype(np.float32), axis=1), 1.0, atol=1e-3)


def test_a_question_has_one_vector_however_it_is_asked_for(model: Encoder) -> None:
    for text in ("le RGPD", "Que pense Kempf du RGPD ?", "?", "mot " * 700):
        vector, _tokens = model.embed_questions([text])[0]
        assert vector.dtype == np.float32
        np.testing.assert_allclose(vector, model.embed_query(text), atol=1e-6)


def test_batches_do_not_change_the_tokens(model: Encoder) -> None:
    texts = ["Bonjour.", "Le RGPD protège les citoyens.", "un deux trois " * 40]
    for together, text in zip(model.embed_tokens(texts), texts, strict=True):
        (apart,) = model.embed_tokens([text])
        assert together.begins.tolist() == apart.begins.tolist()
        np.testing.assert_allclose(together.vectors, apart.vectors, atol=4e-3)


def test_compression_keeps_what_ranks_the_pieces(model: Encoder) -> None:
    """Of the shipped debate: 32 of 384 values a token, so a cosine from the middle is higher by about .12. What ranks
    the pieces, the mean over the question, correlates at .89 to .94 with that of whole vectors."""
    debate = Debate("d", "d", read_transcript(TRANSCRIPT).segments)
    parts = pieces(debate.segments)
    texts = blocks(parts, TOKEN_CONTEXT)
    tokens = model.embed_tokens(texts)
    found = compressed(texts, tokens)
    assert found is not None
    assert len(found.per_word) == len(joined_text(debate.segments).split(" "))
    whole = np.concatenate([part.vectors for part in tokens]).astype(np.float32)
    of_word = np.repeat(np.arange(len(found.per_word)), found.per_word)
    words = [len(part.text.split(" ")) for part in parts]
    middle = whole.mean(axis=0)
    for question in ("Que pense Kempf du RGPD ?", "Combien de GPU ont été déployés ?", "What is said of startups?"):
        asked = model.embed_questions([question])[0][1].vectors
        expected = nearest_by_hand(unit(whole - middle), of_word, unit(asked - middle), words)
        kept = found.nearest(asked, words)
        assert 0.0 < (kept - expected).mean() < 0.15
        assert np.corrcoef(expected.mean(axis=1), kept.mean(axis=1))[0, 1] > 0.88
        assert np.argmax(kept.mean(axis=1)) in np.argsort(-expected.mean(axis=1))[:10]


def test_a_model_that_gives_no_tokens_is_searched_without_them(cache: Path, home: Path, tmp_path: Path) -> None:
    """One of static vectors, which has neither vectors of tokens in context nor a tokenizer of the usual kind."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(bundled.prepare(cache) / "tokenizer.json"))
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=8)]).save(str(tmp_path / "static"))
    encoder = SentenceTransformerEncoder(str(tmp_path / "static"), cache=cache)
    assert [tokens.vectors.shape for tokens in encoder.embed_tokens(["un mot", "deux"])] == [(0, 8), (0, 8)]
    vector, tokens = encoder.embed_questions(["le budget de la culture"])[0]
    np.testing.assert_allclose(vector, encoder.embed_query("le budget de la culture"), atol=1e-6)
    assert tokens.begins.tolist() == []
    (tmp_path / "soir.srt").write_text(srt(EVENING), "utf-8")
    engine = Engine(LocalStore(home), encoder, Settings(home=home))
    engine.add(tmp_path / "soir.srt")
    assert engine.ask(BUDGET).citations[0].quote == EVENING[1]
    assert engine._store.tokens("soir") is None
    engine.close()


# the store


@pytest.fixture
def soir(tmp_path: Path) -> Path:
    (tmp_path / "soir.srt").write_text(srt(EVENING), "utf-8")
    return tmp_path / "soir.srt"


@pytest.fixture
def store(engine: Engine, soir: Path) -> LocalStore:
    """That of ``engine``, which holds the evening."""
    engine.add(soir)
    assert isinstance(engine._store, LocalStore)
    return engine._store


def test_tokens_are_those_of_the_words_and_outlive_every_change_of_who_speaks(
    engine: Engine, store: LocalStore, encoder: HashEncoder
) -> None:
    made = tokens_of(store.original("soir"), encoder)
    assert made is not None
    assert made.per_word.tolist() == [1] * sum(len(text.split()) for text in EVENING)
    assert same(store.tokens("soir"), made)
    engine.correct("soir", 1, 1, "Ada Martin")
    assert same(store.tokens("soir"), made)
    act = engine.split("soir", 2, 3) and engine.corrections("soir")[-1].act
    assert len(engine.debate("soir").segments) == len(EVENING) + 1
    assert same(store.tokens("soir"), made)
    engine.undo("soir", act or 0)
    assert len(engine.debate("soir").segments) == len(EVENING)
    assert same(store.tokens("soir"), made)
    engine.split("soir", 2, 3)
    engine.rebuild()
    assert same(store.tokens("soir"), made)


def test_a_revised_file_has_its_own_tokens_and_a_removed_debate_none(
    engine: Engine, store: LocalStore, soir: Path, encoder: HashEncoder
) -> None:
    soir.write_text(srt(MORNING), "utf-8")
    engine.add(soir)
    assert same(store.tokens("soir"), tokens_of(engine.debate("soir"), encoder))
    engine.remove("soir")
    assert store._connection.execute("SELECT count(*) FROM tokens").fetchone() == (0,)


def test_a_rebuild_with_another_model_makes_other_tokens(engine: Engine, store: LocalStore) -> None:
    class Turned(HashEncoder):
        def embed_tokens(self, texts: Sequence[str], progress: object = None) -> list[Tokens]:
            found = super().embed_tokens(texts)
            return [Tokens(np.roll(tokens.vectors, 1, axis=1), tokens.begins) for tokens in found]

    before, other = store.tokens("soir"), Turned("turned@1")
    assert rebuild(store, other) == 1
    assert same(store.tokens("soir"), tokens_of(engine.debate("soir"), other))
    assert not same(store.tokens("soir"), before)


def test_an_index_of_the_third_version_answers_and_has_tokens_after_a_rebuild(
    store: LocalStore, engine: Engine, home: Path, encoder: HashEncoder
) -> None:
    made, answered = store.tokens("soir"), engine.ask(BUDGET)
    engine.correct("soir", 1, 1, "Ada Martin")
    engine.close()
    taken_back(home, 3)
    newer = Engine(LocalStore(home), encoder, engine.settings)
    assert newer._store.tokens("soir") is None
    assert newer.ask(BUDGET).citations[0].quote == answered.citations[0].quote == EVENING[1]
    newer.rebuild()
    assert same(newer._store.tokens("soir"), made)
    assert newer.debate("soir").segments[1].speaker == "Ada Martin"
    newer.close()
    with sqlite3.connect(home / DATABASE) as brought_up:
        assert brought_up.execute("PRAGMA user_version").fetchone() == (VERSION,)
    brought_up.close()


def test_a_debate_without_tokens_is_searched_beside_one_with(
    engine: Engine, store: LocalStore, encoder: HashEncoder
) -> None:
    texts = ("Le budget de la défense doit tripler.", "Les soldats manquent de bottes.", "Les bottes coûtent cher.")
    other = recording(*((10.0 * at, 10.0 * at + 9, text) for at, text in enumerate(texts)), id_="sans")
    store.add(indexed(other, encoder), index_fingerprint(encoder))
    assert store.tokens("sans") is None
    assert store.tokens("soir") is not None
    found = engine.search("les bottes des soldats", top_k=9).passages
    assert found[0].debate == "sans"
    assert "bottes" in found[0].quote
    assert {one.debate for one in engine.search("le budget", top_k=9).passages} == {"soir", "sans"}
    assert engine.ask(BUDGET).citations[0].quote == EVENING[1]


@pytest.mark.parametrize("content", [b"", b"rubbish", b"PK\x03\x04" + b"\xa5" * 90], ids=["empty", "text", "zip"])
def test_damaged_tokens_are_named_as_damage(engine: Engine, store: LocalStore, content: bytes) -> None:
    engine.search("budget")
    engine.correct("soir", 0, 0, "Ada Martin")  # another state of the index, to be read anew
    with store._connection:
        store._connection.execute("UPDATE tokens SET content = ?", (content,))
    with pytest.raises(StoreDamaged, match="soir: token vectors cannot be read") as caught:
        engine.ask(BUDGET)
    assert "sauvegarde" in caught.value.message("fr")
