"""docs/formats.md: a section for every format, and examples that are read as it says."""

from pathlib import Path

import pytest

from index.transcripts import FORMATS
from tests.format_examples import Example, examples, headings
from tests.reading import read

EXAMPLES = examples()


def test_every_format_has_its_section_and_every_section_its_format() -> None:
    assert sorted(headings()) == sorted(row.name for row in FORMATS)


def test_every_format_of_text_has_its_example() -> None:
    assert {one.name for one in EXAMPLES} == {row.name for row in FORMATS if not row.binary}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_is_recognised_by_its_content_and_says_what_it_should(tmp_path: Path, example: Example) -> None:
    transcript = read(tmp_path, example.text, options=example.options)
    first, second = example.speakers
    expected = {"Bonjour à tous.": (1.0, first), "Merci de votre accueil.": (4.0, second)}
    found = {segment.text: (round(segment.start, 3), segment.speaker) for segment in transcript.segments}
    assert transcript.report.format == example.name
    assert expected.items() <= found.items(), found
    assert tuple(note.message("en") for note in transcript.report.notes) == example.notes
    assert transcript.language == "fr"
