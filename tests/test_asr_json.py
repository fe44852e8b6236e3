"""The JSON of recognisers and of editors: exact values for each dialect, what is noted, and what holds for any JSON."""

import copy
import doctest
import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import FormatBroken, FormatUnknown
from index.transcripts import FORMATS, estimated_times, language_code, read_transcript
from index.transcripts.asr import azure, google, json_fields
from index.transcripts.report import Reading, Transcript, Unreadable, Word
from index.transcripts.source import Source
from tests.asr_documents import (
    AMAZON_SEGMENTS,
    ASSEMBLYAI_UTTERANCES,
    AUTOEDIT,
    AUTOEDIT_3,
    AZURE,
    AZURE_FAST,
    CASES,
    CPP,
    DEEPGRAM,
    DEEPGRAM_UTTERANCES,
    DRAFT,
    GOOGLE_SPEAKERS,
    LHOTSE,
    OPENAI,
    PODCAST,
    TIMESTAMPED,
    VERBOSE,
    WATSON,
    WHISPERX,
    YOUTUBE,
    Row,
    stamped,
    uttered,
)
from tests.reading import WILD, in_linear_time

ROWS = {row.name: row for row in FORMATS}
JSON_ROWS = [row for row in FORMATS if row.suffixes == (".json",)]
CATCH_ALL = "Whisper JSON"


def source_of(document: Any) -> Source:
    text = json.dumps(document)
    return Source("a.json", text.encode(), text, "utf-8")


def told(document: Any) -> str:
    """The only format that claims ``document``, apart from the one that says what was expected."""
    names = [row.name for row in JSON_ROWS if row.looks_like(source_of(document))]
    assert names[-1:] == [CATCH_ALL]
    assert len(names) <= 2
    return names[0]


def reading(document: Any) -> Reading:
    return ROWS[told(document)].read(source_of(document))


def cues(document: Any) -> list[Row]:
    return [(cue.start, cue.end, " ".join(cue.text.split()), cue.speaker) for cue in reading(document).cues]


def words(document: Any) -> list[tuple[float, float | None, str, str | None]]:
    return [(word.start, word.end, word.text, word.speaker) for cue in reading(document).cues for word in cue.words]


def notes(document: Any) -> list[tuple[str, str]]:
    return [(note.kind.value, note.detail) for note in reading(document).notes]


@pytest.mark.parametrize(("name", "document", "expected", "language"), CASES.values(), ids=CASES)
def test_each_dialect_is_told_from_the_others_and_read_exactly(
    name: str, document: Any, expected: list[Row], language: str | None
) -> None:
    before = copy.deepcopy(document)
    assert told(document) == name
    assert cues(document) == expected
    assert reading(document).language == language
    assert document == before


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (OPENAI, [(0.1, 0.6, "Bonjour", None), (0.6, 0.7, "à", None), (0.7, 1.5, "tous.", None)]),
        (TIMESTAMPED, [(0.12, 0.38, "Yeah,", None), (0.38, 0.62, "so", None)]),
        (
            WHISPERX,
            [
                (0.0, 0.5, "In 2014,", "SPEAKER_00"),
                (1.0, 1.4, "yes.", "SPEAKER_00"),
                (1.5, 2.0, "No.", "SPEAKER_01"),
                (3.0, 3.5, "Ok.", "SPEAKER_01"),
            ],
        ),
        (CPP, [(0.04, 0.6, "Everybody,", None), (0.7, 1.0, "hi", None)]),
        (VERBOSE, [(0, 0.5, "Oui", None), (0.5, 1, "bien", None), (1, 1.5, "sûr", None), (1.5, 2, "Non", None)]),
        (
            DEEPGRAM,
            [(0.08, 0.32, "Yeah.", "Speaker 0"), (0.32, 0.8, "As", "Speaker 1"), (0.8, 1.1, "well", "Speaker 1")],
        ),
        (DEEPGRAM_UTTERANCES, [(0.08, 0.32, "Yeah.", "Speaker 0")]),
        (ASSEMBLYAI_UTTERANCES, [(0.25, 0.75, "Smoke", "Speaker A"), (0.75, 1.25, "from.", "Speaker A")]),
        (AMAZON_SEGMENTS, [(4.87, 5.02, "I've", None), (5.02, 5.17, "been.", None), (5.3, 5.6, "Sorry", None)]),
        (AZURE, [(0.09, 0.57, "hello", None), (0.59, 0.75, "world", None)]),
        (AZURE_FAST, [(0.96, 1.2, "Good", None), (1.2, 1.6, "afternoon.", None)]),
        (LHOTSE, [(0.1, 0.2, "hello", None), (0.2, 0.4, "you", None)]),
        (DRAFT, [(1, 1.5, "There", None), (1.5, 2, "is", None)]),
        (PODCAST, []),
    ],
)
def test_word_times_are_kept(document: Any, expected: list[Row]) -> None:
    assert words(document) == expected


