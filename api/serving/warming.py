"""The model, loaded beside the first requests."""

import threading
from collections.abc import Callable

from fastapi import FastAPI

from rag.engine import Engine


class Warming:
    """Loads the model in a thread of its own."""

    def __init__(self, engine: Engine, warm: Callable[[], None] | None = None) -> None:
        """``warm`` is called once it is there."""
        self.done = False
        self.error: Exception | None = None
        self._engine, self._warm = engine, warm
        threading.Thread(target=self._run, daemon=True).start()

    def again(self) -> "Warming":
        """Once more, after an error that a rebuild may have mended meanwhile."""
        return Warming(self._engine, self._warm)

    def _run(self) -> None:
        try:
            self._engine.warm_up()
            if self._warm:
                self._warm()
        except Exception as error:  # whatever it is, /readyz has to tell
            self.error = error
        self.done = True


def is_loading(app: FastAPI) -> bool:
    """Whether somebody who asks now would wait for the model."""
    warming: Warming | None = app.state.warming
    return warming is not None and not warming.done
