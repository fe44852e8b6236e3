"""Fit what naming voices needs: python -m eval.attribution.fit SUITE…   writes index/speakers/data/voices.json

Two things: how a host talks (logistic regression on the traits of each voice), and how often a guess is right
(logistic regression on its log odds, over all trials of all debates, each with the hosts fitted without it).
"""

import datetime
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eval.attribution.trials import LONGEST_INITIALS, Told, Trial, trials_of
from eval.attribution.voices import judged_voices, read_told
from index.speakers.names import same_person
from index.speakers.voices import NamedVoice, casting
from index.speakers.voices.casting import VoiceModel, guesses, log_odds
from index.speakers.voices.hosts import HostModel
from index.speakers.voices.scene import Scene

Array = npt.NDArray[np.float64]

OUT = Path(casting.__file__).parent / "data" / "voices.json"
SOURCE = "FREDSum (Rennard et al., Findings of EMNLP 2023), CC BY-SA 4.0; ten debates, labels replaced by SPEAKER_nn"
_HOST_KINDS = frozenset(
    {"clean", "10 % wrong", "20 % wrong", "plain, 10 %", "first third", "second third", "last third"}
)


@dataclass(frozen=True, slots=True)
class _Worked:
    """A trial with everything that does not depend on what is fitted. ``hosts``: 1 for a host, 0 for a guest, -1
    where it cannot be told."""

    trial: Trial
    scene: Scene
    traits: Array
    hosts: npt.NDArray[np.int64]


def fitted(told: Sequence[Told]) -> tuple[VoiceModel, dict[str, VoiceModel]]:
    """From all debates, and from all but each."""
    worked = {one.id: [_worked(trial) for trial in trials_of(one, 2)] for one in told}
    hosts = {left: _host_model([w for key, ws in worked.items() if key != left for w in ws]) for left in worked}
    samples = {key: _samples(ws, hosts[key]) for key, ws in worked.items()}
    models = {
        left: _calibrated(hosts[left], [samples[key] for key in worked if key != left or len(worked) == 1])
        for left in worked
    }
    everything = _host_model([w for ws in worked.values() for w in ws])
    return _calibrated(everything, list(samples.values())), models


def left_out_models(told: Sequence[Told]) -> dict[str, VoiceModel]:
    """What is fitted without each debate; empty for fewer than three, where what is shipped has to do."""
    return fitted(told)[1] if len(told) > 2 else {}


def _worked(trial: Trial) -> _Worked:
    scene = Scene.of(trial.heard, trial.told.participants, trial.told.description)
    return _Worked(trial, scene, scene.traits, np.array([_is_host(trial, voice) for voice in scene.voices]))


def _is_host(trial: Trial, voice: str) -> int:
    """Whom the title does not name is a host; initials, two in one voice, and titles without names tell nothing."""
    person = trial.people().get(voice)
    if person is None or person.name is None or len(person.name) <= LONGEST_INITIALS or trial.kind not in _HOST_KINDS:
        return -1
    name = person.name
    return int(not any(same_person(name, one.name) for one in trial.told.participants))


def _host_model(worked: Sequence[_Worked]) -> HostModel:
    from sklearn.linear_model import LogisticRegression

    rows = np.concatenate([one.traits[one.hosts >= 0] for one in worked])
    hosts = np.concatenate([one.hosts[one.hosts >= 0] for one in worked])
    model = LogisticRegression(C=0.05).fit(rows, hosts)
    return HostModel(tuple(float(f"{one:.4g}") for one in model.coef_[0]), float(f"{model.intercept_[0]:.4g}"))


@dataclass(frozen=True, slots=True)
class _Samples:
    """Log odds of guesses and whether they were right, of names and of being a host."""

    names: list[tuple[float, bool]]
    hosts: list[tuple[float, bool]]


def _samples(worked: Sequence[_Worked], host: HostModel) -> _Samples:
    names: list[tuple[float, bool]] = []
    hosts: list[tuple[float, bool]] = []
    for one in worked:
        found = guesses(one.scene.cues.likelihood, host.log_odds(one.traits), one.scene.candidates)
        for voice, guess, is_host in zip(one.scene.voices, found, one.hosts, strict=True):
            if guess.candidate >= 0:
                named = NamedVoice(voice, one.scene.candidates[guess.candidate].name, 1.0)
                names += [
                    (log_odds(guess.probability), v.verdict == "right") for v in judged_voices(one.trial, [named])
                ]
            if is_host >= 0:
                hosts.append((log_odds(guess.host), bool(is_host)))
    return _Samples(names, hosts)


def _calibrated(host: HostModel, samples: Sequence[_Samples]) -> VoiceModel:
    names = [pair for one in samples for pair in one.names]
    hosts = [pair for one in samples for pair in one.hosts]
    return VoiceModel(host, _logistic(names), _logistic(hosts))


def _logistic(pairs: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """Slope and bias."""
    from sklearn.linear_model import LogisticRegression

    odds, right = np.array([[pair[0]] for pair in pairs]), np.array([pair[1] for pair in pairs])
    model = LogisticRegression(C=1.0).fit(odds, right)
    return float(f"{model.coef_[0, 0]:.4g}"), float(f"{model.intercept_[0]:.4g}")


def main(arguments: Sequence[str]) -> None:
    model, _left_out = fitted([one for folder in arguments for one in read_told(Path(folder))])
    document = {
        "made_by": "python -m eval.attribution.fit " + " ".join(Path(one).name for one in arguments),
        "made_on": datetime.date.today().isoformat(),
        "data": SOURCE,
        "host": {"weights": model.host.weights, "bias": model.host.bias},
        "named": model.named,
        "hosted": model.hosted,
    }
    OUT.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(OUT.read_text("utf-8"))


if __name__ == "__main__":
    main(sys.argv[1:])