BAD_WORDS: list[Any] = [
    {"word": "lost", "start": float("nan"), "end": 1},
    "no word",
    {"word": "a", "start": 1, "end": 0.5},
    {"word": "b"},
    {"word": 5, "start": 2, "end": 3},
    {"word": " ", "start": 2, "end": 3},
    {"word": "c", "start": -1, "end": 3},
    {"word": "d", "start": 10**400, "end": True},
    {"word": "e", "start": 4, "end": "later"},
]


def test_words_that_are_not_as_they_should_be_are_joined_or_dropped_and_noted_by_their_number() -> None:
    document = {"results": {"channels": [{"alternatives": [{"words": BAD_WORDS}]}]}}
    assert cues(document) == [(1, None, "a b c d", None), (4, None, "e", None)]
    assert notes(document) == [
        ("bad_time", "word 1"),
        ("bad_time", "word 2"),
        ("end_before_start", "word 3: 1 > 0.5"),
        ("joined_line", "word 4: b"),
        ("bad_time", "word 5"),
        ("empty_cue", "word 6"),
        ("joined_line", "word 7: c"),
        ("joined_line", "word 8: d"),
        ("end_unreadable", "word 9"),
    ]


def test_a_word_of_another_speaker_without_a_time_is_not_given_to_the_one_before() -> None:
    spoken_words = [{"word": "a", "start": 1, "end": 2, "speaker": 0}, {"word": "b", "speaker": 1}]
    document = {"results": {"channels": [{"alternatives": [{"words": spoken_words}]}]}}
    assert (cues(document), notes(document)) == ([(1, 2, "a", "Speaker 0")], [("bad_time", "word 2")])


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"segments": [{"start": 1, "end": "?", "text": "a"}, {"text": "b"}]},
         [("end_unreadable", "segment 1"), ("bad_time", "segment 2")]),
        ({"segments": [{"start": 1, "end": 2, "text": "a b", "words": [
            {"word": "a", "start": "?", "end": 2}, {"word": "b", "start": 1, "end": 2}]}]},
         [("bad_time", "segment 1, word 1")]),
        ({"segments": [{"start": 1, "end": 2, "text": "a b", "words": [{"word": "a"}, *stamped("b", 1)]}]}, []),
        (GOOGLE_SPEAKERS, [("repeat_merged", "result 3")]),
        ({"results": [{"alternatives": [{"words": uttered("a", 0)}]}, {"alternatives": [{"words": [
            {"startTime": "soon", "endTime": {"seconds": None}, "word": "b"}, {"word": "c"}]}]}]},
         [("bad_time", "result 2, word 1"), ("bad_time", "result 2, word 2")]),
        ({"results": [{"alternatives": [{"words": uttered("a", 0)}]}, {"alternatives": [{"transcript": "b"}]}]},
         [("bad_time", "segment 2")]),
        (WATSON, [("dropped_block", "result 1: %HESITATION × 1")]),
        ({"results": [{"final": False, "alternatives": [{"timestamps": [["a", 0, 1]]}]},
                      {"final": True, "alternatives": [{"timestamps": [["a", 0, 1], ["b"]]}]},
                      {"final": True, "alternatives": [{"transcript": "c"}]}]},
         [("repeat_merged", "result 1"), ("bad_time", "result 2, word 2"), ("bad_time", "result 3")]),
        ({"phrases": [{"offsetMilliseconds": 0, "durationMilliseconds": 10, "text": "a"}, {"text": "b"},
                      {"offset": "PT", "durationMilliseconds": "?", "text": "c"}]},
         [("bad_time", "segment 2"), ("bad_time", "segment 3")]),
        ({"version": "1", "segments": [{"startTime": 1, "endTime": 2, "body": "a"}, {"startTime": 3}]},
         [("bad_time", "segment 2")]),
    ],
)  # fmt: skip
def test_what_is_left_out_or_mended_is_noted(document: Any, expected: list[tuple[str, str]]) -> None:
    assert notes(document) == expected


