"""Vectors kept on disk: only what is new is embedded, and nothing that is kept can be wrong."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.encoding.kept_vectors import AT_ONCE, FILE, KeptVectors
from index.pieces.tokens import Tokens
from index.types import Progress
from tests.fakes import HashEncoder

TEXTS = [f"Le passage numéro {number} parle du budget." for number in range(AT_ONCE + 20)]


class Counting(HashEncoder):
    """Remembers whose tokens were wanted, too."""

    def __init__(self, fingerprint: str = "hash@1") -> None:
        super().__init__(fingerprint)
        self.read: list[str] = []

    def embed_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> list[Tokens]:
        self.read += texts
        return super().embed_tokens(texts, progress)


def _kept(folder: Path, fingerprint: str = "hash@1", most_mb: int = 10) -> tuple[KeptVectors, Counting]:
    encoder = Counting(fingerprint)
    return KeptVectors(encoder, folder, most_mb), encoder


def _same(kept: KeptVectors, texts: Sequence[str]) -> None:
    """What is given is to the bit what the encoder gives."""
    np.testing.assert_array_equal(kept.embed_passages(texts), HashEncoder().embed_passages(texts))
    for one, other in zip(kept.embed_tokens(texts), HashEncoder().embed_tokens(texts), strict=True):
        np.testing.assert_array_equal(one.vectors.astype(np.float16), other.vectors.astype(np.float16))
        np.testing.assert_array_equal(one.begins, other.begins)


def test_what_was_embedded_is_not_embedded_again(tmp_path: Path) -> None:
    kept, encoder = _kept(tmp_path)
    _same(kept, [*TEXTS, TEXTS[0], ""])
    assert sorted(encoder.embedded) == sorted({*TEXTS, ""})
    again, second = _kept(tmp_path)
    _same(again, [*reversed(TEXTS), "Un autre."])
    assert second.embedded == second.read == ["Un autre."]
    assert again.embed_passages([]).shape == (0, 64)


def test_the_vectors_of_another_encoder_are_not_taken(tmp_path: Path) -> None:
    _kept(tmp_path)[0].embed_passages(TEXTS[:3])
    other, encoder = _kept(tmp_path, "hash@2")
    other.embed_passages(TEXTS[:3])
    assert sorted(encoder.embedded) == TEXTS[:3]


def test_work_that_was_broken_off_goes_on_where_it_stopped(tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    def stop(_stage: str, done: int, total: int) -> None:
        assert 0 < done < total
        raise Stopped

    first, encoder = _kept(tmp_path)
    with pytest.raises(Stopped):
        first.embed_passages(TEXTS, stop)
    assert len(encoder.embedded) == AT_ONCE
    then, second = _kept(tmp_path)
    told: list[tuple[str, int, int]] = []
    then.embed_passages(TEXTS, lambda *step: told.append(step))
    assert {*encoder.embedded, *second.embedded} == set(TEXTS)
    assert len(second.embedded) == len(TEXTS) - AT_ONCE
    characters = sum(map(len, second.embedded))
    assert told == [("embed", characters, characters)]


def test_a_damaged_entry_is_embedded_again(tmp_path: Path) -> None:
    _kept(tmp_path)[0].embed_passages(TEXTS[:3])
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("UPDATE kept SET content = zeroblob(length(content))")
    connection.close()
    kept, encoder = _kept(tmp_path)
    _same(kept, TEXTS[:3])
    assert sorted(encoder.embedded) == TEXTS[:3]
    assert _kept(tmp_path)[0].embed_passages(TEXTS[:3])[0].any()


@pytest.mark.parametrize("content", [b"not a database" * 100, b""])
def test_a_damaged_file_is_made_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    _same(_kept(tmp_path)[0], TEXTS[:3])
    _same(_kept(tmp_path)[0], TEXTS[:3])
    last, encoder = _kept(tmp_path)
    _same(last, TEXTS[:3])
    assert encoder.embedded == []


def test_without_a_place_everything_works(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    _same(_kept(tmp_path / "file" / "folder")[0], TEXTS)


def test_the_oldest_go_where_there_is_no_room(tmp_path: Path) -> None:
    kept, encoder = _kept(tmp_path, most_mb=1)
    kept.embed_passages(["Le premier."])
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("UPDATE kept SET day = 0")
    connection.close()
    kept.embed_tokens([f"{number} " + "mot " * 2000 for number in range(6)])
    assert (tmp_path / FILE).stat().st_size < 1_000_000
    encoder.embedded.clear()
    kept.embed_passages(["Le premier."])
    assert encoder.embedded == ["Le premier."]


def test_a_damaged_file_that_cannot_be_removed_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / FILE).write_bytes(b"not a database" * 100)

    def refuse(_path: Path, missing_ok: bool = False) -> None:
        raise OSError(30, f"Read-only file system, {missing_ok}")

    monkeypatch.setattr(Path, "unlink", refuse)
    _same(_kept(tmp_path)[0], TEXTS[:3])
