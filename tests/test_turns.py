"""Turns are taken in the order in which they were asked for, and no more at once than there are."""

import threading
from collections.abc import Callable

import pytest

from rag.turns import Turns

_SECONDS = 60


def until(true: Callable[[], bool]) -> None:
    """Lets other threads run; fails where it does not come true."""
    waited = threading.Event()
    for _ in range(10_000_000):
        if true():
            return
        waited.wait(0)
    raise AssertionError


@pytest.mark.parametrize("most", [1, 2, 3])
def test_whoever_came_first_goes_first(most: int) -> None:
    turns, order, inside = Turns(most), list[int](), threading.Semaphore(0)
    go = [threading.Event() for _ in range(8)]

    def work(number: int) -> None:
        with turns:
            order.append(number)
            inside.release()
            assert go[number].wait(_SECONDS)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for number, thread in enumerate(threads):
        thread.start()
        if number < most:
            assert inside.acquire(timeout=_SECONDS)
        else:
            until(lambda waiting=number - most + 1: turns.waiting == waiting)  # type: ignore[misc]
    assert order == list(range(most))
    for number in range(8):  # each that goes lets exactly the next one in
        go[number].set()
        if number + most < 8:
            assert inside.acquire(timeout=_SECONDS)
            assert order == list(range(number + most + 1))
    for thread in threads:
        thread.join(_SECONDS)
    assert turns.waiting == 0


def test_an_error_gives_the_turn_back() -> None:
    turns = Turns(1)
    for _ in range(2):
        with pytest.raises(ValueError, match="zut"), turns:
            raise ValueError("zut")
    with turns:
        assert turns.waiting == 0
