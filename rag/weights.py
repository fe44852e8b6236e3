"""The numbers of the ranking, in one place, so that an evaluation can try others from a settings file.

Chosen on the debate (50 questions) and on ten others (137): see eval/README.md.
"""

from pydantic import BaseModel, ConfigDict, Field


class Weights(BaseModel):
    """Scores of pieces are in standard deviations of the topic's cosines; see ``retrieve.py`` and ``passages.py``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    dense: float = Field(default=1.0, ge=0.0, le=100.0)
    """What a z of the cosine counts; 0 leaves the vectors out of the ranking."""
    lexical: float = Field(default=6.0, ge=0.0, le=100.0)
    """What the full share of BM25 counts; 0 leaves word search out."""
    match: float = Field(default=1.0, ge=0.0, le=100.0)
    """What a z of the question's words meeting the nearest tokens counts (MaxSim); 0 leaves that stage out."""
    own_words: float = Field(default=2.0, ge=0.0, le=100.0)
    """What a passage gains when the topic's words stand in itself and not only around it."""
    short_turn_penalty: float = Field(default=2.0, ge=0.0, le=100.0)
    """« C'est intéressant. » floats up on the score of its neighbours: what a turn without a word would lose."""
    neighbour_loss: float = Field(default=1.2, ge=0.0, le=100.0)
    """How much less than the peak a neighbour may score and still join its passage."""
    least_words: int = Field(default=20, ge=1, le=200)
    """Up to here neighbours join whatever they score, so that a passage can be understood."""


SHIPPED = Weights()
