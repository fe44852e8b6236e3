"""The deliveries that wait in ``watches.db``: claimed by one program at a time, and what came of each."""

import random
import time
from collections.abc import Callable

from rag.watches.file import WatchFile
from rag.watches.schedule import LONGEST, state_after, wait_after
from rag.watches.store import FINDING, WATCH, finding_of, watch_of
from rag.watches.types import Attempt, Delivery, Sent, State

_LEASE = 60.0
"""Seconds for which a delivery is nobody else's: longer than an attempt may take. A program that is killed meanwhile
may have sent it, so the receiver may get it twice, under the same id."""
_KEPT = 30 * 86_400.0
"""Seconds for which the outcome of a delivery is kept."""
_CLAIMED = "claimed > :now AND claimed <= :now + :lease"
_DUE = f"""state = 'waiting' AND (next <= :now OR next > :now + :longest) AND NOT ({_CLAIMED})
    AND watch NOT IN (SELECT watch FROM deliveries WHERE state = 'waiting' AND {_CLAIMED})"""
"""One at a time to each webhook, so that a slow one holds up nobody else. A moment that no wait of ours can have meant
comes from a clock that was wrong, and does not hold anything up."""


class Outbox:
    """Safe to share between threads and processes. Every method raises a StoreError where the file cannot be used."""

    def __init__(
        self, file: WatchFile, *, now: Callable[[], float] = time.time, chance: Callable[[], float] = random.random
    ) -> None:
        """``now`` in seconds since the epoch; ``chance`` in [0, 1]."""
        self._file = file
        self._now = now
        self._chance = chance

    def claim(self, *, first_only: bool = False) -> Delivery | None:
        """The one that is due and has waited longest, which is the caller's for a minute; None where there is none.
        ``first_only``: of those that were never tried."""
        if not self._file.rows("SELECT 1 FROM deliveries WHERE state = 'waiting' LIMIT 1"):
            return None
        times = {"now": self._now(), "longest": LONGEST, "lease": _LEASE}
        untried = " AND attempts = 0" if first_only else ""
        with self._file.writing() as connection:
            row = connection.execute(
                f"SELECT id, watch, attempts FROM deliveries WHERE {_DUE}{untried} ORDER BY next, id LIMIT 1", times
            ).fetchone()
            if row is None:
                return None
            delivery, watch, attempts = row
            connection.execute("UPDATE deliveries SET claimed = ? WHERE id = ?", (times["now"] + _LEASE, delivery))
            told = connection.execute(f"SELECT {WATCH} FROM watches WHERE id = ?", (watch,)).fetchone()
            found = connection.execute(
                f"SELECT {FINDING} FROM findings WHERE delivery = ? ORDER BY number", (delivery,)
            ).fetchall()
        return Delivery(delivery, watch_of(told), tuple(map(finding_of, found)), attempts)

    def settle(self, delivery: Delivery, attempt: Attempt) -> Sent:
        """Write down what came of an attempt. One that is gone meanwhile, with its watch or its debate, stays so."""
        attempts, now = delivery.attempts + 1, self._now()
        state = state_after(attempts, attempt)
        wait = wait_after(attempts, attempt, self._chance())
        with self._file.writing() as connection:
            connection.execute(
                "UPDATE deliveries SET state = ?, attempts = ?, next = ?, claimed = 0, status = ?, error = ?"
                " WHERE id = ?",
                (state, attempts, now + wait, attempt.status, attempt.reason, delivery.id),
            )
            connection.execute(
                "UPDATE watches SET error = ?, active = active AND ? WHERE id = ?",
                (attempt.reason, state is not State.CANCELLED, delivery.watch.id),
            )
            if state is State.CANCELLED:
                connection.execute(
                    "UPDATE deliveries SET state = ? WHERE watch = ? AND state = 'waiting'", (state, delivery.watch.id)
                )
            connection.execute("DELETE FROM deliveries WHERE state != 'waiting' AND created < ?", (now - _KEPT,))
        debate = delivery.findings[0].debate if delivery.findings else ""
        return Sent(delivery.id, delivery.watch.id, debate, state, attempt)

    def release(self, delivery: Delivery) -> None:
        """Nothing came of it, since the program ends: the next one may send it at once."""
        with self._file.writing() as connection:
            connection.execute("UPDATE deliveries SET claimed = 0 WHERE id = ?", (delivery.id,))

    def counts(self) -> dict[str, int]:
        """How many there are in each state; those that are sent are forgotten after a month."""
        found: dict[str, int] = dict(self._file.rows("SELECT state, count(*) FROM deliveries GROUP BY state"))
        return {state.value: found.get(state.value, 0) for state in State}

    def next_due(self) -> float | None:
        """Seconds until something is due, none of it below 0; None where nothing waits."""
        rows = self._file.rows("SELECT min(max(next, claimed)) FROM deliveries WHERE state = 'waiting'")
        return None if not rows or rows[0][0] is None else max(0.0, rows[0][0] - self._now())
