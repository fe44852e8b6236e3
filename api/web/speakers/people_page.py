"""``/people``: everybody who speaks, in which debates, and under which names; one name for what is one person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.routes.deps import EngineDep
from api.web.choices import names_offered
from api.web.rendering import PageDep, PageRoute, see_other
from api.web.speakers.choosing import LONGEST_NAME, FormDep, field, fields, name_in
from index.speakers.host_names import is_host_label
from index.transcripts.segments import plain
from index.types import DebateSummary
from index.words.lexical import fold
from index.writing.renaming import Person

router = APIRouter(route_class=PageRoute)

_ON_A_PAGE = 50
_DEBATES = 5
_ALIKE = 10


@dataclass(frozen=True, slots=True)
class Listed:
    """A person with the first of their debates, beside ``more``; ``names`` are those that were merged into theirs. One
    who is only called host is ``nameable`` in a debate, not in all."""

    name: str
    names: tuple[str, ...]
    debates: tuple[DebateSummary, ...]
    more: int
    nameable: bool


@dataclass(frozen=True, slots=True)
class Renamed:
    """``name`` goes by ``person`` now."""

    name: str
    person: str


@router.get("/people")
def people(
    page: PageDep,
    engine: EngineDep,
    q: Annotated[str, Query(max_length=LONGEST_NAME)] = "",
    at: Annotated[int, Query(ge=1, le=10_000)] = 1,
    done: Annotated[str, Query(max_length=LONGEST_NAME)] = "",
    parted: Annotated[str, Query(max_length=LONGEST_NAME)] = "",
    problem: Annotated[str, Query(max_length=LONGEST_NAME)] = "",
) -> Response:
    """A page of them, those whose name holds ``q``."""
    everybody, catalogue, alike = engine.people(), engine.catalogue(), engine.people_alike()
    found = [person for person in everybody if _holds(person, q)]
    pages = max(-(-len(found) // _ON_A_PAGE), 1)
    at = min(at, pages)
    summaries = {debate.id: debate for debate in catalogue.debates}
    return page(
        "people.html",
        listed=[_listed(person, summaries) for person in found[(at - 1) * _ON_A_PAGE : at * _ON_A_PAGE]],
        found=len(found),
        q=q,
        at=at,
        pages=pages,
        alike=alike[:_ALIKE],
        more_alike=len(alike[_ALIKE:]),
        names=names_offered(catalogue),
        longest_name=LONGEST_NAME,
        renamed=_renamed(done, everybody),
        parted=next((person.name for person in everybody if person.name == parted), ""),
        problem=problem == "no_name",
    )


@router.post("/people/rename")
def rename(engine: EngineDep, form: FormDep) -> Response:
    """A new name, or that of somebody else, who is the same person."""
    names, person = fields(form, "names"), plain(name_in(form, "person"))
    query = field(form, "q")
    if not person or not names:
        return see_other("/people", q=query, problem="no_name")
    changed = [name for name in names if name != person]
    if changed:
        engine.rename(changed, person)
    return see_other("/people", q=query, done=next(iter(changed), None))


@router.post("/people/part")
def part(engine: EngineDep, form: FormDep) -> Response:
    """A name stands for itself again."""
    name = field(form, "name")
    engine.part(name)
    return see_other("/people", q=field(form, "q"), parted=name)


def _holds(person: Person, wanted: str) -> bool:
    return any(fold(wanted) in fold(name) for name in (person.name, *person.names))


def _listed(person: Person, summaries: Mapping[str, DebateSummary]) -> Listed:
    debates = [summaries[debate] for debate in person.debates if debate in summaries]
    return Listed(
        person.name, person.names, tuple(debates[:_DEBATES]), len(debates[_DEBATES:]), not is_host_label(person.name)
    )


def _renamed(name: str, people: Sequence[Person]) -> Renamed | None:
    """None for a name that goes by no other: an address may hold anything."""
    return next((Renamed(name, person.name) for person in people if name in person.names), None)
