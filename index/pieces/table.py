"""The pieces of a debate as columns: what a search reads of all of them, without an object for each.

    Debate -> pieces, turns, windows -> PieceTable -> bytes, which the store keeps -> arrays on those bytes, at once

A question looks at the scores of tens of thousands of pieces and at the words of some hundreds. The table is made when
a debate is written, and says what ``pieces``, ``turns`` and ``windows`` (``index/pieces/windows.py``) say.
"""

import json
import struct
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any, TypeVar, overload

import numpy as np
import numpy.typing as npt

from index.pieces.windows import WIDTHS, pieces, turns, windows, word_count
from index.types import Attribution, Debate, Origin, Segment, Turn, joined_text

_MAGIC = b"QDQP"
_HEAD = struct.Struct("<4sI")
_ALIGNED = 8
_ORIGINS = tuple(Origin)

Column = npt.NDArray[Any]
"""One value a piece or a turn, of the type that ``_TYPES`` gives."""

_TYPES = {
    "segment": "<i4",
    "start": "<f8",
    "end": "<f8",
    "begins": "<i4",
    "words": "<i4",
    "spaced": "<i4",
    "attributed": "<i4",
    "voiced": "<i4",
    "asks": "|b1",
    "turn_first": "<i4",
    "turn_attributed": "<i4",
}
"""The columns, in the order in which they are stored."""
_OF_TURNS = ("turn_first", "turn_attributed")
_COVER = "<i4"
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class PieceTable:
    """``attributions`` and ``voices`` are those that occur, each once; ``attributed`` and ``voiced`` tell which is
    whose.

    ``begins[i]`` is the character of ``text`` (the debate's, in one string) at which piece ``i`` begins, ``words[i]``
    how many words it has and ``spaced[i]`` how many between spaces alone, ``asks[i]`` whether it ends with a question
    mark, ``covers[width][i]`` how many windows of that width hold it (at least 1). Turn ``t`` begins with piece
    ``turn_first[t]``. ``people`` are the names of the participants.
    """

    debate: str
    language: str
    people: tuple[str, ...]
    attributions: tuple[Attribution, ...]
    voices: tuple[str | None, ...]
    segment: Column
    start: Column
    end: Column
    begins: Column
    words: Column
    spaced: Column
    attributed: Column
    voiced: Column
    asks: Column
    turn_first: Column
    turn_attributed: Column
    covers: dict[int, Column]
    encoded: bytes
    """``text`` in UTF-8."""

    @classmethod
    def of(cls, debate: Debate) -> "PieceTable":
        """As ``WIDTHS`` cut it."""
        parts = pieces(debate.segments)
        runs = turns(parts)
        attributions = _numbered([*(part.attribution for part in parts), *(run.attribution for run in runs)])
        voices = _numbered([part.voice for part in parts])
        columns: dict[str, Sequence[Any]] = {
            "segment": [part.index for part in parts],
            "start": [part.start for part in parts],
            "end": [part.end for part in parts],
            "begins": list(accumulate((len(part.text) + 1 for part in parts[:-1]), initial=0))[: len(parts)],
            "words": [word_count(part.text) for part in parts],
            "spaced": [part.text.count(" ") + 1 for part in parts],
            "attributed": [attributions[part.attribution] for part in parts],
            "voiced": [voices[part.voice] for part in parts],
            "asks": [part.text.endswith("?") for part in parts],
            "turn_first": [run.first for run in runs],
            "turn_attributed": [attributions[run.attribution] for run in runs],
        }
        return cls(
            debate=debate.id,
            language=debate.language,
            people=tuple(person.name for person in debate.participants),
            attributions=tuple(attributions),
            voices=tuple(voices),
            covers={width: _covers(parts, width) for width in WIDTHS},
            encoded=joined_text(parts).encode(),
            **{name: np.array(values, _TYPES[name]) for name, values in columns.items()},
        )

    def __len__(self) -> int:
        return len(self.segment)

    @cached_property
    def text(self) -> str:
        """Of the debate, with one space between pieces."""
        return self.encoded.decode()

    @cached_property
    def turn_of(self) -> Column:
        """The turn of each piece."""
        lengths = np.diff(self.turn_first, append=len(self))
        return np.repeat(np.arange(len(self.turn_first)), lengths)

    def spoken_by(self, speakers: Collection[str | None]) -> npt.NDArray[np.bool_]:
        """Which pieces are attributed to one of ``speakers`` (None: to nobody)."""
        theirs = np.array([known.speaker in speakers for known in self.attributions], bool)
        found: npt.NDArray[np.bool_] = theirs[self.attributed]
        return found

    def text_of(self, first: int, last: int) -> str:
        """Of pieces ``first`` to ``last`` (both included)."""
        end = self.begins[last + 1] - 1 if last + 1 < len(self) else None
        return self.text[self.begins[first] : end]

    def piece(self, at: int) -> Segment:
        """As ``pieces`` gives it, without the times of its words."""
        start, end, known = self.start.item(at), self.end.item(at), self.attributions[self.attributed[at]]
        voice = self.voices[self.voiced[at]]
        return Segment(self.segment.item(at), start, end, self.text_of(at, at), known, voice=voice)

    def turn(self, number: int) -> Turn:
        """As ``turns`` gives it."""
        last = self.turn_first.item(number + 1) - 1 if number + 1 < len(self.turn_first) else len(self) - 1
        return Turn(self.turn_first.item(number), last, self.attributions[self.turn_attributed[number]])

    def to_bytes(self) -> bytes:
        """A short head of JSON, the columns as they lie in memory, the text."""
        document = {
            "debate": self.debate,
            "language": self.language,
            "people": self.people,
            "attributions": [(one.speaker, _ORIGINS.index(one.origin), one.confidence) for one in self.attributions],
            "voices": self.voices,
            "pieces": len(self),
            "turns": len(self.turn_first),
            "widths": list(self.covers),
            "text": len(self.encoded),
        }
        head = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        columns = [getattr(self, name) for name in _TYPES] + list(self.covers.values())
        parts = [_HEAD.pack(_MAGIC, len(head)) + head, *(column.tobytes() for column in columns)]
        return b"".join([*map(_padded, parts), self.encoded])

    @classmethod
    def from_bytes(cls, content: bytes) -> "PieceTable":
        """Raises ValueError for what ``to_bytes`` did not give."""
        try:
            return cls._read(content)
        except Exception as error:  # struct, JSON, NumPy raise what they meet
            raise ValueError(f"pieces cannot be read: {error or type(error).__name__}") from error

    @classmethod
    def _read(cls, content: bytes) -> "PieceTable":
        magic, length = _HEAD.unpack_from(content)
        if magic != _MAGIC:
            raise ValueError(f"they begin with {magic!r}")
        head = json.loads(content[_HEAD.size : _HEAD.size + length])
        columns = _Columns(content, _aligned(_HEAD.size + length))
        counts = {name: head["turns"] if name in _OF_TURNS else head["pieces"] for name in _TYPES}
        found = {name: columns.next(kind, counts[name]) for name, kind in _TYPES.items()}
        covers = {width: columns.next(_COVER, head["pieces"]) for width in head["widths"]}
        if len(content) != columns.at + head["text"]:
            raise ValueError(f"{len(content)} bytes instead of {columns.at + head['text']}")
        return cls(
            debate=head["debate"],
            language=head["language"],
            people=tuple(head["people"]),
            attributions=tuple(Attribution(who, _ORIGINS[origin], sure) for who, origin, sure in head["attributions"]),
            voices=tuple(head["voices"]),
            covers=covers,
            encoded=content[columns.at :],
            **found,
        )


