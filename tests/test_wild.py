"""Every real file of ``WILD``: read whole, or refused with a reason. tests/wild.py prints it as a table."""

import functools
from pathlib import Path

import pytest

from index.errors import FileEmpty, FormatBroken, TimesMissing, TranscriptError
from tests.drawn import drawn
from tests.reading import WILD, read
from tests.wild import Outcome, files, outcome, recall, repeated, rows, summary

wild = pytest.mark.skipif(not WILD.is_dir(), reason=f"no transcripts found in the wild at {WILD}")

REFUSED: dict[str, tuple[type[TranscriptError], str]] = {
    "subtitles__empty.vtt": (FileEmpty, "is empty"),
    "subtitles__no_captions.vtt": (FormatBroken, "no passage"),
    "regions__id__space-after-delimiter.vtt": (FormatBroken, "no passage"),
    "regions__line-break.vtt": (FormatBroken, "no passage"),
    "regions__lines__letter-in-value.vtt": (FormatBroken, "no passage"),
    "regions__lines__space-after-delimiter.vtt": (FormatBroken, "no passage"),
    "regions__regionanchor__negative-percent.vtt": (FormatBroken, "no passage"),
    "regions__regionanchor__space-before-delimiter.vtt": (FormatBroken, "no passage"),
    "regions__viewportanchor__space-after-delimiter.vtt": (FormatBroken, "no passage"),
    "regions__width__percentage-at-front.vtt": (FormatBroken, "no passage"),
    "subtitle_with_attached_images_aegisub.ass": (FormatBroken, "no passage"),  # its only line has no text
    "cue-times__missing-separator.vtt": (FormatBroken, "no passage"),
    "subtitles__invalid_format.sbv": (TimesMissing, "No timestamps"),
    "subtitles__invalid_format1.srt": (TimesMissing, "No timestamps"),
    "subtitles__invalid_format3.srt": (TimesMissing, "No timestamps"),
    "300 multiple choices.html": (TimesMissing, "No timestamps"),
    "subtitles-generator__sample__test.sample.txt": (TimesMissing, "No timestamps"),
}
"""End of the name -> the refusal and its reason: they hold no words, or no times."""
MALFORMED = {
    "subtitles__invalid_timeframe.sbv": "a time with a letter in it, an end before its start",
    "cuetext__tag-format__end-tag-no-gt.vtt": "a tag that does not end",
    "cuetext__timestamp__no-end-gt.vtt": "a tag that does not end",
    "cuetext__voice__no-end-gt.vtt": "a tag that does not end",
}
"""End of the name -> why what is drawn of it is not what it says."""
CAPTIONS = (".vtt", ".srt", ".sbv", ".static")
AUTOMATIC = """WEBVTT
Kind: captions
Language: fr

00:00:00.160 --> 00:00:02.389 align:start position:0%
\x20
bonjour<00:00:00.400><c> à</c><00:00:00.800><c> toutes</c>

00:00:02.389 --> 00:00:02.399 align:start position:0%
bonjour à toutes
\x20

00:00:02.399 --> 00:00:05.000 align:start position:0%
bonjour à toutes
et<00:00:02.560><c> bienvenue</c><00:00:03.000><c> ici</c>

00:00:05.000 --> 00:00:05.010 align:start position:0%
et bienvenue ici
\x20
"""


@functools.cache
def measured(file: str) -> Outcome:
    return outcome(file)


@wild
@pytest.mark.parametrize("file", files())
def test_a_real_file_is_read_whole_or_refused_with_a_reason(file: str) -> None:
    found = measured(file)
    if file.endswith(tuple(REFUSED)):
        error, reason = next(refusal for end, refusal in REFUSED.items() if file.endswith(end))
        assert type(found.error) is error
        assert reason in str(found.error)
        return
    assert found.error is None
    if not file.endswith(tuple(MALFORMED)):
        assert found.recall is None or found.recall >= 0.99
        assert max(found.off) <= 0.5


@wild
def test_every_file_expected_to_be_refused_or_malformed_is_there() -> None:
    for end in (*REFUSED, *MALFORMED):
        assert sum(file.endswith(end) for file in files()) == 1


@wild
@pytest.mark.parametrize("file", [file for file in files() if file.endswith(CAPTIONS)])
def test_real_captions_do_not_repeat_one_another(file: str) -> None:
    transcript = measured(file).transcript
    assert transcript is None or repeated(transcript) < 0.01


@wild
def test_words_are_drawn_of_every_real_file_that_is_read() -> None:
    assert [file for file in files() if measured(file).transcript and measured(file).own is None] == []


@wild
def test_the_table_has_every_real_file_and_the_summary_no_crash() -> None:
    outcomes = [measured(file) for file in files()]
    assert len(list(rows(outcomes))) == len(files()) + 1
    assert f"{len(files()) - len(REFUSED)} read, {len(REFUSED)} refused, 0 crashed" in summary(outcomes)


def test_automatic_captions_keep_every_line_once(tmp_path: Path) -> None:
    transcript = read(tmp_path, AUTOMATIC, "a.vtt")
    own = drawn(tmp_path / "a.vtt")
    assert own is not None
    assert own.texts[1:] == ["bonjour à toutes", "et bienvenue ici"]
    assert (own.first, own.last) == (0.16, 5.01)
    assert recall(own.texts, transcript) == 1
    assert repeated(transcript) == 0


def test_a_lost_line_and_a_repeated_one_are_seen(tmp_path: Path) -> None:
    transcript = read(tmp_path, "00:01 un deux trois\n00:03 un deux trois quatre\n")
    assert recall(["un deux trois quatre cinq"], transcript) == 0.8
    assert repeated(transcript) == 3 / 7
