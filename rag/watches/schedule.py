"""When a notice that did not arrive is sent again: after 15 s, 1, 4, 16 and 64 min, 4 and 17 h, then no more."""

from rag.watches.types import Attempt, State

MOST_ATTEMPTS = 8
_FIRST = 15.0
_FACTOR = 4.0
_JITTER = 0.2
LONGEST = 86_400.0
"""Seconds that a receiver may ask us to wait, and more than any wait of ours."""


def state_after(attempts: int, attempt: Attempt) -> State:
    """Of a delivery, after ``attempts``, of which ``attempt`` is the last."""
    if attempt.delivered:
        return State.DELIVERED
    if attempt.gone:
        return State.CANCELLED
    return State.WAITING if attempts < MOST_ATTEMPTS else State.GIVEN_UP


def wait_after(attempts: int, attempt: Attempt, chance: float) -> float:
    """Seconds until the next one: four times as long after each, a fifth more or less by ``chance`` in [0, 1], so that
    those that failed together do not come back together; and not before the receiver asked for it."""
    wait = _FIRST * _FACTOR ** (attempts - 1) * (1 + _JITTER * (2 * chance - 1))
    return min(LONGEST, max(wait, attempt.retry_after or 0.0))
