"""Google Cloud Speech-to-Text, v1 and v2: a response, or the operation that holds it ("RecognizeResponse",
cloud.google.com/speech-to-text/docs/reference/rest).

    {"results": [{"languageCode": "fr-fr", "resultEndTime": "2.500s", "alternatives": [{"transcript": "Bonjour à tous.",
      "words": [{"startTime": "1.300s", "endTime": "1.800s", "word": "Bonjour", "speakerTag": 1}, ...]}]}]}

Times are also {"seconds": "1", "nanos": 300000000}, names are also in snake case. v2 says startOffset and speakerLabel,
and leaves out a start of zero. With speakers, a last result repeats every word so far: only that one is kept, and
noted. A result without words lasts from the end of the one before to its own. Channels are not told apart.
"""

import re
from heapq import merge

from index.transcripts.asr.cues import WordList, add_segment, in_time
from index.transcripts.asr.json_fields import (
    Fields,
    Times,
    document,
    either,
    entries,
    expect,
    fields,
    first,
    has,
    key,
    sample,
    seconds,
    speaker_name,
)
from index.transcripts.language_code import language_code
from index.transcripts.report import Cue, NoteKind, Reading, Word
from index.transcripts.source import Source
from index.transcripts.words import cues_of

_DURATION = re.compile(r"\d{1,9}(?:\.\d{1,9})?s")
_END = ("resultEndTime", "resultEndOffset", "result_end_time", "result_end_offset")


def looks_like(source: Source) -> bool:
    """By results whose alternatives have words, or a transcript and an end."""
    return any(_is_result(result) for result in sample(_body(source).get("results")))


def read(source: Source) -> Reading:
    """Raises Unreadable for JSON of another structure."""
    expect(looks_like(source), "“results[].alternatives[].words”")
    results = entries(_body(source)["results"])
    reading = Reading()
    before: list[Word] = []
    spoken: list[Cue] = []
    end = 0.0
    for number, result in enumerate(results, start=1):
        reading.language = reading.language or language_code(either(result, "languageCode", "language_code"))
        best = first(result.get("alternatives"))
        words = _words(reading, best, number)
        last = words[-1].end if words else _time(either(result, *_END))
        if _repeats(words, before):
            reading.note(NoteKind.REPEAT_MERGED, None, f"result {number}")
            before, spoken = [], []
        if not words and best.get("transcript"):
            add_segment(reading, number, best["transcript"], Times(None if last is None else end, last))
        spoken.extend(cues_of(words))
        before.extend(words)
        end = last or end
    reading.cues = list(merge(reading.cues, spoken, key=lambda cue: cue.start))
    if len({key(either(result, "channelTag", "channel_tag")) for result in results}) > 1:
        in_time(reading)
    return reading


def _body(source: Source) -> Fields:
    body = document(source)
    return fields(body.get("response")) or body


def _is_result(result: Fields) -> bool:
    if {"final", "type"} & result.keys() or not isinstance(result.get("alternatives"), list):
        return False
    best = first(result["alternatives"])
    return has(best.get("words"), "word") or ("transcript" in best and either(result, *_END) is not None)


def _words(reading: Reading, best: Fields, number: int) -> list[Word]:
    words = WordList(reading, f"result {number}, word")
    for word in entries(best.get("words")):
        tag = either(word, "speakerTag", "speaker_tag")
        speaker = either(word, "speakerLabel", "speaker_label") or (None if tag == 0 else tag)
        words.add(word.get("word"), _times(word), speaker_name(speaker))
    return words.words()


def _times(word: Fields) -> Times:
    start = either(word, "startTime", "startOffset", "start_time", "start_offset")
    end = either(word, "endTime", "endOffset", "end_time", "end_offset")
    finish = _time(end)
    begin = 0.0 if start is None and finish is not None else _time(start)
    return Times(begin, finish, start is not None, end is not None)


def _time(value: object) -> float | None:
    """Seconds of a protobuf Duration, as JSON or as an object.

    >>> _time("1.300s"), _time({"seconds": "1", "nanos": 300000000}), _time({}), _time("soon")
    (1.3, 1.3, 0.0, None)
    """
    if isinstance(value, str):
        return float(value[:-1]) if _DURATION.fullmatch(value) else None
    if not isinstance(value, dict):
        return seconds(value)
    whole = value.get("seconds", 0)
    whole = seconds(whole.get("low") if isinstance(whole, dict) else whole)  # a 64-bit integer of JavaScript
    nanos = seconds(value.get("nanos", 0), 1e9)
    return None if whole is None or nanos is None else round(whole + nanos, 9)


def _repeats(words: list[Word], before: list[Word]) -> bool:
    """Whether ``words`` say all of ``before`` again, with speakers."""
    if not before or len(words) < len(before) or words[0].speaker is None or words[0].start > before[0].start:
        return False
    nameless = all(word.speaker is None for word in before)
    return nameless or all(_bare(word) == _bare(again) for word, again in zip(before, words, strict=False))


def _bare(word: Word) -> str:
    return word.text.rstrip(".,?!").lower()
