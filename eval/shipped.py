"""The debate that ships with the package: its transcript, its side file, its questions."""

from importlib import resources
from pathlib import Path

DEBATE = "smart-tech-2024-11-19"
FOLDER = Path(str(resources.files("eval").joinpath("data/debate")))
"""A native suite like any other, see ``eval/suites/native.py``."""
TRANSCRIPT = FOLDER / "debates" / f"{DEBATE}.txt"
QUESTIONS = tuple(FOLDER / f"questions.{name}.jsonl" for name in ("dev", "own", "heldout"))
"""``dev`` came with the debate, ``own`` was written for the confidence, ``heldout`` was used to choose nothing."""
SPEAKERS = FOLDER / "debates" / f"{DEBATE}.speakers.tsv"
