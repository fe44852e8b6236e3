"""The lowest accepted value of each measure: what a change may not fall below.

    [debate]               with its speakers
    hit_1 = 0.82
    wrong_answers = 0.30   of a measure where lower is better, the highest accepted value

    [debate.unlabelled]    without
    hit_1 = 0.77

Times are never gated: they are the machine's.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.measures.names import MEASURES, Measure
from eval.runs.results import Result
from index.errors import FileUnreadable, FloorsInvalid

UNLABELLED = "unlabelled"
_ROUNDING = 5e-4
"""Floors are written with three decimals."""


@dataclass(frozen=True, slots=True)
class Floors:
    """As they stand in the file at ``path``."""

    path: Path
    suites: dict[str, Any]


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
        raise FloorsInvalid(path=str(path), reason=str(error), reason_fr=str(error)) from error
    for suite, table in found.items():
        tables = [table, table.get(UNLABELLED, {})] if isinstance(table, dict) else [{suite: table}]
        for name, value in [item for part in tables for item in part.items()]:
            if name != UNLABELLED and (name not in MEASURES or not isinstance(value, int | float)):
                reason = f"{suite}.{name} = {value!r} is no measure with a number"
                reason_fr = f"{suite}.{name} = {value!r} n'est pas une mesure avec un nombre"
                raise FloorsInvalid(path=str(path), reason=reason, reason_fr=reason_fr)
    return Floors(path, found)


def breaches(floors: Floors, results: Sequence[Result]) -> list[Breach]:
    """Of the shipped system. Raises FloorsInvalid when no result has floors."""
    judged = [(result, _floors_of(result, floors.suites)) for result in results if result.system == "shipped"]
    if not any(wanted for _result, wanted in judged):
        reason = f"it has no floors for {', '.join(result.name for result in results)}"
        reason_fr = f"il n'y a pas de seuils pour {', '.join(result.name for result in results)}"
        raise FloorsInvalid(path=str(floors.path), reason=reason, reason_fr=reason_fr)
    return [
        Breach(result.name, MEASURES[name], floor, value)
        for result, wanted in judged
        for name, floor in wanted.items()
        for value in [result.summary[name].value if name in result.summary else None]
        if value is None or _worse(MEASURES[name], value, floor)
    ]


def _worse(measure: Measure, value: float, floor: float) -> bool:
    return value > floor + _ROUNDING if measure.higher is False else value < floor - _ROUNDING


def _floors_of(result: Result, floors: dict[str, Any]) -> dict[str, float]:
    suite = floors.get(result.suite, {})
    table = suite if result.labelled else suite.get(UNLABELLED, {})
    return {name: value for name, value in table.items() if name != UNLABELLED}
