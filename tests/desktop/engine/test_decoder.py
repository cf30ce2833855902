from __future__ import annotations

import threading
from concurrent.futures import Future

from desktop.engine.decoder import is_done


def test_an_answer_is_waited_for() -> None:
    future: Future[int] = Future()
    threading.Timer(0.05, future.set_result, [1]).start()
    assert is_done(future, lambda: False)


def test_a_stop_ends_the_wait_and_leaves_the_call() -> None:
    future: Future[int] = Future()
    looks = iter([False, False, True])
    assert not is_done(future, lambda: next(looks))
    assert not future.done()
    assert next(looks, None) is None
