"""The index at each size: the pieces, and their order. One index grows through all of them."""

from collections.abc import Iterator
from dataclasses import asdict

from eval.bench.growth.made import Made
from eval.bench.pieces import Piece, code
from eval.bench.plan import Places, Plan, product_code
from eval.bench.rivals import OURS

_RECALL_QUESTIONS = 40
_START = "Que sait-on de la politique industrielle ?"


def pieces(plan: Plan, places: Places) -> Iterator[Piece]:
    missing = "" if places.noise.is_file() else f"{places.noise} is not here"
    home = places.index(f"growth-{plan.mode}")
    depends = product_code() + code("eval/bench/growth")
    for windows in plan.sizes:
        made = asdict(Made(str(places.noise), str(home), windows, plan.encoded))
        name, recalled = f"growth/{windows}", min(plan.questions, _RECALL_QUESTIONS)
        start = {"rival": OURS, "model": "", "folder": str(home), "question": _START, "round": 1}
        asked, compared = {**made, "questions": plan.questions}, {**made, "questions": recalled}
        filled = {**made, "anew": windows == plan.sizes[0]}
        yield Piece(f"{name}/add", "eval.bench.growth.filling", filled, depends, home, missing=missing)
        yield Piece(f"{name}/start", "eval.bench.rivals.starting", start, depends, needs=home, missing=missing)
        yield Piece(f"{name}/ask", "eval.bench.growth.asking", asked, depends, needs=home, missing=missing)
        yield Piece(f"{name}/recall", "eval.bench.growth.recall", compared, depends, needs=home, missing=missing)
