"""Everything that a home holds is looked at: the index, what lies beside it, and the caches.

What follows from something else is made again or thrown away; what is the truth is reported.
"""

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from index.doctor.findings import Check, Finding, Outcome, found
from index.doctor.parts import CHECKS, GROUNDS, UNREADABLE, StoredParts, wrong
from index.encoding import bundled
from index.encoding.encoder import Encoder, mixable
from index.encoding.kept_vectors import FILE as KEPT_VECTORS
from index.encoding.prepared import intact
from index.errors import BackupEmpty, StoreDamaged
from index.local import VECTOR_FILE
from index.local.doctor import index_findings, search_file_finding
from index.local.whole_files import checked_file
from index.store import Store
from index.types import Progress
from index.writing.embedding import index_fingerprint
from rag.backup.databases import ANSWERS, INDEX, KEYS, WATCHES
from rag.backup.room import holds, tidy
from rag.encoders import open_encoder
from rag.settings import Settings
from rag.stores import open_store

_BESIDE = {Check.ANSWERS: ANSWERS, Check.KEYS: KEYS, Check.WATCHES: WATCHES}
_DEEP_SAMPLE = 64
_NEAR = 0.99
"""Cosine of a vector that is made again with the one that is kept, at least: other arithmetic leaves .999."""


def examine(
    settings: Settings,
    *,
    mend: bool = True,
    deep: bool = False,
    progress: Progress | None = None,
    encoder: Encoder | None = None,
) -> list[Finding]:
    """What there is to say, in the order of ``Check``. ``deep``: some vectors are made again with the model and
    compared. Raises BackupEmpty where there is no index, StoreNewer, a StoreError that says nothing of the index
    itself."""
    if mend:
        tidy(settings.home)
    encoder = encoder or open_encoder(settings.model_copy(update={"keep_vectors_mb": 0}))  # made again, not looked up
    findings = _index(settings, mend, progress)
    if all(one.outcome.well for one in findings):
        with closing(open_store(settings)) as store:
            findings += _model_findings(store, encoder, deep, progress)
    if settings.store is None:
        vectors = settings.home / VECTOR_FILE
        findings.append(search_file_finding(settings.home / INDEX.name, vectors, mend=mend))
    findings += [*_beside(settings.home), _kept_vectors(settings.cache, mend), _model(settings.cache, mend)]
    return sorted(findings, key=lambda one: list(Check).index(one.check))


def _index(settings: Settings, mend: bool, progress: Progress | None) -> list[Finding]:
    if settings.store is not None:
        with closing(open_store(settings)) as store:
            return _any_store(store, progress)
    if not (settings.home / INDEX.name).is_file():
        raise BackupEmpty(path=str(settings.home))
    return index_findings(settings.home / INDEX.name, mend=mend, progress=progress)


def _any_store(store: Store, progress: Progress | None) -> list[Finding]:
    """What the contract of a store lets see of each debate; a server looks after its own files."""
    reasons: dict[Check, list[str]] = {check: [] for check in CHECKS}
    summaries = store.debates()
    for number, summary in enumerate(summaries, start=1):
        try:
            here = wrong(StoredParts(store.stored(summary.id)), CHECKS, GROUNDS)
        except UNREADABLE as error:
            here = {Check.DEBATES: str(error)}
        for check, reason in here.items():
            reasons[check].append(f"{summary.id}: {reason}")
        if progress:
            progress("check", number, len(summaries))
    return [
        found(check, told, Outcome.NOTED if check is Check.PLACES else Outcome.DAMAGED)
        for check, told in reasons.items()
    ]


def _model_findings(store: Store, encoder: Encoder, deep: bool, progress: Progress | None) -> Iterator[Finding]:
    kept, wanted = store.fingerprint(), index_fingerprint(encoder)
    same = not kept or mixable(kept, wanted)
    yield found(Check.FINGERPRINT, [] if same else [f"{kept}, QDQ_MODEL: {wanted}"], Outcome.NOTED)
    if deep and same:
        yield found(Check.EMBEDDING, _embedded_again(store, encoder, progress))


def _embedded_again(store: Store, encoder: Encoder, progress: Progress | None) -> list[str]:
    """Debates in which a vector is not that of its text, of a sample over all debates."""
    summaries = store.debates()
    each = max(1, _DEEP_SAMPLE // max(1, len(summaries)))
    reasons = []
    encoder.load(progress)
    for summary in summaries[:: max(1, len(summaries) // _DEEP_SAMPLE)]:
        entry = store.stored(summary.id)
        some = range(0, len(entry.windows), max(1, len(entry.windows) // each))[:each]
        made = encoder.embed_passages([entry.windows[at].text for at in some])
        cosines = np.einsum("nd,nd->n", made, entry.vectors[list(some)])
        if not (cosines > _NEAR).all():
            reasons.append(f"{summary.id}: {float(cosines.min()):.2f}")
    return reasons


def _beside(home: Path) -> Iterator[Finding]:
    for check, database in _BESIDE.items():
        if holds(home / database.name):
            yield found(check, _unreadable(home / database.name, database.application, database.version))


def _unreadable(path: Path, application: int, version: int) -> list[str]:
    """Raises StoreNewer."""
    try:
        checked_file(path, application, version)
    except StoreDamaged as error:
        return [str(error.details["reason"])]
    return []


def _kept_vectors(cache: Path, mend: bool) -> Finding:
    """A cache: what is damaged goes."""
    path = cache / KEPT_VECTORS
    if not path.exists():
        return found(Check.KEPT_VECTORS, [])
    try:
        with closing(sqlite3.connect(path)) as connection:
            rows: Sequence[tuple[str]] = connection.execute("PRAGMA quick_check(1)").fetchall()
        reasons = [row[0] for row in rows if row[0] != "ok"]
    except sqlite3.Error as error:
        reasons = [str(error)]
    if reasons and mend:
        for end in ("", "-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
    return found(Check.KEPT_VECTORS, reasons, Outcome.MENDED if mend else Outcome.MENDABLE)


def _model(cache: Path, mend: bool) -> Finding:
    """What was prepared of the default model; made again when it is next wanted."""
    reasons = []
    for folder in bundled.folders(cache):
        if not intact(folder):
            reasons.append(folder.name)
            if mend:
                shutil.rmtree(folder, ignore_errors=True)
    return found(Check.MODEL, reasons, Outcome.MENDED if mend else Outcome.MENDABLE)
