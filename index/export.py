"""A debate -> a file that other programs read, and this one reads again: SubRip, WebVTT, JSON, text, TSV, RTTM.

Times are written to the millisecond. Texts come back as they were from SubRip, WebVTT, JSON and TSV; speakers from all
of these but SubRip, which has no place for them. Text is for people (whole seconds, names in front), RTTM holds who
speaks when and no words. To add a format: one function, one row in ``_WAYS``.
"""

import csv
import html
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the command line needs the names of the formats, and not numpy
    from index.types import Debate, Segment

_MARKUP = re.compile(r"<(?=[\w/])|\{\\|-->")


class ExportFormat(StrEnum):
    """Named like the ending of the file."""

    SRT = "srt"
    VTT = "vtt"
    JSON = "json"
    TXT = "txt"
    TSV = "tsv"
    RTTM = "rttm"

    @property
    def media_type(self) -> str:
        return _WAYS[self].media_type


def exported(debate: "Debate", export_format: ExportFormat) -> str:
    """The whole file, with a line end at its end."""
    return _WAYS[export_format].write(debate)


def _speaker(segment: "Segment") -> str | None:
    """The name, or what the file calls a voice that has none."""
    from index.speakers.voices import is_anonymous

    anonymous = segment.voice is not None and is_anonymous(segment.voice)
    return segment.speaker or (segment.voice if anonymous else None)


def _srt(debate: "Debate") -> str:
    """https://www.matroska.org/technical/subtitles.html#srt-subtitles. Escaped only where a reader would take text for
    markup, since many players show ``&lt;`` as it stands."""
    blocks = (
        f"{number}\n{clock(segment.start, ',')} --> {clock(segment.end, ',')}\n{srt_text(segment.text)}\n"
        for number, segment in enumerate(debate.segments, start=1)
    )
    return "\n".join(blocks)


def srt_text(text: str) -> str:
    plain = html.unescape(text) == text and not _MARKUP.search(text)
    return text if plain else _escaped(text)


def _vtt(debate: "Debate") -> str:
    """https://www.w3.org/TR/webvtt1/, with a voice tag for each speaker: ``<v Ada Martin>Bonjour``."""
    title = debate.title.replace("-->", "→")
    blocks = (
        f"{clock(segment.start, '.')} --> {clock(segment.end, '.')}\n{_voice(segment)}{_escaped(segment.text)}\n"
        for segment in debate.segments
    )
    return "\n".join([f"WEBVTT - {title}\nLanguage: {debate.language}\n", *blocks])


def _voice(segment: "Segment") -> str:
    speaker = _speaker(segment)
    return f"<v {_escaped(speaker)}>" if speaker else ""


def _escaped(text: str) -> str:
    """Also ``{\\an8}``, which has no meaning in WebVTT and yet is taken out by readers, ours too."""
    return html.escape(text, quote=False).replace("{\\", "&#123;\\")


def _json(debate: "Debate") -> str:
    """See ``index/transcripts/asr/exported.py``, which reads it again."""
    from index.media import is_address
    from index.transcripts.asr.exported import GENERATOR

    document = {
        "generator": GENERATOR,
        "title": debate.title,
        "language": debate.language,
        "date": debate.date.isoformat() if debate.date else None,
        "url": debate.url,
        "media": debate.media if debate.media and is_address(debate.media) else None,  # a path is of this machine
        "participants": [
            {"name": person.name, "role": person.role, "aliases": list(person.aliases)}
            for person in debate.participants
        ],
        "segments": [_json_segment(segment) for segment in debate.segments],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _json_segment(segment: "Segment") -> dict[str, object]:
    said: dict[str, object] = {
        "start": segment.start,
        "end": segment.end,
        "text": segment.text,
        "speaker": _speaker(segment),
    }
    if segment.words:
        said["words"] = [{"word": word.text, "start": word.start, "end": word.end} for word in segment.words]
    return said


def _txt(debate: "Debate") -> str:
    """A line a segment: ``00:03:40 Ada Martin: Bonjour``, under the title."""
    lines = (f"{clock(segment.start, '')[:-3]} {_name(segment)}{segment.text}\n" for segment in debate.segments)
    return "".join([f"{debate.title}\n\n", *lines])


def _name(segment: "Segment") -> str:
    """The colon ends a name, so there is none within."""
    speaker = _speaker(segment)
    return f"{' '.join(speaker.replace(':', ' ').split())}: " if speaker else ""


def _tsv(debate: "Debate") -> str:
    """Columns start, end, speaker and text, times in seconds; quoted as in CSV. It can be a side file, too."""
    table = io.StringIO()
    writer = csv.writer(table, delimiter="\t", lineterminator="\n")
    writer.writerow(["start", "end", "speaker", "text"])
    for segment in debate.segments:
        writer.writerow([f"{segment.start:.3f}", f"{segment.end:.3f}", _speaker(segment) or "", segment.text])
    return table.getvalue()


def _rttm(debate: "Debate") -> str:
    """A line a turn of a known speaker or voice, underscores for spaces; see ``index/speakers/rttm.py``."""
    return turns_rttm(debate.id, _turns(debate.segments))


def turns_rttm(debate: str, turns: "Iterable[tuple[float, float, str]]") -> str:
    """Who speaks from when to when, as ``exported`` writes it; turns may lie over one another."""
    return "".join(
        f"SPEAKER {debate} 1 {start:.3f} {round(end, 3) - round(start, 3):.3f} <NA> <NA> {'_'.join(name.split())} "
        "<NA> <NA>\n"
        for start, end, name in turns
    )


def _turns(segments: "tuple[Segment, ...]") -> Iterator[tuple[float, float, str]]:
    """Segments of one speaker that follow one another without a gap, as one: from, to, name."""
    held: tuple[float, float, str] | None = None
    for segment in segments:
        name = "_".join((_speaker(segment) or "").split())
        if held and name == held[2] and segment.start <= held[1]:
            held = held[0], max(held[1], segment.end), name
            continue
        if held:
            yield held
        held = (segment.start, segment.end, name) if name else None
    if held:
        yield held


def clock(seconds: float, separator: str) -> str:
    """ "HH:MM:SS,mmm" with the separator that is asked for."""
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest:02}{separator}{milliseconds:03}"


@dataclass(frozen=True, slots=True)
class _Way:
    """How a format is written, and its media type."""

    media_type: str
    write: "Callable[[Debate], str]"


_WAYS = {
    ExportFormat.SRT: _Way("application/x-subrip", _srt),
    ExportFormat.VTT: _Way("text/vtt", _vtt),
    ExportFormat.JSON: _Way("application/json", _json),
    ExportFormat.TXT: _Way("text/plain", _txt),
    ExportFormat.TSV: _Way("text/tab-separated-values", _tsv),
    ExportFormat.RTTM: _Way("text/plain", _rttm),
}
