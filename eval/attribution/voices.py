"""How well anonymous voices get their names: python -m eval.attribution.voices [SUITE…]

A suite is a folder as ``eval/suites/native.py`` reads it, or nothing for the debate that ships. The labels of every
debate are replaced by SPEAKER_nn, in many ways (``trials.py``); what was fitted is fitted again without the debate that
is tested.
"""

import json
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.attribution.trials import KINDS, LONGEST_INITIALS, Told, Trial, told_from, trials_of
from eval.shipped import DEBATE, FOLDER
from eval.suites.native import read_folder
from index.speakers.host_names import is_host_label
from index.speakers.names import close, name_parts, same_person
from index.speakers.voices import NamedVoice, attribute_voices, name_voices
from index.speakers.voices.casting import VoiceModel
from index.transcripts.limits import LIMITS
from index.types import Segment


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """Shares of words. ``right`` and ``wrong`` by the names that the voices got, see ``Trial.people``; ``role`` is what
    is called a host and is a host with a name: neither. ``words_right`` and ``words_wrong`` by who says each segment,
    whatever its label: the words of a wrong label get the right name only by mending."""

    kind: str
    trials: int
    right: float
    wrong: float
    role: float
    words_right: float
    words_wrong: float


@dataclass(frozen=True, slots=True)
class JudgedVoice:
    """``verdict`` is right, wrong, role or unnamed."""

    words: int
    verdict: str
    confidence: float


def verdict(gold: str | None, found: str | None, hosts: Sequence[str] = ()) -> str:
    """What a name is worth. A host without a name is right under any number and in any gender; gold that is two
    initials is right with them; a host who has a name and is only called a host is neither right nor wrong."""
    if found is None:
        return "unnamed"
    if gold is None:
        return "wrong"
    if is_host_label(found):
        if is_host_label(gold):
            return "right"
        return "role" if any(same_person(gold, host) for host in hosts) else "wrong"
    initials = "".join(part[0] for part in name_parts(found))
    same = (
        gold.isupper() and gold.casefold() == initials if len(gold) <= LONGEST_INITIALS else _same_by_ear(gold, found)
    )
    return "right" if same else "wrong"


def _same_by_ear(gold: str, found: str) -> bool:
    """Also « Aurélien Pradier » for Pradié: without a title there is only what the transcript heard."""
    one, other = name_parts(gold), name_parts(found)
    return same_person(gold, found) or (one[:-1] == other[:-1] and close(other[-1], one[-1]))


def read_told(folder: Path) -> list[Told]:
    """The recordings of a suite, with the descriptions that their files give."""
    suite = read_folder(folder, folder.name, limits=LIMITS)
    return [
        told_from(one.debate.id, one.debate.title, _description(one.path), one.debate.segments)
        for one in suite.recordings
    ]


def _description(path: Path | None) -> str:
    if path is None or path.suffix != ".json":
        return ""
    found = json.loads(path.read_text("utf-8"))
    return str(found.get("description", "")) if isinstance(found, dict) else ""


def judged_voices(trial: Trial, named: Sequence[NamedVoice]) -> list[JudgedVoice]:
    """Each voice by the words of the person whose it is."""
    hosts, people = trial.told.hosts, trial.people()
    return [
        JudgedVoice(people[one.voice].words, verdict(people[one.voice].name, one.speaker, hosts), one.confidence)
        for one in named
        if one.voice in people
    ]


def judged_words(trial: Trial, attributed: Sequence[Segment]) -> list[JudgedVoice]:
    """Each segment by who says it."""
    hosts = trial.told.hosts
    return [
        JudgedVoice(len(gold.text.split()), verdict(gold.speaker, found.speaker, hosts), found.attribution.confidence)
        for gold, found in zip(trial.told.segments, attributed, strict=True)
        if gold.speaker
    ]


def measure_voices(
    told: Sequence[Told],
    model_for: Callable[[str], VoiceModel | None],
    repeats: int = 3,
    kinds: Collection[str] | None = None,
) -> list[VoiceRow]:
    """One row a kind of trial; ``model_for`` gives what was fitted without a debate, or None for what is shipped."""
    by_kind: dict[str, list[tuple[list[JudgedVoice], list[JudgedVoice]]]] = {kind: [] for kind in KINDS}
    for one in told:
        for trial in trials_of(one, repeats, kinds):
            by_kind[trial.kind].append(_measured(trial, model_for(one.id)))
    return [_row(kind, found) for kind, found in by_kind.items() if found]


def _measured(trial: Trial, model: VoiceModel | None) -> tuple[list[JudgedVoice], list[JudgedVoice]]:
    named = name_voices(trial.heard, trial.told.participants, trial.told.description, model=model)
    return judged_voices(trial, named), judged_words(trial, attribute_voices(trial.heard, named))


def _row(kind: str, found: Sequence[tuple[list[JudgedVoice], list[JudgedVoice]]]) -> VoiceRow:
    voices = [one for by_voice, _by_word in found for one in by_voice]
    words = [one for _by_voice, by_word in found for one in by_word]
    return VoiceRow(
        kind=kind,
        trials=len(found),
        right=_share(voices, "right"),
        wrong=_share(voices, "wrong"),
        role=_share(voices, "role"),
        words_right=_share(words, "right"),
        words_wrong=_share(words, "wrong"),
    )


def _share(judged: Sequence[JudgedVoice], wanted: str) -> float:
    total = sum(one.words for one in judged)
    return sum(one.words for one in judged if one.verdict == wanted) / total if total else 0.0


def main(arguments: Sequence[str]) -> None:
    from eval.attribution.fit import left_out_models

    told = [one for folder in arguments or [str(FOLDER)] for one in read_told(Path(folder))]
    models = left_out_models([one for one in told if one.id != DEBATE])
    print(f"{'trial':14} {'n':>4} {'right':>6} {'wrong':>6} {'role':>6} {'words right':>11} {'words wrong':>11}")
    for row in measure_voices(told, models.get):
        values = f"{row.right:6.3f} {row.wrong:6.3f} {row.role:6.3f} {row.words_right:11.3f} {row.words_wrong:11.3f}"
        print(f"{row.kind:14} {row.trials:4} {values}")


if __name__ == "__main__":
    main(sys.argv[1:])
