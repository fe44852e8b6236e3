"""Any changes through two handles on one index: what it says is what a model in plain Python says."""

import itertools
import random
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from index.errors import DebateUnknown, ModelMismatch
from index.local import LocalStore, Sizes, vectors
from index.milvus.store import MilvusStore
from index.pieces.table import PieceTable
from index.pieces.windows import WIDTHS
from index.speakers.corrections import Correction, CorrectionKind
from index.store import Description, Relabelling, Store
from index.types import EVERYWHERE, UNKNOWN, Attribution, Debate, Hit, Origin, Participant, Scope, Segment
from index.words.lexical import terms
from index.writing.embedding import indexed
from tests.fakes import HashEncoder
from tests.store_model import Model, Place

TINY = Sizes(exact=8, share=0.2, quiet=0.0)
IDS = ("a", "b", "c", "d")
PEOPLE = ("Ada Martin", "Jean Petit", "Zoé Roux", None)
WORDS = "budget culture l'énergie nucléaire école Été e\u0301té straße prison juge ŒUVRE <b> M. dit. ? non…".split()
QUESTIONS = ("énergie nucléaire", "le budget de la culture", "M. dit vraiment", "rien de tout cela")
SCOPES = (
    EVERYWHERE,
    Scope(speakers=frozenset({"Ada Martin"})),
    Scope(speakers=frozenset({"Ada Martin", "Zoé Roux"}), date_from=date(2024, 1, 3)),
    Scope(debates=frozenset({"a", "c"})),
    Scope(debates=frozenset({"b"}), speakers=frozenset({"Jean Petit"})),
    Scope(date_to=date(2024, 1, 3)),
    Scope(debates=frozenset()),
    Scope(speakers=frozenset({"Personne"})),
)
ENCODER = HashEncoder()
_ID = st.sampled_from(IDS)
_HANDLE = st.integers(0, 1)
_SEED = st.integers(0, 50)


def _debate(name: str, seed: int) -> Debate:
    by = random.Random(seed)
    told = [Attribution(who, Origin.LABELLED, 1.0) if who else UNKNOWN for who in PEOPLE]
    segments = tuple(
        Segment(at, 4.0 * at, 4.0 * at + 3, text, one, voice=one.speaker)
        for at in range(1 + seed % 12)
        for one, text in [(by.choice(told), " ".join(by.choices(WORDS, k=by.randrange(1, 40))))]
    )
    day = date(2024, 1, 1 + seed % 5) if seed % 4 else None
    return Debate(name, f"{name} {seed}", segments, date=day, language="en" if seed % 3 == 0 else "fr")


def _said(debate: str, seed: int) -> Correction:
    return Correction(CorrectionKind.SPEAKER, float(seed), seed + 1.0, f"de {debate}", PEOPLE[seed % 3])


