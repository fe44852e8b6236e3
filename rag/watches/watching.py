"""Watches, as the engine has them: kept, looked at after each change of the index, told.

add, remove -> the store changes -> noticed -> look: notice, then each step -> findings and deliveries -> deliver
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from index.errors import Language, WatchInvalid
from index.store import Store
from rag.search import Searcher
from rag.settings import Settings
from rag.watches.addresses import Allowed
from rag.watches.background import Background
from rag.watches.delivering import Courier
from rag.watches.file import WatchFile
from rag.watches.looking import Looker
from rag.watches.outbox import Outbox
from rag.watches.sending import Sender
from rag.watches.signing import new_secret, opens_feed
from rag.watches.store import Known, Watches
from rag.watches.types import DEFAULT_THRESHOLD, Attempt, Delivery, Finding, Sent, Watch

_LOG = logging.getLogger("qdq")
_PATIENCE = 10.0
"""Seconds that somebody who adds a debate waits, at most, for the looks that follow it."""
_LONGEST_NAME = 200
MOST_FINDINGS = 100


class Watching:
    """Safe to share between threads and processes."""

    def __init__(
        self,
        store: Store,
        searcher: Searcher,
        settings: Settings,
        folder: Path | None,
        *,
        sender: Sender | None = None,
        now: Callable[[], float] = time.time,
        token: Callable[[], str] = lambda: secrets.token_hex(9),
    ) -> None:
        """Kept in ``folder``; None: in memory alone. ``now`` in seconds since the epoch; ``token`` makes ids, which
        nobody may guess, and which no command takes for an option."""
        self._store = store
        self._settings = settings
        self._now = now
        self._token = token
        self._file = WatchFile(folder)
        self._watches = Watches(self._file, now=now)
        self._outbox = Outbox(self._file, now=now)
        self._looker = Looker(store, searcher)
        self._sender = sender or Sender(Allowed.of(settings.webhook_private))
        self._courier = Courier(self._outbox, self._sender.send, settings.public_url, now=now)
        self._noticed = ""
        self._wake: Callable[[], None] | None = None

    def close(self) -> None:
        self._file.close()

    def add(
        self,
        speaker: str | None,
        topic: str | None,
        *,
        webhook: str | None = None,
        threshold: float = DEFAULT_THRESHOLD,
        language: Language = "fr",
        backfill: bool = False,
    ) -> Watch:
        """Watch from now on, with ``backfill`` also what is there. Raises WatchInvalid, WebhookForbidden, a
        StoreError."""
        speaker, topic = _text(speaker), _text(topic)
        self._check(speaker, topic, threshold)
        if webhook is not None:
            self._sender.check(webhook)
        moment = datetime.fromtimestamp(self._now(), UTC)
        id_, secret = self._token(), new_secret()
        watch = Watch(id_, moment, speaker, topic, threshold, webhook, secret, language)
        kept = self._watches.add(watch, self._present, backfill=backfill)
        if backfill:
            self.noticed()
        return kept

    def all(self) -> list[Watch]:
        """The oldest first. Raises a StoreError, as do the others."""
        return self._watches.all()

    def get(self, watch: str) -> Watch:
        """Raises WatchUnknown."""
        return self._watches.get(watch)

    def remove(self, watch: str) -> None:
        """Raises WatchUnknown."""
        self._watches.remove(watch)

    def findings(self, watch: str, most: int = MOST_FINDINGS) -> list[Finding]:
        """The newest first. Raises WatchUnknown."""
        self._watches.get(watch)
        return self._watches.findings(watch, most)

    def opens_feed(self, watch: str, token: str) -> bool:
        """Whether ``token`` is that of the feed of ``watch``."""
        known = next((one for one in self._watches.all() if one.id == watch), None)
        return known is not None and opens_feed(known.secret, token)

    def test(self, watch: str) -> Attempt:
        """Send a sample, without any finding, to the webhook. Raises WatchUnknown, WatchInvalid where it has none."""
        found = self.get(watch)
        if found.webhook is None:
            raise WatchInvalid(reason="it has no webhook", reason_fr="elle n'a pas de webhook")
        return asyncio.run(self._courier.attempt(Delivery(_message_id(), found, (), 0)))

    def look(self, go_on: Callable[[], bool] = lambda: True) -> int:
        """Look at every debate that some watch has not looked at, as long as it is to ``go_on``. Returns how many new
        passages were found. Raises a StoreError, an EncoderError; what was not looked at waits."""
        if not self._watches.count():
            return 0
        generation = self._store.generation()
        if generation != self._noticed:
            self._watches.notice(self._present)
            self._noticed = generation
        new = 0
        while go_on() and (look := self._watches.next_look()) is not None:
            seen = self._looker.found(look.debate, look.watches, go_on)
            if seen is None:
                break
            new += self._watches.record(look, *seen, _message_id)
        return new

    def noticed(self) -> None:
        """The index, or the watches, have changed. Whoever runs in the background looks; else this does, for a few
        seconds. Nothing that goes wrong here is the caller's: it is tried again at the next change."""
        if self._wake is not None:
            self._wake()
            return
        try:
            until = time.monotonic() + _PATIENCE
            self.look(lambda: time.monotonic() < until)
        except Exception as error:
            _LOG.warning("watches could not look at a debate: %s", type(error).__name__)

    def deliver(self, *, first_only: bool = False) -> list[Sent]:
        """Send what is due, or of it what was never tried. Raises a StoreError."""
        return asyncio.run(self._courier.deliver(first_only=first_only))

    def notices(self) -> dict[str, int]:
        """How many notices to webhooks there are, by what became of them. Raises a StoreError."""
        return self._outbox.counts()

    def tell(self) -> None:
        """Send once what was just found, for a program that ends then; a server, or the next ``deliver``, does the
        rest. Nothing that goes wrong here is the caller's."""
        try:
            self.deliver(first_only=True)
        except Exception as error:
            _LOG.warning("watches could not send: %s", type(error).__name__)

    @contextmanager
    def in_background(self) -> Iterator[None]:
        """A thread that looks at what changes and sends what is due, also what another program left, until the
        end."""
        background = Background(self.look, self._courier.deliver, self._outbox.next_due)
        self._wake = background.wake
        background.start()
        try:
            yield
        finally:
            self._wake = None
            background.stop()

    def _present(self) -> Mapping[str, Known]:
        with self._store.reading():
            sources = {debate: source for source, debate in self._store.sources().items()}
            return {one.id: Known(sources.get(one.id, ""), one.labelled_words) for one in self._store.debates()}

    def _check(self, speaker: str | None, topic: str | None, threshold: float) -> None:
        """Raises WatchInvalid."""
        longest = self._settings.max_question_chars
        if speaker is None and topic is None:
            reason, reason_fr = "a person or a topic is needed", "il faut une personne ou un sujet"
        elif any(text is not None and not any(map(str.isalnum, text)) for text in (speaker, topic)):
            reason, reason_fr = "it holds no word", "elle ne contient aucun mot"
        elif len(speaker or "") > _LONGEST_NAME or len(topic or "") > longest:
            reason = f"a name has {_LONGEST_NAME} characters at most, a topic {longest}"
            reason_fr = f"un nom a au plus {_LONGEST_NAME} caractères, un sujet {longest}"
        elif not 0 < threshold <= 1:
            reason, reason_fr = "the threshold lies above 0 and up to 1", "le seuil va de plus de 0 à 1"
        elif self._watches.count() >= self._settings.max_watches:
            limit = self._settings.max_watches
            reason = f"there are {limit} already, which QDQ_MAX_WATCHES allows"
            reason_fr = f"il y en a déjà {limit}, ce que permet QDQ_MAX_WATCHES"
        else:
            return
        raise WatchInvalid(reason=reason, reason_fr=reason_fr)


def _text(text: str | None) -> str | None:
    """With single spaces; None where nothing is given."""
    return " ".join((text or "").split()) or None


def _message_id() -> str:
    return f"msg_{secrets.token_hex(12)}"
