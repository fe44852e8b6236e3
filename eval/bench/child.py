"""A fresh process in which one thing is measured: ``python -m eval.bench.child BEGAN MODULE ARGUMENTS OUT``.

``measure(**ARGUMENTS)`` of MODULE gives the values; beside them stand ``wall_s``, from BEGAN (when the parent asked for
the process, seconds of its clock) until they were there, and ``peak_mb``, the most memory that it took. Nothing is
imported here that the module does not import itself.
"""

import importlib
import json
import sys
import time
from pathlib import Path


def main() -> None:
    began, module, arguments, out = sys.argv[1:]
    values = importlib.import_module(module).measure(**json.loads(arguments))
    wall = time.time() - float(began)
    from eval.bench.figures import peak_mb

    Path(out).write_text(json.dumps({**values, "wall_s": round(wall, 3), "peak_mb": peak_mb()}), "utf-8")


if __name__ == "__main__":
    main()
