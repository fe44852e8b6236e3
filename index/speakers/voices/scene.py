"""What a debate gives for naming its voices: the words and who says them, who may be there, what the names tell."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.speakers.host_names import is_host, is_host_label
from index.speakers.names import canonical, same_person
from index.speakers.voices.casting import Candidate
from index.speakers.voices.hosts import announced_hosts, traits
from index.speakers.voices.mentions import Mention, Word, find_mentions, words_of
from index.speakers.voices.name_cues import Cues, cues
from index.speakers.voices.text_names import full_names, names_in_text
from index.speakers.voices.voice_runs import mend, noise_of
from index.types import Participant, Segment

_MOST_VOICES = 40
"""A recording with more is over-split beyond use: the others, who say least, stay unknown."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A debate as its voices are named from it."""

    segments: tuple[Segment, ...]
    words: list[Word]
    voices: list[str]
    left_out: list[str]
    candidates: list[Candidate]
    mentions: list[Mention]
    cues: Cues

    @classmethod
    def of(cls, segments: Sequence[Segment], participants: Sequence[Participant], description: str) -> "Scene":
        mended = mend(segments)
        words = words_of(mended)
        voices, left_out = _voices(segments, words)
        candidates = _candidates(mended, participants, description)
        mentions = find_mentions(
            words, [(one.name, *one.forms) for one in candidates], sum(one.announced for one in candidates)
        )
        around = cues(words, mentions, voices, len(candidates), noise_of(segments))
        return cls(mended, words, voices, left_out, candidates, mentions, around)

    @property
    def traits(self) -> npt.NDArray[np.float64]:
        """``(voices, 5)``, see ``hosts.traits``."""
        announced = [one for one in self.mentions if self.candidates[one.name].announced]
        return traits(self.segments, self.words, announced or self.mentions, self.voices)

    def start_of(self, mention: Mention) -> float:
        """When the piece begins in which a name is said."""
        return self.segments[self.words[mention.first].segment].start


def _voices(segments: Sequence[Segment], words: Sequence[Word]) -> tuple[list[str], list[str]]:
    """The labels in the order in which they first speak, and those that say too little where there are too many."""
    labels = list(dict.fromkeys(segment.speaker for segment in segments if segment.speaker is not None))
    said = {label: sum(word.voice == label for word in words) for label in labels} if len(labels) > _MOST_VOICES else {}
    kept = set(sorted(labels, key=lambda label: -said.get(label, 0))[:_MOST_VOICES])
    return [label for label in labels if label in kept], [label for label in labels if label not in kept]


def _candidates(segments: Sequence[Segment], participants: Sequence[Participant], description: str) -> list[Candidate]:
    """The people of the title, the hosts of the description, those of the text; each once. Those announced first,
    then in order of their names."""
    hosts = announced_hosts(description)
    known = [participant for participant in participants if not is_host_label(participant.name)]
    found = [
        Candidate(one.name, is_host(one) or any(same_person(one.name, host) for host in hosts), forms=one.aliases)
        for one in known
    ]
    names = [one.name for one in known]
    found += [Candidate(host, host=True) for host in hosts if canonical(host, names) not in names]
    said = names_in_text(segments, [name for one in found for name in (one.name, *one.forms)])
    full = full_names([name for name in said if " " not in name], segments)
    found += [Candidate(full.get(name, name), announced=False, forms=(name,)) for name in said]
    return sorted(found, key=lambda candidate: (not candidate.announced, candidate.name))
