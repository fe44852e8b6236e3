"""Something to measure, for the tests of what keeps measurements: run in a process of its own."""

import json
from pathlib import Path
from typing import Any


def measure(runs: str, value: Any = 0, makes: str = "", fail: bool = False) -> dict[str, Any]:
    """Adds a line to the file ``runs`` each time."""
    with Path(runs).open("a", encoding="utf-8") as file:
        file.write(json.dumps(value) + "\n")
    if makes:
        Path(makes).mkdir(parents=True)
    if fail:
        raise ValueError("out of tea")
    return {"value": value}
