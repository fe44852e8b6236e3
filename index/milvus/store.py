"""``MilvusStore``: the contract of ``index/store.py`` on Milvus.

    a change = write its rows under fresh versions, which nothing names
               -> alone among writers: read the root, see that it is as it was, write the changed pages
               -> ONE upsert of the root, which makes all of it visible
               -> later, delete the rows that no root has named for a while

Every open store reads the root at each question, so what one adds the others answer with at once. Rows stay for a
quarter of an hour after the last root that named them, for whoever is still reading that state. A writer killed before
the upsert leaves rows that nothing names, which are swept after an hour; killed after it, all is done.

Two writers at once: the second sees another root than it was made for, and is refused or made anew, as the contract
says. ``lock.py`` tells what cannot be guaranteed without transactions.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from index.milvus.blobs import Draft
from index.milvus.client import STRONG
from index.milvus.commit import Change
from index.milvus.lock import claimed
from index.milvus.reading import MilvusReader, check_fingerprint, entry_in
from index.milvus.rows import debate_parts, relabelled, spoken_parts, term_parts, window_rows
from index.milvus.schema import windows, windows_collection
from index.milvus.snapshot import Snapshot
from index.milvus.state import Entry, Part, entry_of, new_version, respoken
from index.originals import packed
from index.speakers.corrections import Correction, renumbered
from index.store import Description, IndexedDebate, Relabelling
from index.types import Debate


class MilvusStore(MilvusReader):
    """Safe to share between threads."""

    def add(self, entry: IndexedDebate, fingerprint: str) -> None:
        self.check_fingerprint(fingerprint)
        made = self._written(entry)

        def change(state: Snapshot) -> Change:
            check_fingerprint(state, fingerprint)
            said = None if entry.corrections is None else renumbered(entry.corrections, state.root.acts)
            return Change(
                debates={entry.debate.id: _keeping(made, state, "origin")},
                corrections={} if said is None else {entry.debate.id: said},
                renames={**self._renames(state), **entry.renames} if entry.renames else None,
                fingerprint=state.root.fingerprint or fingerprint,
                dimension=_dimension(entry) or None,
                acts=max([state.root.acts, *(one.act or 0 for one in said or ())]),
            )

        self._commit(change)

    def remove(self, debate: str) -> None:
        def change(state: Snapshot) -> Change:
            entry_in(state, debate)
            last = len(state.debates) == 1
            return Change(debates={debate: None}, corrections={debate: ()}, fingerprint="" if last else None)

        self._commit(change)

    def rebuild(self, entries: Sequence[IndexedDebate], fingerprint: str, since: str) -> bool:
        if self._state_since(since) is None:
            return False
        made = {entry.debate.id: self._written(entry) for entry in entries}
        dimension = max(map(_dimension, entries), default=0)

        def change(state: Snapshot) -> Change:
            gone: dict[str, Entry | None] = dict.fromkeys(state.debates)
            kept = {debate: _keeping(entry, state, "origin") for debate, entry in made.items()}
            return Change(debates=gone | kept, fingerprint=fingerprint if made else "", dimension=dimension)

        return self._commit(change, since)

    def relabel(self, change: Relabelling, since: str) -> bool:
        state = self._state_since(since)
        if state is None:
            return False
        made: dict[str, Entry | None] = {}
        for debate in change.debates:
            known = self._debate_in(state, debate.id)
            if len(known.segments) != len(debate.segments):
                return False
            made[debate.id] = self._respoken(state, known, relabelled(known, debate))
        for recut in change.recut:
            made[recut.debate.id] = _keeping(self._written(recut), state, "origin", "tokens")
        return self._commit(lambda now: self._relabelling(now, change, made), since)

    def _relabelling(self, state: Snapshot, change: Relabelling, made: Mapping[str, Entry | None]) -> Change:
        last = state.root.acts
        brought: dict[str, list[Correction]] = {}
        for recut in change.recut:
            if recut.corrections is not None:
                brought[recut.debate.id] = renumbered(recut.corrections, last)
                last = max([last, *(one.act or 0 for one in brought[recut.debate.id])])
        act = last + any(change.added.values())
        removed = set(change.removed)
        acts = {debate: said[1] for page in state.pages.values() for debate, said in page.corrections.items()}
        touched = {debate for debate, found in acts.items() if not removed.isdisjoint(found)}
        touched |= {debate for debate, added in change.added.items() if added} | brought.keys()
        renames = {**self._renames(state), **change.renames}
        return Change(
            debates=made,
            corrections={
                debate: [
                    *(
                        one
                        for one in self._corrections(state, debate)
                        if one.act not in removed and debate not in brought
                    ),
                    *brought.get(debate, ()),
                    *(replace(one, act=act) for one in change.added.get(debate, ())),
                ]
                for debate in touched
            },
            renames={name: person for name, person in renames.items() if person} if change.renames else None,
            acts=act,
        )

    def describe(self, description: Description, since: str) -> bool:
        state, wanted = self._state_since(since), description.debate
        if state is None:
            return False
        known = self._debate_in(state, wanted.id)
        if len(known.segments) != len(wanted.segments):
            return False
        fields = replace(wanted, description=known.description, segments=known.segments)
        made = self._respoken(state, known, relabelled(fields, wanted), description.base, description.terms)
        return self._commit(lambda _now: Change(debates={wanted.id: made}), since)

    def _state_since(self, since: str) -> Snapshot | None:
        """The state that is now, None when it is not ``since``."""
        state = self._now()
        if state.root.generation == since:
            return state
        self._snapshots.insist()
        return None

    def _debate_in(self, state: Snapshot, debate: str) -> Debate:
        with self._pin(state):
            return self.debate(debate)

    def _respoken(
        self,
        state: Snapshot,
        known: Debate,
        debate: Debate,
        base: Debate | None = None,
        terms: Sequence[Sequence[str]] | None = None,
    ) -> Entry:
        """The entry of ``debate``, which is cut as it was ``known``: what does not change is not written again."""
        old, draft = entry_in(state, debate.id), Draft()
        parts = dict(old.parts) | spoken_parts(debate, draft)
        if base is not None:
            parts["original"] = draft.add(packed(base))
        entry = respoken(old, debate, parts)
        if terms is not None or [part.speaker for part in known.segments] != [part.speaker for part in debate.segments]:
            with self._pin(state):
                stored = self.stored(debate.id)
            cut = replace(stored, debate=debate, terms=stored.terms if terms is None else terms)
            parts |= term_parts(cut.windows, cut.terms, draft) if terms is not None else {}
            parts["windows"] = self._written_windows(cut)
            entry = entry_of(cut, old.order, old.source, parts)
        self._blobs.write(draft)
        return entry

    def _written(self, entry: IndexedDebate) -> Entry:
        """Everything of a debate, under versions that nothing names yet."""
        draft = Draft()
        parts = debate_parts(entry, draft)
        self._blobs.write(draft)
        parts["windows"] = self._written_windows(entry)
        return entry_of(entry, time.time_ns(), entry.origin.source if entry.origin else None, parts)

    def _written_windows(self, entry: IndexedDebate) -> Part:
        version, dimension = new_version(), _dimension(entry)
        if dimension:
            self._ensure_windows(dimension)
            self._client.insert(windows_collection(dimension), window_rows(version, entry))
        size = 4 * dimension * len(entry.windows) + sum(len(term) + 9 for found in entry.terms for term in found)
        return Part(version, len(entry.windows), size)

    def _commit(self, change: Callable[[Snapshot], Change], since: str | None = None) -> bool:
        """Alone among writers, on the state that is then; False when that is not ``since``."""
        with claimed(self._client) as claim:
            state = self._now(STRONG)
            self._snapshots.insist()
            if since is not None and state.root.generation != since:
                return False
            with self._pin(state):
                made = change(state)
            self._told(lambda: self._committer.commit(state, made, claim))
        return True

    def _ensure_windows(self, dimension: int) -> None:
        """Asked of the engine once."""
        if dimension and dimension not in self._dimensions:
            with claimed(self._client):
                self._client.ensure(windows(dimension, self._options), self._options.replicas)
            self._dimensions.add(dimension)


def _keeping(entry: Entry, state: Snapshot, *names: str) -> Entry:
    """With the named parts of the debate as it is, where ``entry`` has none."""
    old = state.debates.get(entry.summary.id)
    if old is None:
        return entry
    kept = {name: old.parts[name] for name in names if name in old.parts}
    return replace(
        entry, parts={**kept, **entry.parts}, source=entry.source or (old.source if "origin" in names else None)
    )


def _dimension(entry: IndexedDebate) -> int:
    return entry.vectors.shape[1] if len(entry.windows) else 0
