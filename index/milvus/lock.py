"""One writer at a time, with an engine that compares nothing before it writes.

    insert my claim -> read all claims (Strong) -> only mine is there: go on; else take mine back, wait by chance, again

Of two who claim at once, the one who reads last has inserted before that and after the other's insert, so it sees both:
never do both go on. A claim that stays (its writer was killed) is broken by whoever has watched it unchanged for
``LEASE_SECONDS``; clocks are not compared. What cannot be guaranteed: a writer that is suspended for that long exactly
between its last look at its own claim and its one upsert wakes up as the owner of nothing and writes all the same. That
look and the upsert are one call apart, and the writer reads the root again afterwards.
"""

import random
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from index.errors import StoreBusy
from index.milvus.blobs import NOTHING
from index.milvus.client import STRONG, Client
from index.milvus.schema import STATE

LEASE_SECONDS = 15.0
"""Many times what a change takes while it holds the claim: its rows are written before."""
_PATIENCE_SECONDS = 60.0
_CLAIM = "claim-"
_local: dict[str, threading.Lock] = {}


@dataclass(frozen=True, slots=True)
class Claim:
    """That of a writer who may go on."""

    client: Client
    id: str

    def check(self) -> None:
        """Raises StoreBusy when somebody broke it."""
        if self.id not in _claims(self.client):
            raise StoreBusy(path=self.client.place)


@contextmanager
def claimed(client: Client) -> Iterator[Claim]:
    """Alone among all writers of the index. Raises StoreBusy after a minute."""
    with _local.setdefault(client.place, threading.Lock()):  # those of one process need not meet in the engine
        claim = Claim(client, _CLAIM + secrets.token_hex(12))
        try:  # from the first insert on: whoever is interrupted while waiting leaves no claim either
            _wait(claim)
            yield claim
        finally:
            _withdraw(client, claim.id)


def _wait(claim: Claim) -> None:
    began, first_seen = time.monotonic(), dict[str, float]()
    while True:
        claim.client.insert(STATE, [{"id": claim.id, "content": "", "nothing": NOTHING}])
        others = _claims(claim.client) - {claim.id}
        if not others:
            return
        _withdraw(claim.client, claim.id)
        now = time.monotonic()
        first_seen = {other: first_seen.get(other, now) for other in others}
        for other in [other for other, seen in first_seen.items() if now - seen >= LEASE_SECONDS]:
            _withdraw(claim.client, other)
        if now - began > _PATIENCE_SECONDS:
            raise StoreBusy(path=claim.client.place)
        time.sleep(random.uniform(0.02, 0.25))


def _claims(client: Client) -> set[str]:
    return {row["id"] for row in client.query(STATE, f'id like "{_CLAIM}%"', ["id"], STRONG)}


def _withdraw(client: Client, claim: str) -> None:
    client.delete(STATE, f'id in ["{claim}"]')
