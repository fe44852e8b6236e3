"""How many cores this program may use."""

import os


def cores() -> int:
    """At least 1: those that it is bound to, where the system tells, since it may have been given a few of many."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
