"""How the quote check judges quotes that were made: ``python -m eval.verify [SUITE…] [--seeds 3]``.

For each suite (a folder of debates whose speakers are known; by default the shipped debate) and each seed, 60 quotes of
each kind of ``made_quotes`` are verified, each with the name of who is said to have said it.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eval.made_quotes import Kind, MadeQuote, Maker
from eval.suites.find import find_suite
from eval.suites.indexes import open_index
from index.types import Debate
from rag.encoders import open_encoder
from rag.engine import Engine
from rag.quotes.types import Verdict, Verification
from rag.settings import load_settings

EACH = 60
_PASSING = (Verdict.EXACT, Verdict.NEAR)


@dataclass(frozen=True, slots=True)
class Judged:
    """A quote with what the check said of it."""

    made: MadeQuote
    found: Verification


def judged(engine: Engine, debates: Sequence[Debate], seed: int, each: int = EACH) -> list[Judged]:
    """``each`` quotes of every kind from ``debates``, which are the engine's."""
    made = Maker(debates, seed).quotes(each)
    return [Judged(one, engine.verify(one.text, speaker=one.speaker)) for one in made]


def false_passing(found: Iterable[Judged]) -> float:
    """The share of the quotes that nobody says so, or somebody else says, which come out as exact or near."""
    false = [one for one in found if one.made.kind is not Kind.TRUE]
    return sum(one.found.verdict in _PASSING for one in false) / max(len(false), 1)


def share(found: Iterable[Judged], kind: Kind, verdict: Verdict) -> float:
    """Of the quotes of ``kind``: how many come out as ``verdict``."""
    of_kind = [one for one in found if one.made.kind is kind]
    return sum(one.found.verdict is verdict for one in of_kind) / max(len(of_kind), 1)


def table(found: Sequence[Judged]) -> str:
    """A line a kind with the count of each verdict, "altered" being a part of not found; then the two shares."""
    lines = [f"{'':14}{''.join(f'{verdict:>15}' for verdict in Verdict)}{'altered':>15}"]
    for kind in Kind:
        of_kind = [one.found for one in found if one.made.kind is kind]
        counts = Counter(one.verdict for one in of_kind)
        altered = sum(one.altered for one in of_kind)
        lines.append(f"{kind:14}{''.join(f'{counts[verdict]:15}' for verdict in Verdict)}{altered:15}")
    exact = share(found, Kind.TRUE, Verdict.EXACT)
    times = sorted(one.found.took_ms for one in found)
    lines.append(f"true ones exact {exact:.3f}, false ones exact or near {false_passing(found):.3f}")
    lines.append(f"median {times[len(times) // 2]:.0f} ms, 95th percentile {times[int(0.95 * len(times))]:.0f} ms")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.verify")
    parser.add_argument("suites", nargs="*", default=["debate"], help="names or folders of suites")
    parser.add_argument("--seeds", type=int, default=3, help="how many times 300 quotes are made")
    options = parser.parse_args(arguments)
    settings = load_settings()
    for name in options.suites:
        suite = find_suite(name, settings)
        encoder = open_encoder(settings)
        store, _figures = open_index(suite, settings, encoder, labelled=True)
        engine = Engine(store, encoder, settings)
        debates = [engine.debate(debate.id) for debate in engine.debates()]
        found = [one for seed in range(options.seeds) for one in judged(engine, debates, seed)]
        print(f"{name}: {len(found)} quotes\n\n{table(found)}\n")
        engine.close()


if __name__ == "__main__":
    main()
