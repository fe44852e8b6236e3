"""What of the machine's cores arrays take."""

import numpy as np
from threadpoolctl import ThreadpoolController

from index.cores import cores, one_thread_for_arrays


def _threads() -> set[int]:
    assert np.ones(1) @ np.ones(1) == 1.0
    return {
        library["num_threads"] for library in ThreadpoolController().info() if library["internal_api"] == "openblas"
    }


def test_arrays_take_one_thread_from_then_on() -> None:
    ThreadpoolController().select(internal_api="openblas").limit(limits=2)
    assert max(_threads()) == min(2, cores())
    one_thread_for_arrays()
    assert _threads() == {1}
