"""Text -> tokens of the default model, with two tokenizers that give the same.

Building the whole vocabulary of a hundred languages takes half a second, most of what a question from a cold process
would wait for. A unigram segments a text by those pieces alone that stand in it; so a vocabulary of the pieces that
are written in one alphabet segments what is written in it exactly alike (each of its characters is a piece too, so
that none is unknown). The whole one is loaded at the first text with another character.
"""

import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from index.encoding.bundled_weights import BundledWeights

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

LONGEST = 512
"""Tokens that the model reads of a text."""
_WHOLE_FILE = "tokenizer.json"
_LATIN_FILE, _LATIN_IDS, _LATIN_CHARACTERS = "latin.json", "latin.npy", "latin.txt"
_LATIN_END, _SIGNS = 0x250, range(0x2010, 0x2100)
"""Basic Latin to Latin Extended-B; punctuation, currencies."""
_SPACE = "▁"

_Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tokenised:
    """``ids`` of the tokens, with those that begin and end a text, and for each the characters that it stands for."""

    ids: _Ids
    encoding: "Encoding"

    @property
    def offsets(self) -> Sequence[tuple[int, int]]:
        found: list[tuple[int, int]] = self.encoding.offsets
        return found


def save_tokenizers(weights: BundledWeights, folder: Path) -> None:
    """Write into ``folder`` what ``Reader`` reads."""
    pieces = [piece for piece, _score in weights.vocabulary]
    kept = [at for at, piece in enumerate(pieces) if all(map(_is_latin, piece))]
    single = {piece for piece in pieces if len(piece) == 1 and _is_latin(piece)} - {_SPACE}
    characters = [chr(code) for code in (*range(0x20, _LATIN_END), *_SIGNS) if _becomes(chr(code), single)]
    weights.tokenizer().save(str(folder / _WHOLE_FILE), pretty=False)
    weights.tokenizer(kept).save(str(folder / _LATIN_FILE), pretty=False)
    np.save(folder / _LATIN_IDS, np.array(kept, np.int64))
    (folder / _LATIN_CHARACTERS).write_text("".join(characters), "utf-8")


class Reader:
    """Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._latin = _tokenizer(folder / _LATIN_FILE)
        self._ids: _Ids = np.load(folder / _LATIN_IDS)
        self._characters = frozenset((folder / _LATIN_CHARACTERS).read_text("utf-8"))
        self._whole: Tokenizer | None = None

    def read(self, texts: Sequence[str]) -> list[Tokenised]:
        """In their order."""
        if self._characters.issuperset("".join(texts)):
            return [Tokenised(self._ids[one.ids], one) for one in self._latin.encode_batch(list(texts))]
        with self._lock:
            self._whole = self._whole or _tokenizer(self._folder / _WHOLE_FILE)
        return [Tokenised(np.array(one.ids, np.int64), one) for one in self._whole.encode_batch(list(texts))]


def _tokenizer(path: Path) -> "Tokenizer":
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.enable_truncation(LONGEST)
    return tokenizer


def _is_latin(character: str) -> bool:
    return ord(character) < _LATIN_END or ord(character) in _SIGNS or character == _SPACE


def _becomes(character: str, single: set[str]) -> bool:
    """Whether what the tokenizer makes of ``character`` (NFKC) are single pieces or spaces."""
    if unicodedata.combining(character):
        return False
    return all(found in single or found == " " for found in unicodedata.normalize("NFKC", character))
