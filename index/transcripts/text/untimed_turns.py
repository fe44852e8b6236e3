"""Lines -> what each speaker says in turn, where names stand before texts ("Ada Martin: Oui.") and times do not."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from index.transcripts.speaker_prefix import Labels


@dataclass(slots=True)
class UntimedTurn:
    """Consecutive lines of one speaker; ``line`` is the number of the first."""

    line: int
    speaker: str | None = None
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its lines, as they stand."""
        return "\n".join(self.texts)

    @property
    def words(self) -> int:
        """How many, at least one: even silence has a place in time."""
        return max(1, len(self.text.split()))


def turns_of(lines: Sequence[str], labels: Labels, first: int = 1) -> list[UntimedTurn]:
    """The turns of ``lines``, the first of which has the number ``first``: one begins at each of the names in
    ``labels``; without any, after empty lines, or at every line when none is empty."""
    parted = "\n\n" in "\n".join(line.strip() for line in lines).strip()
    turns: list[UntimedTurn] = []
    is_open = False
    for number, line in enumerate(lines, start=first):
        if found := labels.split(line):
            turns.append(UntimedTurn(number, found[0], [found[1]]))
        elif line.strip() and is_open:
            turns[-1].texts.append(line.strip())
        elif line.strip():
            turns.append(UntimedTurn(number, None, [line.strip()]))
        is_open = bool(turns) and (bool(labels.known) or (parted and bool(line.strip())))
    return turns
