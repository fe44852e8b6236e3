"""What a question wants to be told."""

import pytest

from rag.expected import Expected, expected_in, holds


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Quel âge a Jean-Baptiste Kempf ?", Expected.NUMBER),
        ("quel age a kempf", Expected.NUMBER),
        ("Quel est le prix d'un GPU ?", Expected.NUMBER),
        ("Combien d'avocats compte le cabinet ?", Expected.NUMBER),
        ("How much does Playruo cost per month?", Expected.NUMBER),
        ("De quand date l'article fondateur ?", Expected.MOMENT),
        ("Depuis quand dirige-t-il VideoLAN ?", Expected.MOMENT),
        ("Quelle est la date de création de VideoLAN ?", Expected.MOMENT),
        ("When does the court plan to start using AI?", Expected.MOMENT),
        ("Que pense Kempf du prix des GPU ?", None),
        ("Que dit-on quand une entreprise ferme ?", None),
        ("Quelle est la position de la Chine ?", None),
        ("Who benefits from GDPR?", None),
        ("", None),
    ],
)
def test_what_is_expected(question: str, expected: Expected | None) -> None:
    assert expected_in(question) is expected


@pytest.mark.parametrize(
    ("expected", "text", "held"),
    [
        (Expected.NUMBER, "Il y a 9 personnes.", True),
        (Expected.NUMBER, "Des dizaines de millions d'euros.", True),
        (Expected.NUMBER, "la moitié d'entre eux", True),
        (Expected.NUMBER, "A vos côtés, le fondateur de VLC.", False),
        (Expected.MOMENT, "dès l’année prochaine", True),
        (Expected.MOMENT, "C'était en 2017.", True),
        (Expected.MOMENT, "It starts in January.", True),
        (Expected.MOMENT, "C'est le fondateur de VLC.", False),
    ],
)
def test_what_holds_it(expected: Expected, text: str, held: bool) -> None:
    assert holds(expected, text) is held
