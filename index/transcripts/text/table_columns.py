"""Which column of a table is which: by its header in French or English, by what a person says, or by its cells.

["N", "In", "Out", "Text"]                      -> start 1, end 2, text 3
["Début (ms)", "Durée (ms)", "Nom", "Paroles"]  -> start 0, duration 1, speaker 2, text 3, in milliseconds
["0.0", "3.5", "Bonjour"]                       -> start 0, end 1, text 2 (an Audacity label, without a header)
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.errors import FieldInvalid
from index.transcripts.report import Unreadable, shortened
from index.transcripts.speaker_name import looks_like_name
from index.transcripts.timestamps import stamped
from index.words.lexical import fold

_NAMES: dict[str, str] = {
    "start": "start|start time|begin|begin time|debut|time start|tc in|timecode in|in|in point|from|time in|"
    "temps debut|heure debut|depart|timespan|time range|intervalle|timecode|tc|timestamp|time stamp|time|temps|"
    "horodatage|offset",
    "end": "end|end time|fin|time end|tc out|timecode out|out|out point|to|time out|stop|stop time|temps fin|heure fin",
    "duration": "duration|duree|dur|length",
    "text": "text|texte|transcript|transcription|content|contents|contenu|paroles|parole|utterance|sentence|phrase|"
    "caption|subtitle|sous titre|propos|message|dialogue|speech|words|line",
    "speaker": "speaker|speaker name|locuteur|locutrice|intervenant|intervenante|nom|name|speaker label|speaker id|"
    "participant|orateur|personne|who|qui|voice|actor",
}
"""For each role the headers that mean it, folded and without units, the surest first."""
_MILLISECONDS = frozenset("ms msec millis millisecond milliseconds milliseconde millisecondes".split())
_UNITS = _MILLISECONDS | frozenset("s sec secs second seconds seconde secondes hh mm ss".split())
_NUMBERS = frozenset("n no nr num number numero index idx id # cue line ligne".split())
"""Headers of columns that only count the rows."""
_LONGEST_TIME = 60
_HAS_LETTER = re.compile(r"[^\W\d_]")
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?")
ROLES = tuple(_NAMES)


def spelled(text: str) -> dict[str, str]:
    """What a person says of the columns: "start=Début,text=4" -> {"start": "Début", "text": "4"}. Raises
    FieldInvalid."""
    pairs = [part.partition("=") for part in text.split(",")] if text else []
    if any(role.strip() not in ROLES or not column.strip() for role, _sign, column in pairs):
        expected = "start=…,end=…,duration=…,text=…,speaker=…"
        raise FieldInvalid(field="columns", value=text, expected=expected, expected_fr=expected)
    return {role.strip(): column.strip() for role, _sign, column in pairs}


@dataclass(frozen=True, slots=True)
class Columns:
    """The place (from 0) of each role; ``header`` when the first row is one, ``milliseconds`` when it says so."""

    places: Mapping[str, int]
    header: bool = True
    milliseconds: bool = False

    @property
    def enough(self) -> bool:
        """Whether the start and the text are known."""
        return {"start", "text"} <= self.places.keys()


def named(header: Sequence[str]) -> Columns:
    """By the names in ``header``."""
    words = [_words(cell) for cell in header]
    bare = [" ".join(word for word in cell if word not in _UNITS) or " ".join(cell) for cell in words]
    places = {}
    for role, names in _NAMES.items():
        found = [bare.index(name) for name in names.split("|") if name in bare]
        if found:
            places[role] = found[0]
    start = places.get("start")
    return Columns(places, milliseconds=start is not None and not _MILLISECONDS.isdisjoint(words[start]))


def chosen(columns: Mapping[str, str], first: Sequence[str]) -> Columns:
    """By what a person says of them: a header of the ``first`` row, or a number from 1. Raises Unreadable for a role
    or a column that is none, and when the start or the text is left out."""
    guessed = named(first)
    places = {role: _place(role, wanted, first) for role, wanted in columns.items()}
    if missing := [role for role in ("start", "text") if role not in places]:
        raise Unreadable(
            f"--columns does not say which one is “{missing[0]}”",
            1,
            f"--columns ne dit pas laquelle est « {missing[0]} »",
        )
    is_header = not _is_time(first[places["start"]])
    words = _words(first[places["start"]])
    return Columns(places, is_header, guessed.milliseconds or (is_header and not _MILLISECONDS.isdisjoint(words)))


def guessed(rows: Sequence[Sequence[str]]) -> Columns:
    """By the cells of a table without a header: times first, behind a number perhaps, then names perhaps, and text."""
    width = max(map(len, rows), default=0)
    cells = [[row[place] for row in rows if place < len(row)] for place in range(width)]
    first = 1 if width > 2 and _counts(cells[0]) else 0
    times = [place for place in range(first, min(first + 2, width)) if _mostly_times(cells[place])]
    rest = [place for place in range(first, width) if place not in times]
    sure = bool(times) and times[0] == first and (len(times) == 2 or any(":" in cell for cell in cells[first]))
    if not sure or not 1 <= len(rest) <= 2:
        return Columns({}, header=False)
    speakers = [place for place in rest if _mostly_names(cells[place])][: len(rest) - 1]
    if len(rest) - len(speakers) != 1:
        return Columns({}, header=False)
    text = next(place for place in rest if place not in speakers)
    if sum(_HAS_LETTER.search(cell) is not None for cell in cells[text]) < 0.5 * len(cells[text]):
        return Columns({}, header=False)
    found = [*zip(("start", "end"), times, strict=False), *zip(("speaker",), speakers, strict=False), ("text", text)]
    return Columns(dict(found), header=False)


def left_out(header: Sequence[str], columns: Columns) -> list[str]:
    """The headers that nothing is read from, less those that only count the rows."""
    used = set(columns.places.values())
    return [
        cell
        for place, cell in enumerate(header)
        if place not in used and cell.strip() and " ".join(_words(cell)) not in _NUMBERS and cell.strip() != "#"
    ]


def _words(header: str) -> list[str]:
    """ "startTime_ms" -> start, time, ms; "Début (s)" -> debut, s."""
    spaced = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", header[:100])
    return re.findall(r"[^\W_]+", fold(spaced))


def _place(role: str, wanted: str, first: Sequence[str]) -> int:
    if role not in ROLES:
        known = ", ".join(ROLES)
        raise Unreadable(f"--columns: “{role}” is none of {known}", 1, f"--columns : « {role} » n'est pas dans {known}")
    names = [cell.strip().casefold() for cell in first]
    if wanted.strip().casefold() in names:
        return names.index(wanted.strip().casefold())
    if wanted.strip().isdecimal() and 1 <= int(wanted) <= len(first):
        return int(wanted) - 1
    found = shortened(", ".join(first), 300)
    raise Unreadable(
        f"no column “{wanted}”; the columns are {found}", 1, f"aucune colonne « {wanted} » ; les colonnes sont {found}"
    )


def _is_time(cell: str) -> bool:
    stamp = stamped(cell) if len(cell) <= _LONGEST_TIME else None
    return _NUMBER.fullmatch(cell.strip()) is not None or (stamp is not None and not stamp.text)


def _mostly_times(cells: Sequence[str]) -> bool:
    return sum(_is_time(cell) for cell in cells) >= 0.8 * len(cells) > 0


def _mostly_names(cells: Sequence[str]) -> bool:
    names = [cell.strip(" :") for cell in cells if cell.strip()]
    return sum(map(looks_like_name, names)) >= 0.8 * len(names) > 0


def _counts(cells: Sequence[str]) -> bool:
    """Whole numbers, one after the other."""
    numbers = [int(cell) for cell in cells if cell.strip().isdecimal() and len(cell) < 10]
    return len(numbers) == len(cells) > 0 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