class StoreMachine(RuleBasedStateMachine):
    """With two handles on the index of a run."""

    @staticmethod
    def open_store(folder: str) -> Store:
        """Opens the index of the run that has this ``folder``, again and again."""
        raise NotImplementedError

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.handles = [self.open_store(self._folder.name) for _ in range(2)]
        self.model = Model(acts=_last_act(self.handles[0]))
        self.generations = [self.handles[0].generation()]

    @initialize(seeds=st.lists(_SEED, min_size=3, max_size=3))
    def begin(self, seeds: list[int]) -> None:
        for name, seed in zip(IDS, seeds, strict=False):
            self.add(0, name, seed, whole=seed % 2 == 0)

    def teardown(self) -> None:
        for store in self.handles:
            store.close()
        self._folder.cleanup()

    def _changed(self, store: Store) -> None:
        """The state has a name that it never had."""
        now = store.generation()
        assert now not in self.generations
        self.generations.append(now)

    @rule(handle=_HANDLE, name=_ID, seed=_SEED, whole=st.booleans())
    def add(self, handle: int, name: str, seed: int, whole: bool) -> None:
        """Also in place of another; ``whole`` with what else may come with it, as from another index."""
        entry, store = indexed(_debate(name, seed), ENCODER), self.handles[handle]
        if whole:
            said = [replace(_said(name, at), act=at % 2) for at in range(seed % 4)]
            entry = replace(entry, corrections=said, renames={"J. Petit": f"Jean Petit {seed % 2}"})
        if self.model.fingerprint not in ("", ENCODER.fingerprint):
            with pytest.raises(ModelMismatch):
                store.add(entry, ENCODER.fingerprint)
            return
        store.add(entry, ENCODER.fingerprint)
        self.model.add(entry, ENCODER.fingerprint)
        self._changed(store)

    @rule(handle=_HANDLE, name=_ID)
    def remove(self, handle: int, name: str) -> None:
        store = self.handles[handle]
        if name not in self.model.debates:
            with pytest.raises(DebateUnknown):
                store.remove(name)
            return
        store.remove(name)
        self.model.remove(name)
        self._changed(store)

    @rule(handle=_HANDLE, name=_ID, seed=_SEED, late=st.booleans())
    def relabel(self, handle: int, name: str, seed: int, late: bool) -> None:
        """Other speakers, corrections that come and go, renames; ``late`` it was thought out in an earlier state."""
        if name not in self.model.debates:
            return
        by, now = random.Random(seed), self.model.debates[name]
        parts = tuple(
            replace(part, attribution=Attribution(who, Origin.CORRECTED, 1.0)) if (who := by.choice(PEOPLE)) else part
            for part in now.segments
        )
        acts = [one.act for one in self.model.corrections.get(name, []) if one.act is not None]
        change = Relabelling(
            [replace(now, segments=parts)],
            added={name: [_said(name, seed)], by.choice(IDS): [_said(name, seed + 1)]} if seed % 3 else {},
            removed=acts[: seed % 2],
            renames={"J. Petit": by.choice(["Jean Petit", None])},
        )
        self._done(handle, late, lambda store, since: store.relabel(change, since), lambda: self.model.relabel(change))

    @rule(handle=_HANDLE, name=_ID, seed=_SEED, late=st.booleans())
    def cut(self, handle: int, name: str, seed: int, late: bool) -> None:
        """The debate has other segments than its file."""
        if name not in self.model.debates:
            return
        other = replace(self.model.debates[name], segments=_debate(name, seed).segments)
        entry = replace(indexed(other, ENCODER), base=self.model.bases[name])
        change = Relabelling(recut=[entry])
        self._done(handle, late, lambda store, since: store.relabel(change, since), lambda: self.model.relabel(change))

    @rule(handle=_HANDLE, name=_ID, seed=_SEED, late=st.booleans())
    def describe(self, handle: int, name: str, seed: int, late: bool) -> None:
        if name not in self.model.debates:
            return
        fields = {"title": f"Titre {seed}", "date": date(2024, 1, 1 + seed % 5), "language": "en" if seed % 2 else "fr"}
        people = (Participant("Ada Martin", "avocate"),)
        now, base = (
            replace(one, **fields, participants=people)  # type: ignore[arg-type]
            for one in (self.model.debates[name], self.model.bases[name])
        )
        found = [terms(window.text, now.language) for window in indexed(now, ENCODER).windows]
        change = Description(now, base, found)
        self._done(
            handle, late, lambda store, since: store.describe(change, since), lambda: self.model.describe(change)
        )

    @rule(handle=_HANDLE, late=st.booleans(), again=st.integers(1, 2))
    def rebuild(self, handle: int, late: bool, again: int) -> None:
        """Perhaps with another model, whose vectors are the same here."""
        entries = [
            replace(indexed(debate, ENCODER), base=self.model.bases[name])
            for name, debate in self.model.debates.items()
        ]
        self._done(
            handle,
            late,
            lambda store, since: store.rebuild(entries, f"hash@{again}", since),
            lambda: self.model.rebuild(entries, f"hash@{again}"),
        )

    def _done(self, handle: int, late: bool, change: Callable[[Store, str], bool], known: Callable[[], None]) -> None:
        store = self.handles[handle]
        since = self.generations[-2] if late and len(self.generations) > 1 else self.generations[-1]
        done = change(store, since)
        assert done == (since == self.generations[-1])
        if done:
            known()
            self._changed(store)

    @rule(handle=_HANDLE)
    def reopen(self, handle: int) -> None:
        self.handles[handle].close()
        self.handles[handle] = self.open_store(self._folder.name)

    @rule(handle=_HANDLE)
    def settle(self, handle: int) -> None:
        self.handles[handle].settle()

    @rule(handle=_HANDLE, question=st.sampled_from(QUESTIONS), few=st.integers(0, 4))
    def search(self, handle: int, question: str, few: int) -> None:
        """In every scope: everything, and the best few."""
        store, vector, wanted = self.handles[handle], ENCODER.embed_query(question), terms(question, "fr")
        with store.reading():
            assert np.allclose(store.background(vector), self.model.background(vector), atol=1e-3)
            for width, scope, k in itertools.product(WIDTHS, SCOPES, (1000, few)):
                _agree(store.dense(vector, width, k, scope), self.model.dense(vector, width, scope), k, 2e-3)
                _agree(store.lexical(wanted, width, k, scope), self.model.lexical(wanted, width, scope), k, 1e-4)

    @invariant()
    def both_say_what_the_model_says(self) -> None:
        model = self.model
        for store in self.handles:
            with store.reading():
                assert store.generation() == self.generations[-1]
                assert [one.id for one in store.debates()] == sorted(model.debates)
                assert {name: store.debate(name) for name in model.debates} == model.debates
                assert {name: store.original(name) for name in model.debates} == model.bases
                assert {name: store.corrections(name) for name in IDS} == {
                    name: model.corrections.get(name, []) for name in IDS
                }
                assert store.renames() == model.renames
                assert store.speakers() == model.speakers()
                assert (store.fingerprint(), store.vocabulary()) == (model.fingerprint, model.vocabulary())
                assert all(
                    store.pieces(name).to_bytes() == PieceTable.of(debate).to_bytes()
                    for name, debate in model.debates.items()
                )
                for scope in SCOPES[1:3]:  # what was remembered of a scope in the state before is of no use
                    found = store.lexical(["budget"], WIDTHS[0], 1000, scope)
                    _agree(found, model.lexical(["budget"], WIDTHS[0], scope), 1000, 1e-4)


