"""Many texts through a model: in which order, and how far one is."""

from collections.abc import Iterator, Sequence

from index.types import Progress


def longest_first(texts: Sequence[str], size: int) -> Iterator[list[int]]:
    """The positions of ``texts``, ``size`` at a time, long ones first: a batch pads little, and what is left to do
    never takes longer than it seems."""
    order = sorted(range(len(texts)), key=lambda position: -len(texts[position]))
    for at in range(0, len(order), size):
        yield order[at : at + size]


class Counted:
    """Tells a watcher of the characters that are done, of which each takes about as long."""

    def __init__(self, stage: str, texts: Sequence[str], progress: Progress | None) -> None:
        self._stage = stage
        self._texts = texts
        self._progress = progress
        self._done = 0
        self._total = sum(map(len, texts))

    def add(self, positions: Sequence[int]) -> None:
        """Raises what the watcher raises, by which it ends the work."""
        self._done += sum(len(self._texts[position]) for position in positions)
        if self._progress:
            self._progress(self._stage, self._done, self._total)
