"""``/d/{debate}``: a transcript to read, from any moment of it. A long one comes in parts of a page's size."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from api.routes.deps import EngineDep
from api.web.media import Player, frames, media, player_of
from api.web.reader.address import Address, AddressDep
from api.web.reader.around import bars, chapter_places, notes, passages, search, ticks
from api.web.reader.finding import Hit, hits
from api.web.reader.kept import Kept, Shelf
from api.web.reader.marks import Mark, MarkKind, hit_marks, moment_marks, passage_marks
from api.web.reader.shown import shown_part
from api.web.reader.timeline import COLUMNS
from api.web.reader.transcript import Transcript
from api.web.rendering import PageDep, PageRoute, seconds
from api.web.speakers.correcting import correcting, turn_choices
from api.web.speakers.notices import DoneDep
from api.web.visitor import check_may_change
from index.errors import AnswerUnknown
from index.export import ExportFormat
from rag.engine import Engine
from rag.links import video_url
from rag.types import Citation

router = APIRouter(route_class=PageRoute)


def _shelf(request: Request) -> Shelf:
    shelf: Shelf = request.app.state.shelf
    return shelf


ShelfDep = Annotated[Shelf, Depends(_shelf)]


@router.get("/d/{debate}")
def read(page: PageDep, engine: EngineDep, shelf: ShelfDep, address: AddressDep, done: DoneDep) -> HTMLResponse:
    """The part that holds the moment, with the whole debate around it. Raises ScopeMissing for somebody who may not
    ``correct`` it."""
    if address.correct:
        check_may_change(page.request)
    kept = shelf.of(engine, address.debate, to_correct=bool(address.correct))
    found = hits(kept.folded, address.find) if address.find else []
    marks = _marks(engine, kept.transcript, found, address)
    number = _part(kept.transcript, marks, address)
    cited = passages(kept, marks, address)
    report = engine.report(address.debate)
    said, unsaid = notes(report, page.language)
    player = player_of(kept.transcript.debate)
    return page(
        "read.html",
        frames=frames([player]),
        media=media([player]),
        **_player_shown(player, address),
        **_part_shown(kept, marks, found, number, address),
        **_chapters_shown(kept, engine, address),
        timeline=kept.timeline,
        columns=COLUMNS,
        now=kept.timeline.tick(*address.moment) if address.moment else None,
        cited=cited,
        cited_ticks=ticks(kept, cited),
        search=search(kept, found, address),
        bars=bars(kept),
        report=report,
        notes=said,
        more_notes=unsaid,
        formats=list(ExportFormat),
        correcting=correcting(engine, kept.transcript.debate, done) if address.correct else None,
        part_starts=[part[0].start for part in kept.transcript.parts],
        own_language=_LANGUAGES.get(kept.transcript.debate.language),
    )


def _player_shown(player: Player | None, address: Address) -> dict[str, Any]:
    """At the moment that is asked for."""
    start, stop = address.moment or (0.0, 0.0)
    link = video_url(player.link, start, stop) if player and address.moment else player and player.link
    return {"player": player, "player_start": seconds(start), "player_link": link}


_LANGUAGES = {"fr": "read.french", "en": "read.english"}


@router.get("/d/{debate}/part/{number}")
def read_part(page: PageDep, engine: EngineDep, shelf: ShelfDep, address: AddressDep, number: int) -> HTMLResponse:
    """One part alone, for the script that puts it before or after the others."""
    kept = shelf.of(engine, address.debate, to_correct=bool(address.correct))
    found = hits(kept.folded, address.find) if address.find else []
    marks = [replace(mark, current=False) for mark in _marks(engine, kept.transcript, found, address)]
    at = min(max(number, 1), len(kept.transcript.parts)) - 1
    return page("read_part.html", **_part_shown(kept, marks, found, at, address))


@router.get("/d/{debate}/chapters")
def read_chapters(page: PageDep, engine: EngineDep, shelf: ShelfDep, address: AddressDep) -> HTMLResponse:
    """The chapters alone, for the script: those of a long debate take seconds, once."""
    kept = shelf.of(engine, address.debate, to_correct=bool(address.correct))
    shown = _chapters_shown(kept, engine, replace(address, chapters=1))
    return page("read_chapters.html", debate=kept.transcript.debate, timeline=kept.timeline, **shown)


def _chapters_shown(kept: Kept, engine: Engine, address: Address) -> dict[str, Any]:
    known = kept.chapters(engine, wait=bool(address.chapters))
    places = None if known is None else chapter_places(kept, known, replace(address, chapters=None))
    return {"chapters": places, "chapter_ticks": ticks(kept, places or ())}


def _marks(engine: Engine, transcript: Transcript, found: Sequence[Hit], address: Address) -> list[Mark]:
    """But for the hits that are not shown. One of them is current at most: the hit before the moment."""
    marks = passage_marks(transcript, _citations(engine, address.a))
    there = moment_marks(transcript, *address.moment) if address.moment else []
    if shown := min(address.hit or 0, len(found)):
        there = [replace(mark, current=False) for mark in there]
        marks.append(Mark(*found[shown - 1], MarkKind.HIT, current=True))
    return marks + there


def _citations(engine: Engine, answer: str) -> tuple[Citation, ...]:
    try:
        return engine.answer_record(answer).answer.citations if answer else ()
    except AnswerUnknown:  # its time is over: the debate is there all the same
        return ()


def _part(transcript: Transcript, marks: Sequence[Mark], address: Address) -> int:
    if address.part is not None:
        return min(address.part, len(transcript.parts)) - 1
    current = next((mark for mark in marks if mark.current), None)
    return transcript.part_of(current.begin) if current else 0


def _part_shown(
    kept: Kept, marks: Sequence[Mark], found: Sequence[Hit], number: int, address: Address
) -> dict[str, Any]:
    parts = len(kept.transcript.parts)
    marked, more_hits = hit_marks(found, *kept.transcript.extent(number))
    blocks = shown_part(kept.transcript, number, [*marks, *marked], kept.colours)
    return {
        "debate": kept.transcript.debate,
        "address": address,
        "blocks": blocks,
        "choices": turn_choices(kept, blocks) if address.correct else {},
        "marked": len(marked),
        "more_hits": more_hits,
        "part": number + 1,
        "parts": parts,
        "previous": address.link(part=number) if number else None,
        "following": address.link(part=number + 2) if number + 1 < parts else None,
    }
