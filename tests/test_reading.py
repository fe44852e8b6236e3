"""The two tokenizers of the default model are one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from eval.shipped import TRANSCRIPT
from index.encoding import bundled
from index.encoding.reading import Reader
from index.transcripts import read_transcript


@pytest.fixture(scope="module")
def folder(cache: Path) -> Path:
    return bundled.prepare_graph(cache)


@pytest.fixture(scope="module")
def reader(folder: Path) -> Reader:
    return Reader(folder)


@pytest.fixture(scope="module")
def whole(folder: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(512)
    return tokenizer


def _same(reader: Reader, whole: Tokenizer, texts: list[str]) -> None:
    for one, other in zip(reader.read(texts), whole.encode_batch(texts), strict=True):
        assert one.ids.tolist() == other.ids
        assert one.offsets == other.offsets


def test_every_line_of_the_debate_has_the_tokens_of_the_whole_vocabulary(reader: Reader, whole: Tokenizer) -> None:
    texts = [segment.text for segment in read_transcript(TRANSCRIPT).segments]
    _same(reader, whole, texts)
    _same(reader, whole, [" ".join(texts)])
    assert reader._whole is None  # it was not needed


@given(st.text(st.characters(max_codepoint=0x24F) | st.sampled_from("’“”…–—€«»\u202f\u00a0 "), max_size=60))
def test_what_is_written_in_latin_letters_has_the_same_tokens(reader: Reader, whole: Tokenizer, text: str) -> None:
    _same(reader, whole, [text])


@pytest.mark.parametrize("text", ["Ça, c'est l'Œuvre — « vraiment » 100 €…", "<s> et <mask>", "ﬁn № ½", "", " a  b "])
def test_signs_and_ligatures_have_the_same_tokens(reader: Reader, whole: Tokenizer, text: str) -> None:
    _same(reader, whole, [text, "le RGPD"])


@pytest.mark.parametrize("text", ["Привет", "le e\u0301te\u0301 en Αθήνα", "東京 2024", "👏 bravo", "a\u0300"])
def test_other_letters_are_read_with_the_whole_vocabulary(
    folder: Path, reader: Reader, whole: Tokenizer, text: str
) -> None:
    fresh = Reader(folder)
    _same(fresh, whole, ["le RGPD", text])
    assert fresh._whole is not None
    assert "<unk>" not in reader.read(["Привет"])[0].encoding.tokens
