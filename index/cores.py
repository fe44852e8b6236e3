"""How many cores this program may use, and who uses them: the model and the questions that are asked at once."""

import os

from threadpoolctl import ThreadpoolController


def cores() -> int:
    """At least 1: those that it is bound to, where the system tells, since it may have been given a few of many."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def one_thread_for_arrays() -> None:
    """Products of matrices take one thread from now on, in all of this program. Theirs are so small that threads gain
    nothing, and each of OpenBLAS's turns round for milliseconds after its work, on a core that somebody else needs."""
    ThreadpoolController().select(internal_api="openblas").limit(limits=1)
