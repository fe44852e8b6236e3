"""The names that a person goes by in all debates: who is there, who may be one, a rename or a merge, and its undoing.

Like a correction (``index/writing/labelling.py``) it is kept apart from the transcripts and reaches search in one
transaction.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.errors import FieldInvalid, PersonUnknown, StoreBusy, listed
from index.speakers.attribution import attributed
from index.speakers.host_names import is_host_label
from index.speakers.people import alike, person_of
from index.store import ATTEMPTS, Relabelling, Store
from index.transcripts.segments import plain


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the index: the debates in which they speak, and the other names that were merged into theirs."""

    name: str
    debates: tuple[str, ...]
    names: tuple[str, ...] = ()


def people(store: Store) -> list[Person]:
    """Whoever speaks or takes part, by name."""
    with store.reading():
        where = {name: set(debates) for name, debates in store.speakers().items()}
        for summary in store.debates():
            for participant in summary.participants:
                where.setdefault(participant.name, set()).add(summary.id)
        renames = store.renames()
    merged: dict[str, list[str]] = {}
    for name in renames:
        merged.setdefault(person_of(name, renames), []).append(name)
    return [Person(name, tuple(sorted(found)), tuple(merged.get(name, ()))) for name, found in sorted(where.items())]


def may_be_one(store: Store) -> list[tuple[str, str]]:
    """Pairs of people who may be one, for somebody to decide."""
    return alike(person.name for person in people(store))


def rename(store: Store, names: Sequence[str], person: str) -> None:
    """Each of ``names`` goes by ``person`` from now on, in every debate: a rename, or a merge. A host of one debate is
    not that of another, so what hosts are called is no name here. Raises PersonUnknown, FieldInvalid."""
    person = plain(person)
    if not person:
        raise FieldInvalid(field="person", value=person, expected="a name", expected_fr="un nom")
    for field, name in [*(("names", name) for name in names), ("person", person)]:
        if is_host_label(name):
            expected = "a person's name (who the host of a debate is: qdq label)"
            expected_fr = "le nom d'une personne (qui présente un débat : qdq label)"
            raise FieldInvalid(field=field, value=name, expected=expected, expected_fr=expected_fr)
    renames: dict[str, str | None] = dict.fromkeys(names, person)
    _renamed(store, lambda known: _all_known(names, known), renames | {person: None})


def part(store: Store, name: str) -> None:
    """``name`` stands for itself again. Raises PersonUnknown."""

    def check(_known: Iterable[str]) -> None:
        if name not in store.renames():
            raise PersonUnknown(person=name, known=listed(sorted(store.renames())))

    _renamed(store, check, {name: None})


def _all_known(names: Iterable[str], known: Iterable[str]) -> None:
    spelled = sorted(known)
    for name in names:
        if name not in spelled:
            raise PersonUnknown(person=name, known=listed(spelled))


def _renamed(store: Store, check: Callable[[Iterable[str]], None], renames: Mapping[str, str | None]) -> None:
    for _attempt in range(ATTEMPTS):
        with store.reading():
            since = store.generation()
            known = people(store)
            check([person.name for person in known])
            said = store.renames() | {name: new for name, new in renames.items() if new is not None}
            said = {name: new for name, new in said.items() if renames.get(name, new) is not None}
            named = {*renames, *(new for new in renames.values() if new)}
            named |= {person.name for person in known if not named.isdisjoint(person.names)}
            where = sorted({one for person in known if person.name in named for one in person.debates})
            debates = [attributed(store.original(debate), store.corrections(debate), said).debate for debate in where]
        if store.relabel(Relabelling(debates=debates, renames=renames), since):
            return
    raise StoreBusy(path=store.place)
