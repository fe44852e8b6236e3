"""Debates with gold speakers, and who of them is known to take part: what the title and the description say."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eval.shipped import FOLDER
from eval.suites.native import read_folder
from index.speakers.cast import participants_of
from index.speakers.host_names import host_name, is_host_label
from index.transcripts.limits import LIMITS
from index.types import Debate, Participant, Segment

_HOSTED_BY = "animé par"


@dataclass(frozen=True, slots=True)
class GoldDebate:
    """``participants`` are those of the title; ``gold`` the speaker of each segment as it is judged, the host under one
    name, None where unknown; ``raw`` the labels as they stand."""

    id: str
    segments: tuple[Segment, ...]
    participants: tuple[Participant, ...]
    gold: tuple[str | None, ...]
    raw: tuple[str | None, ...]

    @property
    def words(self) -> npt.NDArray[np.int64]:
        return np.array([len(segment.text.split()) for segment in self.segments])

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        return np.array([speaker is not None for speaker in self.gold])

    @property
    def host(self) -> npt.NDArray[np.bool_]:
        return np.array([speaker == host_name("fr") for speaker in self.gold])


def gold_debates(folder: Path) -> list[GoldDebate]:
    """Of a native suite, in the order of their names."""
    suite = read_folder(folder, folder.name, limits=LIMITS)
    return [_gold(recording.debate, recording.path) for recording in suite.recordings if any(_labels(recording.debate))]


def shipped() -> GoldDebate:
    """The debate that comes with the package."""
    return gold_debates(FOLDER)[0]


def _labels(debate: Debate) -> list[str | None]:
    return [segment.speaker for segment in debate.segments]


def _gold(debate: Debate, path: Path | None) -> GoldDebate:
    hosts = _hosts(path) if path and path.suffix == ".json" else frozenset()
    raw = tuple(_labels(debate))
    gold = tuple(label and as_judged(label, hosts) for label in raw)
    return GoldDebate(debate.id, debate.segments, tuple(participants_of(debate.title)), gold, raw)


def _hosts(path: Path) -> frozenset[str]:
    """Who hosts, from the description of FREDSum: "…, animé par Arlette Chabot, Patrick Poivre d'Arvor."."""
    description: str = json.loads(path.read_text("utf-8")).get("description", "")
    _before, _found, names = description.partition(_HOSTED_BY)
    return frozenset(name.strip(" .") for name in names.split(",") if name.strip(" ."))


def guests_of(debate: GoldDebate) -> Sequence[str]:
    return [participant.name for participant in debate.participants]


def as_judged(label: str, hosts: frozenset[str], language: str = "fr") -> str:
    """The name under which a gold label is compared: every host is one, since the text alone cannot tell two apart.

    ``hosts`` are the real names of those who host.
    """
    return host_name(language) if is_host_label(label) or label in hosts else label
