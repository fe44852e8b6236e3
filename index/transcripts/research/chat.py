"""CLAN's CHAT (.cha), the transcripts of TalkBank. https://talkbank.org/0info/manuals/CHAT.html

    @Participants:	ADA Ada_Martin Guest , INV Investigator
    *ADA:	et <la loi> [//] (.) le règlement &-euh n'est pas
        prêt . \\x15220000_224500\\x15
    %com:	rires

A main line ends with a bullet: from, to, in milliseconds; a line that begins with a tab goes on. Words stay, also those
that were taken back or broken off, and fillers; codes go and are counted, and so do the tiers with %. What has no
bullet lies between its neighbours, by its words. By hand: pylangacq, a compiled library for linguists' counts, keeps no
lines.
"""

import datetime
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise

from index.transcripts.estimated_times import bounds_by_words
from index.transcripts.language_code import language_code
from index.transcripts.report import Cue, NoteKind, Reading
from index.transcripts.research.chat_codes import spoken
from index.transcripts.segments import WORDS_PER_SECOND
from index.transcripts.source import Source
from index.transcripts.tally import Tally

_LINE = re.compile(r"([*%@][^\s:]*)(?::\s*|\s+|$)(.*)")
_HEAD = 10_000
_BULLET = re.compile(r'[\x15•]?(?:%\w+:\s*"[^"\x15]*"_|(?<![\w.]))(\d{1,9})_(\d{1,9})(?![\w.])-?[\x15•]?')
_FRAME = frozenset(
    "@UTF8 @PID @Begin @End @Languages @Participants @ID @Date @Media @Options @Window @Font @Title".split()
)
"""Headers that are read, or say nothing of what is said."""
_MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()


@dataclass(frozen=True, slots=True)
class _Said:
    """A main line, or the part of one up to a bullet: ``start`` and ``end`` in seconds, None without a bullet."""

    line: int
    code: str
    text: str
    start: float | None = None
    end: float | None = None


def looks_like(source: Source) -> bool:
    """@Begin or @UTF8 at the head; failing that, @Participants and a main line."""
    head = source.text[:_HEAD]
    begins = re.match(r"\s*@(?:UTF8|Begin|Font|PID|Window)\b", head) is not None
    return begins or (re.search(r"^@Participants:", head, re.M) and re.search(r"^\*[^\s:]+:\t", head, re.M)) is not None


def read(source: Source) -> Reading:
    """Without any bullet nothing has a time, unless the pace is given."""
    reading = Reading()
    headers: dict[str, str] = {}
    said: list[_Said] = []
    left_out, removed = Tally(), Tally()
    for number, head, text in _lines(source, reading):
        if head.startswith("*"):
            said.extend(_parts(number, head[1:], text, removed))
        elif head not in _FRAME:
            left_out.add(head, number)
        else:
            headers.setdefault(head, text)
    _describe(reading, headers)
    names = _names(headers.get("@Participants", ""))
    pace = source.options.words_per_minute
    if pace or any(one.start is not None for one in said):
        timed = _timed(said, pace / 60 if pace else WORDS_PER_SECOND, reading)
        reading.cues.extend(
            Cue(one.start or 0.0, one.end, one.text, names.get(one.code, one.code), one.line) for one in timed
        )
    left_out.tell(reading, NoteKind.LEFT_OUT)
    removed.tell(reading, NoteKind.MARKUP_REMOVED)
    return reading


def _lines(source: Source, reading: Reading) -> Iterator[tuple[int, str, str]]:
    """The number, the head ("*ADA", "%mor", "@Date") and the text of each line, with those that go on after it."""
    held: tuple[int, str, list[str]] | None = None
    for number, line in enumerate(source.lines, start=1):
        match = _LINE.match(line)
        if match:
            if held:
                yield held[0], held[1], " ".join(held[2])
            held = number, match[1], [match[2]]
        elif held and line.strip():
            if not line[0].isspace():
                reading.note(NoteKind.JOINED_LINE, number, line)
            held[2].append(line.strip())
        elif line.strip():
            reading.note(NoteKind.BAD_LINE, number, line)
    if held:
        yield held[0], held[1], " ".join(held[2])


def _describe(reading: Reading, headers: dict[str, str]) -> None:
    reading.title = headers.get("@Title", "").strip()
    reading.language = language_code(headers.get("@Languages", "").split(",")[0])
    match = re.fullmatch(r"(\d{1,2})-([A-Z]{3})-(\d{4})", headers.get("@Date", "").strip().upper())
    if match and match[2] in _MONTHS:
        with suppress(ValueError):
            reading.date = datetime.date(int(match[3]), _MONTHS.index(match[2]) + 1, int(match[1]))


def _names(participants: str) -> dict[str, str]:
    """ "ADA Ada_Martin Guest, INV Investigator": the name behind the code, or a role that only one person has."""
    people = [fields for person in participants.split(",") if len(fields := person.split()) > 1]
    roles = Counter(fields[-1] for fields in people)
    return {
        fields[0]: (fields[1] if len(fields) > 2 or roles[fields[-1]] == 1 else fields[0]).replace("_", " ")
        for fields in people
    }


def _parts(number: int, code: str, text: str, removed: Tally) -> Iterator[_Said]:
    """What stands before each bullet, and what stands after the last one."""
    parts = _BULLET.split(text)
    for words, start, end in zip(parts[0::3], parts[1::3], parts[2::3], strict=False):
        yield _Said(number, code, spoken(words, number, removed), int(start) / 1000, int(end) / 1000)
    if (rest := spoken(parts[-1], number, removed)) or len(parts) == 1:
        yield _Said(number, code, rest)


def _timed(said: list[_Said], pace: float, reading: Reading) -> Iterator[_Said]:
    """With the times of the bullets, and estimated ones between them; ``pace`` in words a second."""
    waiting: list[_Said] = []
    known = 0.0
    for one in said:
        if one.start is None:
            waiting.append(one)
            continue
        yield from _spread(waiting, known, one.start, reading)
        yield one
        waiting, known = [], max(known, one.end or one.start)
    words = sum(len(one.text.split()) for one in waiting)
    yield from _spread(waiting, known, known + words / pace, reading)


def _spread(waiting: list[_Said], start: float, end: float, reading: Reading) -> Iterator[_Said]:
    """Each by its words between two moments; where there is no room, all begin at the first and end as they may."""
    bounds = bounds_by_words([len(one.text.split()) for one in waiting], start, max(end - start, 0.0))
    for one, (begin, until) in zip(waiting, pairwise(bounds), strict=True):
        if one.text:
            reading.note(NoteKind.TIME_ESTIMATED, one.line, one.text)
        yield replace(one, start=round(begin, 3), end=round(until, 3) if until > begin else None)
