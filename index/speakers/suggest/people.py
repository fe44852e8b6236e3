"""Who may speak, as the chain numbers them: the guests, then the host."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from index.speakers.host_names import host_name, is_host, is_host_label
from index.speakers.names import canonical
from index.types import Participant

NOBODY_KNOWN = Participant("")
_NOBODY = (NOBODY_KNOWN, NOBODY_KNOWN)
"""Two guests without a name, where nobody is known to take part: turns and hosts can still be told."""


@dataclass(frozen=True, slots=True)
class People:
    """``guests`` as the chain numbers them, the last ``strangers`` of them known from labels alone."""

    guests: tuple[Participant, ...]
    strangers: int
    host: str
    hosts: frozenset[str]

    def place(self, label: str) -> int:
        """The number of who is meant: that of the host is the number of guests."""
        if is_host_label(label) or canonical(label, self.hosts) in self.hosts:
            return len(self.guests)
        names = [guest.name for guest in self.guests]
        return names.index(canonical(label, names))

    @property
    def names(self) -> list[str | None]:
        return [*(guest.name or None for guest in self.guests), self.host]

    def and_another(self) -> "People":
        """With a guest more, the first: somebody whom nobody announced."""
        return replace(self, guests=(NOBODY_KNOWN, *self.guests))


def people_of(participants: Sequence[Participant], fixed: Mapping[int, str], language: str) -> People:
    """Those who take part, and whoever else ``fixed`` names. Several hosts are one, who has a name if there is one."""
    guests = [participant for participant in participants if not is_host(participant)]
    announced = len(guests)
    named = [one.name for one in participants if is_host(one) and not is_host_label(one.name)]
    for label in fixed.values():
        known = [*(guest.name for guest in guests), *named]
        if not is_host_label(label) and canonical(label, known) not in known:
            guests.append(Participant(label))
    host = named[0] if len(named) == 1 else host_name(language)
    return People(tuple(guests) or _NOBODY, len(guests) - announced, host, frozenset(named))
