"""The lowest accepted value of each measure: what a change may not fall below.

    [debate]               with its speakers
    hit_1 = 0.82
    wrong_answers = 0.30   of a measure where lower is better, the highest accepted value

    [debate.unlabelled]    without
    hit_1 = 0.77

Times are never gated: they are the machine's.
"""

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.measures.names import MEASURES, Measure
from eval.runs.results import Result
from index.errors import FileUnreadable, FloorsInvalid

GATED = "shipped"
"""The system whose results the floors are for."""
_UNLABELLED = "unlabelled"
_ROUNDING = 5e-4
"""Floors are written with three decimals."""


@dataclass(frozen=True, slots=True)
class Floors:
    """By suite and whether it has its speakers, then by measure."""

    path: Path
    tables: dict[tuple[str, bool], dict[str, float]]

    def check_suite(self, suite: str) -> None:
        """Raises FloorsInvalid when there is nothing for ``suite``."""
        if not any(name == suite for name, _labelled in self.tables):
            raise _invalid(self.path, f"it has no table [{suite}]", f"il n'y a pas de table [{suite}]")


@dataclass(frozen=True, slots=True)
class Breach:
    """``value`` is worse than ``floor``; None when the measure was not there at all."""

    result: str
    measure: Measure
    floor: float
    value: float | None


def read_floors(path: Path) -> Floors:
    """Raises FloorsInvalid, also for what is no measure, or FileUnreadable."""
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise FileUnreadable(path=str(path), reason=error.strerror or str(error)) from error
    except ValueError as error:
        raise _invalid(path, str(error), str(error)) from error
    tables: dict[tuple[str, bool], dict[str, float]] = {}
    for suite, table in found.items():
        here = _table(path, suite, table)
        unlabelled = here.pop(_UNLABELLED, None)
        tables[suite, True] = _numbers(path, suite, here)
        if unlabelled is not None:
            name = f"{suite}.{_UNLABELLED}"
            tables[suite, False] = _numbers(path, name, _table(path, name, unlabelled))
    return Floors(path, tables)


def breaches(floors: Floors, results: Sequence[Result]) -> list[Breach]:
    """Of the shipped system; other systems may be as bad as they are."""
    return [
        Breach(result.name, MEASURES[name], floor, value)
        for result in results
        if result.system == GATED
        for name, floor in floors.tables.get((result.suite, result.labelled), {}).items()
        for value in [result.summary[name].value if name in result.summary else None]
        if value is None or _worse(MEASURES[name], value, floor)
    ]


def _worse(measure: Measure, value: float, floor: float) -> bool:
    return value < floor - _ROUNDING if measure.higher else value > floor + _ROUNDING


def _table(path: Path, name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _invalid(path, f"{name} = {value!r} is no table", f"{name} = {value!r} n'est pas une table")
    return dict(value)


def _numbers(path: Path, table: str, values: dict[str, Any]) -> dict[str, float]:
    for name, value in values.items():
        number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        if name not in MEASURES or not number:
            line = f"{table}.{name} = {value!r}"
            raise _invalid(path, f"{line} is no measure with a number", f"{line} n'est pas une mesure avec un nombre")
    return values


def _invalid(path: Path, reason: str, reason_fr: str) -> FloorsInvalid:
    return FloorsInvalid(path=str(path), reason=reason, reason_fr=reason_fr)
