"""The address of the page of a debate: everything that it shows is in it, so that it can be shared."""

from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import Depends, Query


@dataclass(frozen=True, slots=True)
class Address:
    """``t`` is the moment, ``a`` the id of an answer, ``find`` the words that are looked for and ``hit`` the one of
    them that is shown, ``part`` the part that is: None is the one that holds what is asked for. Both count from 1.
    With ``correct`` its turns can be chosen, to say who speaks."""

    debate: str
    t: str | None = None
    a: str = ""
    find: str = ""
    hit: int | None = None
    part: int | None = None
    chapters: int | None = None
    correct: int | None = None

    def link(self, **changes: str | int | None) -> str:
        """The path with other values; those that are empty are left out."""
        other = replace(self, **changes)  # type: ignore[arg-type]
        names = ("t", "a", "find", "hit", "part", "chapters", "correct")
        asked = {name: value for name in names if (value := getattr(other, name))}
        return f"/d/{quote(self.debate)}" + (f"?{urlencode(asked, safe=',')}" if asked else "")

    @property
    def moment(self) -> tuple[float, float] | None:
        """The seconds of "220,240", whichever stands first, or of "220", which is a second long."""
        if self.t is None:
            return None
        times = [float(time) for time in self.t.split(",")]
        return min(times), max(*times, min(times) + 1)


_TIME = r"\d{1,7}(?:\.\d{1,3})?"


def _address(
    debate: str,
    t: Annotated[str | None, Query(pattern=rf"^{_TIME}(?:,{_TIME})?$")] = None,
    a: Annotated[str, Query(max_length=100)] = "",
    find: Annotated[str, Query(max_length=200)] = "",
    hit: Annotated[int | None, Query(ge=1)] = None,
    part: Annotated[int | None, Query(ge=1)] = None,
    chapters: Annotated[int | None, Query(ge=1)] = None,
    correct: Annotated[int | None, Query(ge=1, le=1)] = None,
) -> Address:
    return Address(debate, t, a, find.strip(), hit, part, chapters, correct)


AddressDep = Annotated[Address, Depends(_address)]
