"""The model, loaded beside the first requests."""

import threading

from fastapi import FastAPI

from rag.engine import Engine


class Warming:
    """Loads the model in a thread of its own."""

    def __init__(self, engine: Engine) -> None:
        self.done = False
        self.error: Exception | None = None
        threading.Thread(target=self._run, args=(engine,), daemon=True).start()

    def _run(self, engine: Engine) -> None:
        try:
            engine.warm_up()
        except Exception as error:  # whatever it is, /readyz has to tell
            self.error = error
        self.done = True


def is_loading(app: FastAPI) -> bool:
    """Whether somebody who asks now would wait for the model."""
    warming: Warming | None = app.state.warming
    return warming is not None and not warming.done