def _last_act(store: Store) -> int:
    """The number of an act that is made and taken back: an index that was used before counts on."""
    assert store.relabel(Relabelling(added={"a": [_said("a", 1)]}), store.generation())
    ((act,),) = ([one.act for one in store.corrections("a")],)
    assert act is not None
    assert store.relabel(Relabelling(removed=[act]), store.generation())
    return act


def _agree(found: list[Hit], expected: dict[Place, float], k: int, tolerance: float) -> None:
    """The best ``k``, in order; of equal ones any."""
    scores = [hit.score for hit in found]
    assert scores == sorted(scores, reverse=True)
    assert len(found) == len({hit[:3] for hit in found}) == min(k, len(expected))
    assert all(abs(hit.score - expected[hit[:3]]) <= tolerance * max(1.0, abs(hit.score)) for hit in found)
    best = sorted(expected.values(), reverse=True)[:k]
    assert np.allclose(scores, best, atol=tolerance, rtol=tolerance)


def _run(open_store: Callable[[str], Store], examples: int, steps: int) -> None:
    machine = type("Machine", (StoreMachine,), {"open_store": staticmethod(open_store)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("sizes", [Sizes(), TINY], ids=["exact", "compressed"])
def test_a_local_index_says_what_a_model_says_after_any_changes(sizes: Sizes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "_THREADS", 1)
    _run(lambda folder: LocalStore(Path(folder), sizes), examples=24, steps=25)


def test_an_index_on_milvus_says_what_a_model_says_after_any_changes(milvus_place: str) -> None:
    """Its collections take seconds to make: each run begins with the same ones, emptied."""
    emptied = set[str]()

    def opened(folder: str) -> Store:
        store = MilvusStore(milvus_place)
        if folder not in emptied:
            emptied.add(folder)
            _empty(store)
        return store

    _run(opened, examples=4, steps=15)


def _empty(store: Store) -> None:
    for summary in store.debates():
        store.remove(summary.id)
    acts = {one.act for name in IDS for one in store.corrections(name)}
    renames: dict[str, str | None] = dict.fromkeys(store.renames())
    change = Relabelling(removed=[act for act in acts if act is not None], renames=renames)
    assert store.relabel(change, store.generation())
