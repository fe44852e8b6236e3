"""Transcriber (.trs): turns in XML, with a time at each Sync. http://trans.sourceforge.net, trans-14.dtd.

    <Speakers><Speaker id="spk1" name="Ada Martin"/><Speaker id="spk2" name="Jean Petit"/></Speakers>
    <Turn speaker="spk1 spk2" startTime="0" endTime="4.5">
    <Sync time="0"/><Who nb="1"/>bonjour <Event desc="rire" type="noise"/><Who nb="2"/>bonsoir</Turn>

A Sync begins a passage, which ends at the next one or with the turn; where two people speak at once, Who tells them
apart, and what stands before any Who is nobody's. Passages without words are silence. Events, comments and background
sounds are left out and counted. By hand: no library that is kept up reads it.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from index.times import decimal_seconds
from index.transcripts.language_code import language_code
from index.transcripts.report import Cue, NoteKind, Reading, Unreadable
from index.transcripts.source import Source, line_of
from index.transcripts.tally import Tally

_HEAD = 4_000
_DAY = re.compile(r"(\d{4}|\d{2})[-/]?(\d{2})[-/]?(\d{2})(?!\d)")
_PIVOT = 70
"""Of years with two digits: 69 is 2069, 70 is 1970."""


def looks_like(source: Source) -> bool:
    """By its root element."""
    return source.looks_like_xml and re.search(r"<Trans[\s>]", source.text[:_HEAD]) is not None


def read(source: Source) -> Reading:
    """Raises Unreadable for what is no XML, or holds no turn."""
    root = source.xml
    if root is None or root.find(".//Turn") is None:
        raise Unreadable("no Turn in it", 1, "aucun élément Turn")
    reading = _described(root)
    names = {speaker.get("id", ""): speaker.get("name", "").strip() for speaker in root.iter("Speaker")}
    left_out = Tally()
    for turn in root.iter("Turn"):
        speakers = [names.get(code) or code for code in turn.get("speaker", "").split()]
        reading.cues.extend(_cues(turn, speakers, reading, left_out))
    left_out.tell(reading, NoteKind.LEFT_OUT)
    return reading


def _described(root: etree._Element) -> Reading:
    """Title, day and language, which stand on the episode or the root; the day on which it was written is another."""
    episode = root.find("Episode")
    program = episode.get("program", "") if episode is not None else ""
    return Reading(
        title=program or root.get("audio_filename", ""),
        language=language_code(root.get("{http://www.w3.org/XML/1998/namespace}lang")),
        date=_day(episode.get("air_date", "")) if episode is not None else None,
    )


def _day(text: str) -> datetime.date | None:
    """ "20040203", "2004-02-03" or "040203"."""
    match = _DAY.match(text.strip())
    if match is None:
        return None
    year = int(match[1])
    century = 0 if year > 99 else 1900 if year >= _PIVOT else 2000
    try:
        return datetime.date(century + year, int(match[2]), int(match[3]))
    except ValueError:
        return None


def _cues(turn: etree._Element, speakers: list[str], reading: Reading, left_out: Tally) -> Iterator[Cue]:
    """The passages of a turn: those between two Syncs have the same times."""
    alone = speakers[0] if len(speakers) == 1 else None
    time, speaker = decimal_seconds(turn.get("startTime", "")), alone
    held: list[Cue] = []
    for opening, text in _stretches(turn, left_out):
        if opening.tag == "Sync":
            following, speaker = decimal_seconds(opening.get("time", "")), alone
            if following is None:  # the passage goes on from the Sync before
                reading.note(NoteKind.TIME_ESTIMATED, line_of(opening), opening.get("time", ""))
            else:
                yield from (replace(cue, end=following) for cue in held)
                held, time = [], following
        elif opening.tag == "Who":
            speaker = _who(opening, speakers)
        if text.strip() and time is None:
            reading.note(NoteKind.BAD_TIME, line_of(opening), text)
        elif text.strip() and time is not None:
            held.append(Cue(time, None, text, speaker, line_of(opening)))
    end = decimal_seconds(turn.get("endTime", ""))
    yield from (replace(cue, end=end) for cue in held)


def _stretches(turn: etree._Element, left_out: Tally) -> Iterator[tuple[etree._Element, str]]:
    """What is said after each Sync and Who, and first of all after the opening of the turn."""
    opening, parts = turn, [turn.text or ""]
    for child in turn:
        if child.tag in ("Sync", "Who"):
            yield opening, "".join(parts)
            opening, parts = child, []
        else:
            named = (str(child.tag), child.get("type", ""), child.get("desc", ""))
            left_out.add(" ".join(filter(None, named)), line_of(child))
        parts.append(child.tail or "")
    yield opening, "".join(parts)


def _who(who: etree._Element, speakers: list[str]) -> str | None:
    number = who.get("nb", "")
    return next((speaker for count, speaker in enumerate(speakers, start=1) if number == str(count)), None)
