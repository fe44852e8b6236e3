"""Words that one speaker uses more than the others of the same debate: naive Bayes, learnt from the debate itself.

It needs some labels: before about five it only repeats the chain's own mistakes.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.speakers.suggest.decoding import Floats
from index.types import Segment
from index.words.lexical import terms

LEAST_LABELS = 5
_SMOOTHING = 0.5
_DAMPING = 0.2
"""Words of one topic come together, so that each says less than naive Bayes takes it to say."""
_LIMIT = 3.0
"""The most that the words of one segment may say, as a logarithm."""


class SpokenWords:
    """The stems of a debate, as places: ``of[i]`` is a word of segment ``at[i]``."""

    def __init__(self, segments: Sequence[Segment], language: str) -> None:
        ids: dict[str, int] = {}
        pairs = [
            (place, ids.setdefault(term, len(ids)))
            for place, segment in enumerate(segments)
            for term in terms(segment.text, language)
        ]
        self.at: npt.NDArray[np.int64] = np.array([place for place, _ in pairs], dtype=np.int64)
        self.of: npt.NDArray[np.int64] = np.array([word for _, word in pairs], dtype=np.int64)
        self.vocabulary = len(ids)
        self.segments = len(segments)

    def scores(self, speakers: Floats) -> Floats:
        """``(T, K)``: for whom the words of each segment speak, from ``speakers`` (T, K), the shares of who speaks in
        each segment; a segment's own share is left out of what it is judged by."""
        if not len(self.at):
            return np.zeros_like(speakers)
        counts = np.zeros((self.vocabulary, speakers.shape[1]))
        np.add.at(counts, self.of, speakers[self.at])
        total = counts.sum(axis=0)
        own = speakers[self.at]
        everybody = counts.sum(axis=1)[self.of][:, None] - 1
        share = (counts[self.of] - own + _SMOOTHING * (everybody + 1) / (total.sum() + 1) * 10) / (total - own + 5)
        log_share = np.log(np.maximum(share, 1e-9))
        said = np.zeros_like(speakers)
        np.add.at(said, self.at, log_share - log_share.mean(axis=1, keepdims=True))
        return np.clip(_DAMPING * said, -_LIMIT, _LIMIT)