def test_a_stream_of_google_that_says_its_words_again_and_again_is_read_once() -> None:
    again = [{"alternatives": [{"words": uttered(text, 1, speakerTag=1)}]} for text in ("a", "a b", "a b. c")]
    other = {"alternatives": [{"words": uttered("d", 9, speakerTag=2)}]}
    assert cues({"results": [*again, other]}) == [
        (1, 2, "a b.", "Speaker 1"), (2, 2.5, "c", "Speaker 1"), (9, 9.5, "d", "Speaker 2"),
    ]  # fmt: skip


def test_turns_that_overlap_or_leave_gaps_give_the_nearest_speaker() -> None:
    spans = [(0, 100, "S1"), (50, 2, "S2"), (200, 5, "S3"), (300, "?", "S4")]
    segments = [{"start": start, "duration": length, "speaker": {"@id": who}} for start, length, who in spans]
    moments = [10, 51, 60, 99.9, 100.4, 150, 199.3, 205.2, 301]
    listed = [{"word": "w", "punct": "w", "start": at, "end": at} for at in moments]
    document = {"words": listed, "segmentation": {"segments": segments}}
    expected = ["S1", "S2", "S1", "S1", "S1", None, "S3", "S3", None]
    assert [speaker for _, _, _, speaker in words(document)] == expected


def test_one_word_a_phrase_in_a_script_without_spaces_is_no_list_of_words() -> None:
    segments = [{"start": at, "end": at + 1, "text": "こんにちは世界"} for at in range(6)]
    assert len(cues({"segments": segments})) == 6


def saved(folder: Path, document: Any) -> Transcript:
    path = folder / "a.json"
    path.write_text(json.dumps(document), "utf-8")
    return read_transcript(path)


def test_title_language_speakers_and_format_reach_the_transcript(tmp_path: Path) -> None:
    transcript = saved(tmp_path, AUTOEDIT)
    assert (transcript.title, transcript.report.format) == ("Un entretien", "autoEdit JSON")
    assert saved(tmp_path, AUTOEDIT_3).title == "Le débat"
    transcript = saved(tmp_path, GOOGLE_SPEAKERS)
    assert (transcript.language, transcript.report.speakers) == ("en", ("Speaker 1", "Speaker 2"))


@pytest.mark.parametrize(
    "text", ["[00:20] Bonjour", "[ti:Chant]\n[00:12.00]La", "{1}{20}Bonjour", "[[musique]]\n00:01 a"]
)
def test_a_text_that_begins_with_a_bracket_is_no_broken_json(text: str) -> None:
    source = Source("a.txt", text.encode(), text)
    assert [row.name for row in JSON_ROWS if row.looks_like(source)] == []


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"results": {}}, "JSON without “segments”"),
        ({"words": []}, "JSON without “segments”"),
        ({"segments": {"start": 1}}, "JSON without “segments”"),
        ([{"a": 1}], "JSON without “segments”"),
        ([YOUTUBE, YOUTUBE], "2 transcripts in one file"),
        ([LHOTSE[0], {**LHOTSE[0], "recording_id": "r2"}], "supervisions of 2 recordings"),
    ],
)
def test_another_json_is_refused_with_what_was_expected(tmp_path: Path, document: Any, reason: str) -> None:
    with pytest.raises(FormatUnknown) as caught:
        saved(tmp_path, document)
    assert reason in str(caught.value.details["reason"])


@pytest.mark.parametrize("row", [row for row in JSON_ROWS if row.name not in (CATCH_ALL, "WhisperX JSON")])
def test_each_reader_says_which_structure_it_expected(row: Any) -> None:
    with pytest.raises(Unreadable, match=r"JSON without .* with|JSON without .*“"):
        row.read(source_of({"unknown": []}))


def test_a_document_without_one_readable_time_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatBroken, match="Deepgram JSON"):
        saved(tmp_path, {"results": {"channels": [{"alternatives": [{"words": [{"word": "a"}]}]}]}})


def test_a_million_brackets_or_untimed_words_are_read_in_linear_time(tmp_path: Path) -> None:
    untimed = [{"word": "a", "start": 0, "end": 1}, *({"word": "b"} for _ in range(50_000))]
    document = {"results": {"channels": [{"alternatives": [{"words": untimed}]}]}}
    text = "[" * 1_000_000
    with in_linear_time():
        assert saved(tmp_path, document).report.words == 50_001
        assert not Source("a.json", text.encode(), text).looks_like_json


def test_the_examples_in_the_docstrings_hold() -> None:
    modules = (json_fields, google, azure, language_code, estimated_times)
    assert [doctest.testmod(module).failed for module in modules] == [0] * 5


# What holds for any JSON ---------------------------------------------------------------------------------------------

