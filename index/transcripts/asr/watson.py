"""IBM Watson Speech to Text: a response, or the recognition job that holds it ("Understanding speech recognition
results" and "Speaker labels", cloud.ibm.com/docs/speech-to-text).

    {"result_index": 0, "results": [{"final": true, "alternatives": [{"transcript": "hello yeah ",
      "timestamps": [["hello", 0.68, 1.19], ["yeah", 1.47, 1.93]]}]}],
     "speaker_labels": [{"from": 0.68, "to": 1.19, "speaker": 2}, ...]}

Only results with timestamps are read, and of them the first alternative. Results that were not final are repeated by
those that are; they and the marks %HESITATION are left out, and noted.
"""

from index.transcripts.asr.cues import WordList, add_segment
from index.transcripts.asr.json_fields import (
    Fields,
    Times,
    document,
    entries,
    expect,
    first,
    sample,
    seconds,
    speaker_name,
    string,
)
from index.transcripts.report import NoteKind, Reading, Word
from index.transcripts.source import Source

_HESITATION = "%HESITATION"


def looks_like(source: Source) -> bool:
    """By results whose first alternative has timestamps."""
    return any(
        "timestamps" in first(result.get("alternatives"))
        for body in _bodies(source)
        for result in sample(body.get("results"))
    )


def read(source: Source) -> Reading:
    """Raises Unreadable for JSON of another structure."""
    expect(looks_like(source), "“results[].alternatives[].timestamps”")
    reading = Reading()
    bodies = _bodies(source)
    results = [(result, body) for body in bodies for result in entries(body.get("results"))]
    speakers = {id(body): _speakers(body) for body in bodies}
    some_final = any(result.get("final") is True for result, _ in results)
    for number, (result, body) in enumerate(results, start=1):
        if some_final and result.get("final") is False:
            reading.note(NoteKind.REPEAT_MERGED, None, f"result {number}")
        else:
            _add(reading, number, first(result.get("alternatives")), speakers[id(body)])
    return reading


def _bodies(source: Source) -> list[Fields]:
    """A job holds a list of responses."""
    body = document(source)
    inner = [one for one in entries(body.get("results")) if "results" in one]
    return inner or [body]


def _speakers(body: Fields) -> dict[int, str | None]:
    """The start of a word, in hundredths of a second -> its speaker."""
    labels = [(seconds(label.get("from"), 0.01), label.get("speaker")) for label in entries(body.get("speaker_labels"))]
    return {round(start): speaker_name(speaker) for start, speaker in labels if start is not None}


def _add(reading: Reading, number: int, best: Fields, speakers: dict[int, str | None]) -> None:
    text = string(best.get("transcript"))
    hesitations = text.split().count(_HESITATION)
    if hesitations:
        reading.note(NoteKind.DROPPED_BLOCK, None, f"result {number}: {_HESITATION} × {hesitations}")
        text = " ".join(token for token in text.split() if token != _HESITATION)
    words = _words(reading, number, best.get("timestamps"), speakers)
    if not words:
        reading.note(NoteKind.BAD_TIME, None, f"result {number}")
        return
    add_segment(reading, number, text or None, Times(words[0].start, words[-1].end, end_given=False), words=words)


def _words(reading: Reading, number: int, timestamps: object, speakers: dict[int, str | None]) -> list[Word]:
    words = WordList(reading, f"result {number}, word")
    for stamp in timestamps if isinstance(timestamps, list) else []:
        text, start, end = stamp if isinstance(stamp, list) and len(stamp) == 3 else (None, None, None)
        if text == _HESITATION:
            continue
        when = Times(seconds(start), seconds(end), start is not None, end is not None)
        moment = seconds(start, 0.01)
        words.add(text, when, None if moment is None else speakers.get(round(moment)))
    return words.words()