class Pieces(Sequence[Segment]):
    """The pieces of a table, each made when it is looked at, and kept."""

    def __init__(self, table: PieceTable) -> None:
        self._table = table
        self._made: list[Segment | None] = [None] * len(table)

    def __len__(self) -> int:
        return len(self._made)

    @overload
    def __getitem__(self, at: int) -> Segment: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Segment, ...]: ...
    def __getitem__(self, at: int | slice) -> Segment | tuple[Segment, ...]:
        if isinstance(at, slice):
            return tuple(self._piece(one) for one in range(*at.indices(len(self))))
        return self._piece(range(len(self))[at])

    def __iter__(self) -> Iterator[Segment]:
        return map(self._piece, range(len(self)))

    def _piece(self, at: int) -> Segment:
        known = self._made[at]
        if known is None:
            known = self._made[at] = self._table.piece(at)
        return known


class _Columns:
    """Reads one array after the other; ``at`` is the byte at which the next one begins."""

    def __init__(self, content: bytes, at: int) -> None:
        self._content = content
        self.at = at

    def next(self, kind: str, count: int) -> Column:
        found = np.frombuffer(self._content, kind, count, self.at)
        self.at = _aligned(self.at + found.nbytes)
        return found


def _numbered(values: Sequence[T]) -> dict[T, int]:
    return {value: number for number, value in enumerate(dict.fromkeys(values))}


def _covers(parts: Sequence[Segment], width: int) -> Column:
    counts = np.zeros(len(parts), _COVER)
    for window in windows(parts, width):
        counts[window.first : window.last + 1] += 1
    return counts


def _aligned(length: int) -> int:
    return -(-length // _ALIGNED) * _ALIGNED


def _padded(part: bytes) -> bytes:
    return part + bytes(_aligned(len(part)) - len(part))
