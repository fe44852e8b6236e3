"""What the readers of side files share: what they give, and how they say that they cannot."""

from dataclasses import dataclass

_NOBODY = frozenset({"", "?", "<na>"})


@dataclass(frozen=True, slots=True)
class Mark:
    """``speaker`` (None: unknown) speaks from ``start`` seconds to ``end``, or until the next mark where it is None."""

    start: float
    end: float | None
    speaker: str | None


class Unusable(Exception):
    """A line of a side file that cannot be, and why, in English and in French."""

    def __init__(self, line: int, reason: str, reason_fr: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason
        self.reason_fr = reason_fr


def no_time(line: int, value: object) -> Unusable:
    """Something stands where a time has to."""
    return Unusable(line, f"“{value}” is no time", f"« {value} » n'est pas un temps")


def somebody(name: str) -> str | None:
    """The name with single spaces; None for the signs that stand for nobody."""
    name = " ".join(name.split())
    return None if name.casefold() in _NOBODY else name
