"""Turns are taken in the order in which they were asked for, and no more at once than there are."""

import os
import signal
import threading
from collections.abc import Callable

import pytest

from index.cores import cores
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


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="no signals to threads here")
def test_whoever_gives_up_waiting_takes_no_turn_along() -> None:
    turns, inside, go, main = Turns(1), threading.Event(), threading.Event(), threading.main_thread().ident
    assert main is not None

    def hold() -> None:
        with turns:
            inside.set()
            until(lambda: turns.waiting == 1)
            signal.pthread_kill(main, signal.SIGUSR1)
            assert go.wait(_SECONDS)

    def interrupt(_signal: int, _frame: object) -> None:
        raise InterruptedError

    before = signal.signal(signal.SIGUSR1, interrupt)
    holder = threading.Thread(target=hold)
    try:
        holder.start()
        assert inside.wait(_SECONDS)
        with pytest.raises(InterruptedError), turns:
            pass
    finally:
        signal.signal(signal.SIGUSR1, before)
        go.set()
    assert turns.waiting == 0
    holder.join(_SECONDS)
    with turns:
        assert turns.waiting == 0


def test_only_the_cores_that_a_program_may_use_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {3, 9, 11}, raising=False)
    assert cores() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    assert cores() == 64
