"""``/d/{debate}``: a transcript to read, from any moment of it. A long one comes in parts of a page's size."""

from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from api.deps import EngineDep
from api.web.reader.kept import Shelf
from api.web.reader.marks import Mark, moment_marks, passage_marks
from api.web.reader.shown import shown_part
from api.web.reader.transcript import Transcript
from api.web.rendering import PageDep, PageRoute
from api.web.voices import colours
from index.errors import AnswerUnknown
from rag.asked import Catalogue
from rag.engine import Engine
from rag.types import Citation

router = APIRouter(route_class=PageRoute)


@dataclass(frozen=True, slots=True)
class Address:
    """What the address of the page asks for. ``part`` counts from 1; None is the one that holds what is asked for."""

    debate: str
    t: str | None = None
    a: str = ""
    part: int | None = None

    def link(self, **changes: str | int | None) -> str:
        """The address with other values, and those that are empty left out."""
        other = replace(self, **changes)  # type: ignore[arg-type]
        asked = {name: value for name in ("t", "a", "part") if (value := getattr(other, name))}
        return f"/d/{quote(self.debate)}" + (f"?{urlencode(asked, safe=',')}" if asked else "")

    @property
    def moment(self) -> tuple[float, float] | None:
        """The seconds of "220,240", whichever stands first, or "220", which is a second long."""
        if self.t is None:
            return None
        times = [float(time) for time in self.t.split(",")]
        return min(times), max(*times, min(times) + 1)


def _address(
    debate: str,
    t: Annotated[str | None, Query(pattern=r"^\d{1,7}(\.\d{1,3})?(,\d{1,7}(\.\d{1,3})?)?$")] = None,
    a: Annotated[str, Query(max_length=100)] = "",
    part: Annotated[int | None, Query(ge=1)] = None,
) -> Address:
    return Address(debate, t, a, part)


AddressDep = Annotated[Address, Depends(_address)]


def _shelf(request: Request) -> Shelf:
    shelf: Shelf = request.app.state.shelf
    return shelf


ShelfDep = Annotated[Shelf, Depends(_shelf)]


@router.get("/d/{debate}")
def read(page: PageDep, engine: EngineDep, shelf: ShelfDep, address: AddressDep) -> HTMLResponse:
    """The part that holds the moment, with the whole debate around it."""
    catalogue = engine.catalogue()
    transcript = shelf.of(engine, catalogue, address.debate)
    marks = _marks(engine, transcript, address)
    number = _part(transcript, marks, address)
    return page(
        "read.html",
        debate=transcript.debate,
        **_part_shown(transcript, catalogue, marks, number, address),
    )


@router.get("/d/{debate}/part/{number}")
def part(page: PageDep, engine: EngineDep, shelf: ShelfDep, address: AddressDep, number: int) -> HTMLResponse:
    """One part alone, for the script that puts it under or over the others."""
    catalogue = engine.catalogue()
    transcript = shelf.of(engine, catalogue, address.debate)
    marks = [replace(mark, current=False) for mark in _marks(engine, transcript, address)]
    at = min(max(number, 1), len(transcript.parts)) - 1
    return page("read_part.html", debate=transcript.debate, **_part_shown(transcript, catalogue, marks, at, address))


def _marks(engine: Engine, transcript: Transcript, address: Address) -> list[Mark]:
    marks = passage_marks(transcript, _citations(engine, address.a))
    if address.moment:
        marks += moment_marks(transcript, *address.moment)
    return marks


def _citations(engine: Engine, answer: str) -> tuple[Citation, ...]:
    try:
        return engine.answer_record(answer).answer.citations if answer else ()
    except AnswerUnknown:  # its time is over: the debate is there all the same
        return ()


def _part(transcript: Transcript, marks: list[Mark], address: Address) -> int:
    if address.part is not None:
        return min(address.part, len(transcript.parts)) - 1
    current = next((mark for mark in marks if mark.current), None)
    return transcript.part_of(current.begin) if current else 0


def _part_shown(
    transcript: Transcript, catalogue: Catalogue, marks: list[Mark], number: int, address: Address
) -> dict[str, Any]:
    by_name = colours(catalogue).get(transcript.debate.id, {})
    return {
        "blocks": shown_part(transcript, number, marks, by_name),
        "part": number + 1,
        "parts": len(transcript.parts),
        "previous": address.link(part=number) if number else None,
        "following": address.link(part=number + 2) if number + 1 < len(transcript.parts) else None,
        "address": address,
    }
