import ctypes
import errno
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as PilImage

from imaging.errors import Code, ImageError
from imaging.input.prepare import prepare
from imaging.input.recipe import InputRecipe
from imaging.sandbox import sandbox as sandbox_module
from imaging.sandbox.sandbox import Sandbox, SandboxError

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")


def double(number: int) -> int:
    return 2 * number


def crash(_: int) -> None:
    ctypes.string_at(0)


def leave(code: int) -> None:
    os._exit(code)


def hang(seconds: float) -> None:
    ctypes.CDLL(None).usleep(int(seconds * 1e6))


def grow(megabytes: int) -> int:
    return len(bytearray(megabytes << 20))


def recurse(depth: int) -> int:
    return recurse(depth + 1)


def stop_iteration(_: int) -> None:
    raise StopIteration


def raise_no_exception(_: int) -> None:
    raise BaseException("not even an Exception")


def process_id(_: int) -> int:
    return os.getpid()


def refuse(detail: str) -> None:
    raise ImageError(Code.TOO_LARGE, detail)


def heavy_modules(_: int) -> list[str]:
    heavy = {"torch", "onnxruntime", "PySide6", "pandas", "sklearn", "matplotlib", "scipy"}
    return sorted(heavy & set(sys.modules))


@pytest.fixture(scope="module")
def answers() -> dict[str, object]:
    """What became of good and bad calls that were all submitted to the same two children."""
    calls: dict[str, tuple[Callable[[Any], Any], Any]] = {
        "first": (double, 1),
        "crash": (crash, 0),
        "exit": (leave, 3),
        "hang": (hang, 60.0),
        "grow": (grow, 900),
        "small": (grow, 50),
        "recurse": (recurse, 0),
        "stop": (stop_iteration, 0),
        "base": (raise_no_exception, 0),
        "refuse": (refuse, "9×9"),
        "modules": (heavy_modules, 0),
        "last": (double, 21),
    }
    results: dict[str, object] = {}
    with Sandbox(2, seconds=5.0, memory_bytes=300 << 20) as sandbox:
        futures = {
            name: sandbox.submit(function, argument) for name, (function, argument) in calls.items()
        }
        for name, future in futures.items():
            try:
                results[name] = future.result(timeout=60)
            except ImageError as error:
                results[name] = error.problem
    return results


@pytest.mark.parametrize(
    ("name", "code", "detail"),
    [
        ("crash", Code.DECODER_DIED, "SIGSEGV"),
        ("exit", Code.DECODER_DIED, "exit code 3"),
        ("hang", Code.TIME_LIMIT, ""),
        ("recurse", Code.DAMAGED, "RecursionError"),
        ("stop", Code.DAMAGED, "StopIteration"),
        ("base", Code.DAMAGED, "BaseException"),
        ("refuse", Code.TOO_LARGE, "9×9"),
    ],
)
def test_each_disaster_is_one_error(
    answers: dict[str, object], name: str, code: Code, detail: str
) -> None:
    problem = answers[name]
    assert (getattr(problem, "code", problem), str(getattr(problem, "detail", ""))) == (
        code,
        detail,
    )


@posix
def test_memory_is_limited(answers: dict[str, object]) -> None:
    assert getattr(answers["grow"], "code", answers["grow"]) is Code.OUT_OF_MEMORY
    assert answers["small"] == 50 << 20


def test_the_calls_around_them_are_answered(answers: dict[str, object]) -> None:
    assert (answers["first"], answers["last"]) == (2, 42)


def test_children_import_nothing_heavy(answers: dict[str, object]) -> None:
    assert answers["modules"] == []


def test_only_crashes_leave_the_sandbox_working() -> None:
    with Sandbox(1) as sandbox:
        for _ in range(3):
            with pytest.raises(ImageError) as caught:
                sandbox.submit(crash, 0).result(timeout=60)
            assert caught.value.problem.code is Code.DECODER_DIED
        assert sandbox.submit(double, 4).result(timeout=60) == 8


def test_closing_is_quick_and_cancels_what_is_pending() -> None:
    sandbox = Sandbox(2, seconds=60.0)
    assert sandbox.submit(double, 3).result(timeout=60) == 6
    pending = [sandbox.submit(hang, 30.0) for _ in range(200)]
    began = time.monotonic()
    sandbox.close()
    assert time.monotonic() - began < 5.0  # and not the 30 seconds of a pending call
    for future in pending:
        with pytest.raises(CancelledError):
            future.result(timeout=0)
    with pytest.raises(RuntimeError, match="closed"):
        sandbox.submit(double, 1)


@posix
def test_a_child_killed_while_idle_is_replaced() -> None:
    with Sandbox(1) as sandbox:
        child = sandbox.submit(process_id, 0).result(timeout=60)
        os.kill(child, signal.SIGKILL)
        answers = [sandbox.submit(double, number) for number in range(50)]
        assert [answer.result(timeout=60) for answer in answers] == list(range(0, 100, 2))
        assert sandbox.submit(process_id, 0).result(timeout=60) != child


def _no_locks(self: BaseContext) -> None:
    """What multiprocessing meets where /dev/shm may not be written to."""
    raise OSError(errno.EROFS, "Read-only file system")


