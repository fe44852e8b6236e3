"""A text without any time, where a person says how fast people speak (``--words-per-minute``).

    Ada Martin: Bonjour à tous.
    Jean Petit : Merci.

Times are counted in words from 0 and noted as estimated. A passage begins at each name that the file uses as a label;
in a file without names, after an empty line, or at each line when none is empty.
"""

from itertools import pairwise

from index.transcripts.estimated_times import bounds_by_words
from index.transcripts.report import Cue, NoteKind, Reading
from index.transcripts.source import Source
from index.transcripts.speaker_prefix import labels_of
from index.transcripts.text.untimed_turns import turns_of


def looks_like(source: Source) -> bool:
    """Any text, where the speed is given, but none of a structured format or with the arrows of captions."""
    structured = source.looks_like_json or source.looks_like_xml or source.looks_like_html or "-->" in source.text
    return source.options.words_per_minute is not None and not structured


def read(source: Source) -> Reading:
    """Passages as long as their words take at the pace that was given."""
    reading = Reading()
    turns = turns_of(source.lines, labels_of([line for line in source.lines if line.strip()]))
    pace = source.options.words_per_minute or 1
    words = [turn.words for turn in turns]
    bounds = bounds_by_words(words, 0.0, sum(words) * 60 / pace)
    for turn, (start, end) in zip(turns, pairwise(bounds), strict=True):
        reading.cues.append(Cue(start, end, turn.text, turn.speaker, turn.line))
    reading.note(NoteKind.TIMES_FROM_WORDS, None, f"{pace} / min")
    return reading
