"""Encodings told by content: short French texts in each, other languages, and bytes that are no text."""

import random
import re
from pathlib import Path

import pytest

from eval.shipped import TRANSCRIPT
from index.errors import FileBinary
from index.transcripts.encoding import decode
from tests.reading import in_linear_time

SINGLE = ("cp1252", "iso8859-1", "iso8859-15", "mac_roman")
WIDE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
SENTENCES = (
    "Ça va ? Où ça ? Là-bas, en forêt.",
    "Le cœur à l’œuvre : « très bien », dit-il… et c’est tout.",
    "Cela coûte 20 € – ou 30 € — d’après l’État.",
    "«\xa0Bonjour\xa0!\xa0» Une sœur, un bœuf, un œuf.",
    "Être ou ne pas être, voilà la question. À demain !",
    "L'ÉTÉ À L'ÉCOLE, LA MÈRE ET LE PÈRE FONT LA FÊTE.",
    "Noël naïf, maïs ambigu : Saül hésite où dîner.",
    "Il dit “oui” ou “non” • point n° 5, 3 000 m².",
)


def decoded(data: bytes) -> tuple[str, str]:
    return decode(data, "a.txt")


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("encoding", [*SINGLE, *WIDE])
def test_a_french_sentence_is_decoded_as_it_was_encoded(sentence: str, encoding: str) -> None:
    try:
        data = sentence.encode(encoding)
    except UnicodeEncodeError:
        pytest.skip("the encoding lacks a character of the sentence")
    text, found = decoded(data)
    assert text == sentence
    if encoding in SINGLE:
        assert found == encoding or sentence.encode(found) == data


@pytest.mark.parametrize("typographic", [False, True])
@pytest.mark.parametrize("encoding", SINGLE)
def test_no_piece_of_the_debate_of_5_to_200_words_is_mistaken(encoding: str, typographic: bool) -> None:
    words = re.sub(r"\d+:\d+(?::\d+)?", "", TRANSCRIPT.read_text("utf-8")).split()
    if typographic:
        words = [word.replace("'", "’") for word in words]
    chance = random.Random(4)
    pieces = []
    for size in (5, 8, 12, 20, 50, 100, 200):
        begins = (chance.randrange(len(words) - size) for _ in range(150))
        pieces += [" ".join(words[begin : begin + size]) for begin in begins]
    written = [(piece, piece.encode(encoding, "ignore")) for piece in pieces]
    kept = [(piece, data) for piece, data in written if data.decode(encoding) == piece]
    assert len(kept) > 200
    assert [piece for piece, data in kept if decoded(data)[0] != piece] == []


@pytest.mark.parametrize(
    ("text", "encodings"),
    [
        ("It’s a “good” idea – don’t you think? The café’s naïve…", ("cp1252", "mac_roman")),
        ("¿Qué pasó mañana? El niño comió piña. ¡Olé!", SINGLE),
        ("Über die Straße gehen die schönen Mädchen.", SINGLE),
        ("A informação não está à disposição dos cidadãos.", SINGLE),
        (
            "Привет, как дела? Это субтитры на русском языке, и мы говорим о важном.",
            ("cp1251", "utf-16-le", "utf-16-be"),
        ),
        ("これは日本語の字幕です。今日は天気がいいですね。ありがとうございます。", ("shift_jis", "utf-8")),
    ],
)
def test_other_languages(text: str, encodings: tuple[str, ...]) -> None:
    assert [encoding for encoding in encodings if decoded(text.encode(encoding))[0] != text] == []


def test_two_bytes_that_are_utf8_by_chance_are_not() -> None:
    assert decoded("une solution qui permet d’être".encode("mac_roman")) == (
        "une solution qui permet d’être",
        "mac_roman",
    )
    for text in ("Le nombre π vaut 3", "5μm", "Да, Pavel", "naïve d’être", "d՝ՠե"):
        assert decoded(text.encode()) == (text, "utf-8")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "mac_roman", "utf-16-le", "utf-32"])
def test_line_ends_become_one(end: str, encoding: str) -> None:
    assert decoded(f"Où{end}là{end}".encode(encoding))[0] == "Où\nlà\n"


def test_a_nul_at_the_end_is_taken_off_and_others_are_no_text() -> None:
    assert decoded(b"{\\rtf1 a}\r\n\0")[0] == "{\\rtf1 a}\n"
    for data in (b"a\0\0", b"\xff\xfb\x90\x64" + bytes(100), bytes(range(1, 256))):
        with pytest.raises(FileBinary):
            decoded(data)


def test_a_long_file_is_decoded_in_linear_time(tmp_path: Path) -> None:
    for data in (b"\xe9" * 500_000, "été à ".encode("latin-1") * 100_000, b"a" * 500_000 + b"\x8e"):
        with in_linear_time():
            assert len(decoded(data)[0]) == len(data)