def test_where_no_child_can_start_the_caller_hears_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Sandbox(1) as sandbox:
        with monkeypatch.context() as patch:
            patch.setattr(BaseContext, "RLock", _no_locks)
            for _ in range(2):
                with pytest.raises(SandboxError, match="reads the files: Read-only file system"):
                    sandbox.submit(double, 1)
        assert sandbox.submit(double, 4).result(timeout=60) == 8


@posix
def test_calls_hear_it_too_where_their_pool_broke_and_no_other_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Sandbox(1) as sandbox:
        child = sandbox.submit(process_id, 0).result(timeout=60)
        os.kill(child, signal.SIGSTOP)  # so that it does not take the call
        answer = sandbox.submit(double, 1)
        monkeypatch.setattr(BaseContext, "RLock", _no_locks)
        os.kill(child, signal.SIGKILL)
        with pytest.raises(SandboxError, match="Read-only file system"):
            answer.result(timeout=60)


def test_it_works_from_another_thread() -> None:
    found: list[int] = []

    def work() -> None:
        with Sandbox(1) as sandbox:
            found.append(sandbox.submit(double, 5).result(timeout=60))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(timeout=60)
    assert found == [10]


def test_a_cancelled_call_stays_cancelled() -> None:
    with Sandbox(1) as sandbox:
        first, second = sandbox.submit(double, 1), sandbox.submit(double, 2)
        assert second.cancel()
        assert first.result(timeout=60) == 2
        assert sandbox.submit(double, 3).result(timeout=60) == 6
        assert second.cancelled()


def test_cancelling_frees_the_child_that_is_at_it() -> None:
    with Sandbox(1, seconds=60.0) as sandbox:
        assert sandbox.submit(double, 3).result(timeout=60) == 6
        hanging, waiting = sandbox.submit(hang, 30.0), sandbox.submit(hang, 30.0)
        time.sleep(0.3)
        began = time.monotonic()
        assert waiting.cancel()
        assert hanging.cancel()
        assert sandbox.submit(double, 4).result(timeout=60) == 8
        assert time.monotonic() - began < 15.0  # and not the 30 seconds of either


def test_children_that_were_begun_before_take_the_first_call() -> None:
    with Sandbox(1) as sandbox:
        sandbox.start_children()
        sandbox.start_children()  # once is enough
        assert sandbox.submit(double, 2).result(timeout=60) == 4


def test_closing_while_children_begin_leaves_none_and_says_nothing(
    capfd: pytest.CaptureFixture[str],
) -> None:
    before = threading.active_count()
    sandbox = Sandbox(2)
    sandbox.start_children()
    sandbox.close()
    assert threading.active_count() == before
    assert capfd.readouterr().err == ""


def test_children_that_cannot_begin_are_told_of_by_the_first_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(BaseContext, "RLock", _no_locks)
    with Sandbox(1) as sandbox:
        sandbox.start_children()
        with pytest.raises(SandboxError, match="Read-only file system"):
            sandbox.submit(double, 1)


@posix
def test_children_give_way_to_the_program_as_far_as_was_asked() -> None:
    with Sandbox(1) as equal, Sandbox(1, niceness=3) as nicer:
        found = [each.submit(os.nice, 0).result(timeout=60) for each in (equal, nicer)]
    assert found == [os.nice(0), min(os.nice(0) + 3, 19)]


def test_closing_before_the_first_call_starts_nothing() -> None:
    before = threading.active_count()
    Sandbox(2).close()
    assert threading.active_count() == before


def test_an_image_prepared_in_a_child_equals_one_prepared_here(tmp_path: Path) -> None:
    path = tmp_path / "scan"
    PilImage.fromarray(np.arange(64 * 80, dtype=np.uint16).astype(np.uint8).reshape(64, 80)).save(
        path, format="PNG"
    )
    recipe = InputRecipe(size=32)
    with Sandbox(1) as sandbox:
        there = sandbox.submit(prepare, path, 0, recipe).result(timeout=60)
    here = prepare(path, 0, recipe)
    assert (there.header, there.refusal, there.sha256) == (here.header, None, here.sha256)
    assert np.array_equal(there.network_input, here.network_input)  # type: ignore[arg-type]
    assert np.array_equal(there.thumbnail, here.thumbnail)


@pytest.mark.parametrize(("tries", "again"), [(1, True), (2, False)])
def test_a_call_whose_pool_breaks_is_tried_twice(
    monkeypatch: pytest.MonkeyPatch, tries: int, again: bool
) -> None:
    sandbox, begun = Sandbox(1), list[sandbox_module._Call]()
    monkeypatch.setattr(sandbox, "_replace_pool", lambda: None)
    monkeypatch.setattr(sandbox, "_begin", begun.append)
    call = sandbox_module._Call(double, (1,), tries=tries)
    sandbox._calls.add(call)
    sandbox._restart()
    assert begun == ([call] if again else [])
    if not again:
        with pytest.raises(ImageError) as caught:
            call.answer.result(timeout=1)
        assert caught.value.problem.code is Code.DECODER_DIED


def test_there_are_as_many_children_as_wanted_and_else_one_a_core() -> None:
    assert Sandbox(3).workers == 3
    assert Sandbox().workers == (os.cpu_count() or 1)
