"""What the fields of a debate may be, whoever gives them. Each check raises FieldInvalid."""

import re

from index.errors import FieldInvalid
from index.media import is_address
from index.transcripts.segments import plain

_LANGUAGE = re.compile(r"[a-z]{2}")


def check_title(title: str) -> None:
    if not plain(title):
        raise FieldInvalid(field="title", value=title, expected="some text", expected_fr="un texte")


def check_language(language: str) -> None:
    if not _LANGUAGE.fullmatch(language):
        expected, expected_fr = "a code of two letters such as fr", "un code de deux lettres comme fr"
        raise FieldInvalid(field="language", value=language, expected=expected, expected_fr=expected_fr)


def check_url(url: str) -> None:
    if not is_address(url):
        expected, expected_fr = (
            "an address that begins with http:// or https://",
            "une adresse qui commence par http:// ou https://",
        )
        raise FieldInvalid(field="url", value=url, expected=expected, expected_fr=expected_fr)
