"""``python -m eval.bench``: measure what is not measured yet, write the report, print its table.

python -m eval.bench --quick                    a first look, five minutes
python -m eval.bench                            forty minutes on 2 cores
python -m eval.bench --full                     also an index of a million windows: hours
python -m eval.bench --only rivals limits       some sections
python -m eval.bench --fresh                    nothing is taken from an earlier run
"""

import argparse
import json
import sys
from pathlib import Path

from eval.bench.pieces import Keeper, Values
from eval.bench.plan import Mode, Places, plan_of
from eval.bench.plots import save_plots
from eval.bench.report import report_of
from eval.bench.sections import SECTIONS
from eval.bench.table import markdown
from index.errors import QdqError
from index.files import save_text
from rag.settings import load_settings


def main(given: list[str] | None = None) -> int:
    """The exit status: 1 where something could not be measured that was asked for."""
    options = _parser().parse_args(given)
    mode: Mode = "quick" if options.quick else "full" if options.full else "normal"
    out = options.out.resolve()
    places, plan = Places(out, options.shared.resolve(), load_settings()), plan_of(mode, options.shared.resolve())
    keeper, values = Keeper(out / "pieces" / mode, fresh=options.fresh), dict[str, Values]()
    for section in options.only or SECTIONS:
        for piece in SECTIONS[section](plan, places):
            if piece.name not in values:  # an index that two sections ask is made once
                values[piece.name] = keeper.values(piece)
    report = report_of(plan, values)
    text = markdown(report)
    save_text(out / "bench.json", json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    save_text(out / "bench.md", text)
    plots = save_plots(report, out)
    print(text)
    print(*(out / "bench.json", out / "bench.md", *plots), sep="\n", file=sys.stderr)
    return int(any("missing" in found for found in values.values()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.bench", description="Measure beside others, parts and sizes.")
    amount = parser.add_mutually_exclusive_group()
    amount.add_argument("--quick", action="store_true", help="the shipped debate, fewer questions: five minutes")
    amount.add_argument("--full", action="store_true", help="whole suites, an index of a million windows: hours")
    parser.add_argument("--fresh", action="store_true", help="measure anew what was measured before")
    parser.add_argument("--only", nargs="+", choices=sorted(SECTIONS), metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--out", type=Path, default=Path("build/bench"), help="default: build/bench")
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="data that is not the project's")
    return parser


if __name__ == "__main__":
    try:
        sys.exit(main())
    except QdqError as error:
        sys.exit(error.message("en"))
