"""A state of the index, as a value: what a root names.

    root (one row, written by one upsert: this makes a change visible)
     ├── pages        the debates, parted by their ids so that a change writes one sixty-fourth of the list anew
     │    └── Entry   what a list of debates shows, and the versions of the debate's parts
     ├── renames      the names that a name goes by
     └── retired      versions that an earlier state named, and since when this one does not

A version names rows that are written once. So whoever has read one root reads one state, whatever is written
meanwhile, and nothing that a killed writer leaves is ever seen: no root names it.
"""

import json
import secrets
import time
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from index.milvus.schema import VERSION
from index.store import IndexedDebate
from index.types import Debate, DebateSummary, Origin, Participant

PAGES = 64

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that were written together: under which version, how many, and the bytes of their content."""

    version: int
    rows: int
    size: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A debate of the index. ``order`` grows with the time at which it was added; ``windows`` and ``terms`` count those
    that it has; ``speakers`` are those to whom segments are attributed, guesses aside."""

    summary: DebateSummary
    description: str
    speakers: tuple[str, ...]
    source: str | None
    order: int
    windows: int
    terms: int
    parts: Mapping[str, Part]


@dataclass(frozen=True, slots=True)
class Page:
    """Debates by id. ``corrections``, also of debates that are not there, with the acts that they are of."""

    debates: Mapping[str, Entry] = field(default_factory=dict)
    corrections: Mapping[str, tuple[Part, tuple[int, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Retired:
    """No state names ``part`` since ``when`` (seconds of the clock); it lies in ``collection``."""

    part: Part
    collection: str
    when: float


@dataclass(frozen=True, slots=True)
class Root:
    """``dimension`` is that of the vectors, 0 while there was none; ``acts`` counts the acts of correction; ``swept``
    is when leftovers were last looked for, in seconds of the clock; ``schema`` is the version of all this."""

    generation: str = "new"
    fingerprint: str = ""
    dimension: int = 0
    acts: int = 0
    pages: Mapping[int, Part] = field(default_factory=dict)
    renames: Part | None = None
    retired: Part | None = None
    swept: float = 0.0
    schema: int = VERSION


def new_version() -> int:
    """Never given before: the second, then chance."""
    return int(time.time()) << 30 | secrets.randbits(30)


def second_of(version: int) -> int:
    """When a version was given, in seconds of the clock."""
    return version >> 30


def page_of(debate: str) -> int:
    return zlib.crc32(debate.encode()) % PAGES


def entry_of(indexed: IndexedDebate, order: int, source: str | None, parts: Mapping[str, Part]) -> Entry:
    return Entry(
        summary=summary_of(indexed.debate),
        description=indexed.debate.description,
        speakers=speakers_of(indexed.debate),
        source=source,
        order=order,
        windows=len(indexed.windows),
        terms=sum(map(len, indexed.terms)),
        parts=parts,
    )


def respoken(entry: Entry, debate: Debate, parts: Mapping[str, Part]) -> Entry:
    """The same windows, with the fields and the speakers of ``debate``."""
    fields = summary_of(debate)
    return replace(entry, summary=fields, description=debate.description, speakers=speakers_of(debate), parts=parts)


def speakers_of(debate: Debate) -> tuple[str, ...]:
    named = {
        part.speaker for part in debate.segments if part.speaker and part.attribution.origin is not Origin.SUGGESTED
    }
    return tuple(sorted(named))


def summary_of(debate: Debate) -> DebateSummary:
    counted = [(part.text.count(" ") + 1, part.attribution) for part in debate.segments]
    return DebateSummary(
        id=debate.id,
        title=debate.title,
        participants=debate.participants,
        date=debate.date,
        url=debate.url,
        language=debate.language,
        segments=len(debate.segments),
        words=sum(words for words, _said in counted),
        labelled_words=sum(words for words, said in counted if said.speaker and said.origin is not Origin.SUGGESTED),
        duration=max((part.end for part in debate.segments), default=0.0),
        media=debate.media,
        told_words=sum(words for words, said in counted if said.origin.settled),
    )


# as text


def packed_root(root: Root) -> str:
    document = {
        **{name: getattr(root, name) for name in ("generation", "fingerprint", "dimension", "acts", "swept", "schema")},
        "pages": {number: _part_out(part) for number, part in sorted(root.pages.items())},
        "renames": _part_out(root.renames),
        "retired": _part_out(root.retired),
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def unpacked_root(text: str) -> Root:
    """Raises ValueError, KeyError, TypeError or AttributeError for what ``packed_root`` did not give."""
    document: Json = json.loads(text)
    pages = {int(number): Part(*part) for number, part in document.pop("pages").items()}
    renames, retired = _part_in(document.pop("renames")), _part_in(document.pop("retired"))
    return Root(**document, pages=pages, renames=renames, retired=retired)


def packed_page(page: Page) -> Json:
    return {
        "debates": [_entry_out(entry) for entry in page.debates.values()],
        "corrections": {debate: [_part_out(part), acts] for debate, (part, acts) in page.corrections.items()},
    }


def unpacked_page(document: Json) -> Page:
    entries = [_entry_in(entry) for entry in document["debates"]]
    corrections = {debate: (Part(*part), tuple(acts)) for debate, (part, acts) in document["corrections"].items()}
    return Page({entry.summary.id: entry for entry in entries}, corrections)


def packed_retired(retired: Iterable[Retired]) -> list[list[Any]]:
    return [[_part_out(one.part), one.collection, one.when] for one in retired]


def unpacked_retired(rows: Iterable[list[Any]]) -> list[Retired]:
    return [Retired(Part(*part), collection, when) for part, collection, when in rows]


def _part_out(part: Part | None) -> list[int] | None:
    return None if part is None else [part.version, part.rows, part.size]


def _part_in(part: list[int] | None) -> Part | None:
    return None if part is None else Part(*part)


_SUMMARY = ("id", "title", "url", "language", "segments", "words", "labelled_words", "duration", "media", "told_words")
_COUNTED = ("description", "source", "order", "windows", "terms")


def _entry_out(entry: Entry) -> Json:
    found = entry.summary
    return {
        **{name: getattr(found, name) for name in _SUMMARY},
        **{name: getattr(entry, name) for name in _COUNTED},
        "date": found.date.isoformat() if found.date else None,
        "participants": [[person.name, person.role, person.aliases] for person in found.participants],
        "speakers": entry.speakers,
        "parts": {name: _part_out(part) for name, part in entry.parts.items()},
    }


def _entry_in(row: Json) -> Entry:
    people = tuple(Participant(name, role, tuple(aliases)) for name, role, aliases in row["participants"])
    day = date.fromisoformat(row["date"]) if row["date"] else None
    return Entry(
        summary=DebateSummary(**{name: row[name] for name in _SUMMARY}, participants=people, date=day),
        speakers=tuple(row["speakers"]),
        parts={name: Part(*part) for name, part in row["parts"].items()},
        **{name: row[name] for name in _COUNTED},
    )
