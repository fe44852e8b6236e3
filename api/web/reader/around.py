"""What the page of a debate shows around its text: the timeline with its marks, what was found, chapters, the passages
of an answer, who speaks how long, and what its file went through."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.web.reader.address import Address
from api.web.reader.finding import Hit, snippet
from api.web.reader.kept import Kept
from api.web.reader.marks import Mark, MarkKind
from api.web.reader.speaking import Spoken
from api.web.reader.timeline import COLUMNS, Tick
from api.web.reader.transcript import Run, Transcript
from index.errors import Language
from index.transcripts.report import ImportReport
from rag.chapters import Chapter

LISTED = 50
"""Hits that are listed at once: the fifty among which the current one is."""
_NOTES = 20


@dataclass(frozen=True, slots=True)
class Place:
    """A moment with a link to it: ``before`` and ``after`` stand around its ``text``. ``stop`` in seconds as
    ``start``."""

    n: int
    start: float
    stop: float
    link: str
    text: str
    before: str = ""
    after: str = ""
    speaker: str | None = None
    colour: int = 0
    current: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """What was ``wanted`` and where it stands: ``places`` are those that are listed of ``count``, ``current`` is the
    number of the one that is shown, from 1, or 0."""

    wanted: str
    count: int
    current: int
    places: tuple[Place, ...]
    previous: str | None
    following: str | None


def search(kept: Kept, hits: Sequence[Hit], address: Address) -> Search | None:
    """None where nothing is looked for."""
    if not address.find:
        return None
    current = min(address.hit or 0, len(hits))
    first = max(current - 1, 0) // LISTED * LISTED
    return Search(
        address.find,
        len(hits),
        current,
        tuple(_found(kept, hits[at], at + 1, current, address) for at in range(first, min(first + LISTED, len(hits)))),
        address.link(hit=current - 1, part=None) if current > 1 else None,
        address.link(hit=current + 1, part=None) if current < len(hits) else None,
    )


def _found(kept: Kept, hit: Hit, n: int, current: int, address: Address) -> Place:
    transcript = kept.transcript
    before, text, after = snippet(transcript.text, hit)
    run = transcript.at(hit[0])
    who = speaker_at(transcript, run)
    link = address.link(hit=n, part=None)
    return Place(n, run.start, run.stop, link, text, before, after, who, kept.colours.get(who or "", 0), n == current)


def speaker_at(transcript: Transcript, run: Run) -> str | None:
    """Who speaks a run."""
    return transcript.segment_of(run).speaker


def passages(kept: Kept, marks: Sequence[Mark], address: Address) -> list[Place]:
    """Those of an answer that stand in this debate, in the order of their numbers."""
    found = []
    for mark in sorted((mark for mark in marks if mark.kind is MarkKind.PASSAGE), key=lambda mark: mark.n):
        first, last = kept.transcript.at(mark.begin), kept.transcript.at(mark.end - 1)
        who = speaker_at(kept.transcript, first)
        link = address.link(t=moment(first.start, last.stop), part=None, find="", hit=None)
        text = kept.transcript.text[mark.begin : mark.end]
        found.append(Place(mark.n, first.start, last.stop, link, text, "", "", who, kept.colours.get(who or "", 0)))
    return found


def moment(start: float, stop: float | None = None) -> str:
    """As an address has it, to the tenth of a second.

    >>> moment(220.0, 240.25), moment(3.96)
    ('220,240.2', '4')
    """
    return ",".join(f"{time:.1f}".removesuffix(".0") for time in (start, stop) if time is not None)


def chapter_places(kept: Kept, chapters: Sequence[Chapter], address: Address) -> list[Place]:
    """Each with whoever speaks most in it."""
    return [
        Place(
            one.n,
            one.start,
            one.end,
            address.link(t=moment(one.start), part=None, find="", hit=None),
            one.title,
            speaker=one.speakers[0].speaker,
            colour=kept.colours.get(one.speakers[0].speaker or "", 0),
        )
        for one in chapters
    ]


def ticks(kept: Kept, places: Sequence[Place]) -> list[Tick]:
    """On the timeline."""
    return [kept.timeline.tick(place.start, place.stop, place.n, place.text) for place in places]


@dataclass(frozen=True, slots=True)
class Bar:
    """Of the chart of who speaks how long, ``width`` in columns of the longest one's ``COLUMNS``."""

    spoken: Spoken
    colour: int
    width: float


def bars(kept: Kept) -> list[Bar]:
    most = max((one.seconds for one in kept.spoken), default=0.0) or 1.0
    return [
        Bar(one, kept.colours.get(one.speaker or "", 0), round(COLUMNS * one.seconds / most, 1)) for one in kept.spoken
    ]


def notes(report: ImportReport | None, language: Language) -> tuple[list[str], int]:
    """The first notes as sentences, and how many more there are."""
    said = report.notes if report else ()
    return [note.message(language) for note in said[:_NOTES]], max(len(said) - _NOTES, 0)