_KEYS = sorted(set(re.findall(r'"(\w+)":', json.dumps([document for _, document, _, _ in CASES.values()]))))
_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["word", "punctuation", "1.5s", "PT1S", "12.5", "-1", "both", {}, []])
)
_ANY = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=6),
    max_leaves=25,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything inside ``value``."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield (*path, key)
        yield from places(one, (*path, key))


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """A document of some dialect in which a few values are anything."""
    document = copy.deepcopy(draw(st.sampled_from([document for _, document, _, _ in CASES.values()])))
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(list(places(document))))
        holder = document
        with suppress(KeyError, IndexError, TypeError):  # an earlier damage took that place away
            for key in way:
                holder = holder[key]
            holder[last] = draw(_ANY)
    return document


def check(document: Any) -> None:
    """Each reader gives cues that make sense, or says why it does not."""
    source = source_of(document)
    for row in FORMATS:
        looks = row.looks_like(source)
        assert isinstance(looks, bool)
        if ".json" not in row.suffixes:
            continue
        try:
            found = row.read(source)
        except Unreadable as error:
            assert error.reason
            continue
        for cue in found.cues:
            assert cue.start >= 0
            assert isinstance(cue.text, str)
            assert all(isinstance(word, Word) and word.start >= 0 and word.text for word in cue.words)


@given(_ANY)
def test_any_json_is_read_or_refused(document: Any) -> None:
    check(document)


@given(damaged())
def test_a_damaged_document_is_read_or_refused(document: Any) -> None:
    check(document)


@pytest.mark.parametrize("name", CASES)
def test_deep_nesting_and_absurd_times_in_any_place_are_read_or_refused(name: str) -> None:
    _, document, _, _ = CASES[name]
    deep: list[Any] = []
    for _ in range(700):
        deep = [deep]
    one_of_each = {str([one for one in place if isinstance(one, str)]): place for place in places(document)}
    for *way, last in one_of_each.values():
        for value in (deep, 1.7e308, float("inf"), float("nan"), 10**400, "1" * 5000):
            damaged_one = copy.deepcopy(document)
            holder = damaged_one
            for one in way:
                holder = holder[one]
            holder[last] = value
            check(damaged_one)


# Real files ----------------------------------------------------------------------------------------------------------


def real_files() -> list[Path]:
    return [path for path in sorted(WILD.rglob("*.json")) if path.name != "manifest.json"]


_TEXT_KEYS = ("punctuated_word", "punct", "word", "text", "name", "content", "body")
_TIME_KEYS = ("start", "start_time", "startTime", "time", "end", "end_time", "endTime")


def timed_leaves(value: Any) -> Iterator[tuple[float, str]]:
    """The innermost timed texts of a document: the words, where it has words. Written apart from the readers."""
    if isinstance(value, list):
        for one in value:
            yield from timed_leaves(one)
    elif isinstance(value, dict):
        inner = [found for key, one in value.items() if key != "alternatives" or "start_time" not in value
                 for found in timed_leaves(one) if key not in ("utterances", "paragraphs", "speakers")]  # fmt: skip
        start = next((value[key] for key in _TIME_KEYS if key in value), None)
        text = next((value[key] for key in _TEXT_KEYS if isinstance(value.get(key), str)), None)
        if inner:
            yield from inner
        elif start is not None and "alternatives" in value:
            yield moment(start), value["alternatives"][0]["content"]
        elif start is not None and text:
            yield moment(start), text


def moment(value: Any) -> float:
    if isinstance(value, dict):
        return float(value.get("seconds", 0)) + float(value.get("nanos", 0)) / 1e9
    return float(value)


def tokens(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.lower())


@pytest.mark.skipif(not WILD.is_dir(), reason=f"no transcripts found in the wild at {WILD}")
@pytest.mark.parametrize("path", real_files(), ids=lambda path: path.name)
def test_real_files_keep_their_words_and_times(path: Path) -> None:
    leaves = list(timed_leaves(json.loads(path.read_text("utf-8"))))
    transcript = read_transcript(path)
    expected = tokens(" ".join(text for _, text in leaves))
    found = tokens(" ".join(segment.text for segment in transcript.segments))
    assert len(expected) > 3
    assert (Counter(expected) & Counter(found)).total() >= 0.99 * len(expected)
    assert len(found) <= 1.01 * len(expected)
    starts = [start for start, _ in leaves]
    assert abs(transcript.report.first - min(starts)) <= 0.5
    assert max(starts) <= transcript.report.last + 0.5
    assert transcript.report.last <= max(starts) + 3
