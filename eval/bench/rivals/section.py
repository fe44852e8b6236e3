"""Qui dit quoi and the others on each suite: the pieces, and their order."""

from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path

from eval.bench.chunks import Cut, read_cut
from eval.bench.code_lines import user_lines
from eval.bench.pieces import ROOT, Piece, code, not_installed, versions
from eval.bench.plan import Places, Plan, product_code
from eval.bench.rivals import OURS, RIVALS, Rival
from eval.suites.suite import Suite
from index.encoding.bundled import fingerprint
from rag.settings import Settings

COLD_QUESTION = "Que pense-t-on de l'intelligence artificielle ?"
_FOLDER = "eval/bench/rivals"
_MODEL_PACKAGES = ("sentence-transformers", "transformers", "tokenizers", "torch", "numpy")


def pieces(plan: Plan, places: Places) -> Iterator[Piece]:
    """Of each suite: what is given, then each product on it."""
    for at, cut in enumerate(plan.cuts):
        absent = missing(cut)
        given = {"cut": asdict(cut), "home": str(places.index("none"))}
        yield Piece(f"rivals/{cut.name}/given", "eval.bench.rivals.given", given, _content(cut, places), missing=absent)
        for rival in RIVALS.values():
            yield from _of_rival(rival, cut, plan.starts if at == 0 else 1, places, absent)


def _of_rival(rival: Rival, cut: Cut, starts: int, places: Places, absent: str) -> Iterator[Piece]:
    missing_, name = absent or not_installed(rival.packages), f"rivals/{cut.name}/{rival.module}"
    build = _building(rival, cut, places, missing_)
    yield build
    shared = {"rival": rival.module, "model": places.model, "folder": str(build.makes)}
    judged = build.key + code(
        "eval/measures", "eval/runs", "eval/types.py", f"{_FOLDER}/asking.py", f"{_FOLDER}/glue.py"
    )
    asked = {**shared, "cut": asdict(cut)}
    yield Piece(f"{name}/ask", "eval.bench.rivals.asking", asked, judged, needs=build.makes, missing=missing_)
    for round_ in range(1, starts + 1):
        start = {**shared, "question": COLD_QUESTION, "round": round_}
        yield Piece(
            f"{name}/start-{round_}",
            "eval.bench.rivals.starting",
            start,
            build.key,
            needs=build.makes,
            missing=missing_,
        )


def our_index(cut: Cut, places: Places) -> Piece:
    """The piece that indexes ``cut`` with this product; other sections ask that index."""
    return _building(RIVALS[OURS], cut, places, missing(cut))


def _building(rival: Rival, cut: Cut, places: Places, absent: str) -> Piece:
    folder = places.index(f"{rival.module}-{cut.name}-{cut.recordings or 'all'}")
    arguments = {"rival": rival.module, "cut": asdict(cut), "model": places.model, "folder": str(folder)}
    depends = "" if absent else _content(cut, places) + _product(rival)
    name = f"rivals/{cut.name}/{rival.module}/index"
    return Piece(name, "eval.bench.rivals.building", arguments, depends, folder, missing=absent)


def missing(cut: Cut) -> str:
    return "" if cut.suite == "debate" or Path(cut.suite).is_dir() else f"{cut.suite} is not here"


def _content(cut: Cut, places: Places) -> str:
    """Names the recordings, their chunks and the questions."""
    if missing(cut):
        return ""
    suite = _suite(cut, places.settings)
    cutting = code("index/pieces/windows.py", "eval/bench/chunks.py", f"{_FOLDER}/building.py")
    return suite.corpus_hash + suite.questions_hash + cutting


@cache
def _suite(cut: Cut, settings: Settings) -> Suite:
    return read_cut(cut, settings)


def _product(rival: Rival) -> str:
    """Names the state of its code: ours as it stands here, of others the versions that are installed."""
    if rival.module == OURS:
        return product_code() + fingerprint()
    packages = versions((*rival.packages, *_MODEL_PACKAGES))
    return f"{packages} {fingerprint()} {code(f'{_FOLDER}/{rival.module}.py')}"


def lines_of(rival: Rival) -> int:
    """What its user writes."""
    return user_lines((ROOT / _FOLDER / f"{rival.module}.py").read_text("utf-8"))
