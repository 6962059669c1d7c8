"""Work in a child process: it answers, it is ended when it breaks a limit, and nothing of it is left behind."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Timer

import pytest

from pioneer_cli import limited
from pioneer_cli.errors import PioneerError
from pioneer_cli.limited import Limited, LimitError, MemoryLimitError, TimeLimitError, WorkFailedError

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps this limit")
NO_BYTES = b""


# --- Work that the child is given -------------------------------------------------------------------------------------


def shout(payload: bytes) -> bytes:
    return payload.upper()


def name_the_process(payload: bytes) -> bytes:
    return str(os.getpid()).encode()


def print_a_lot(payload: bytes) -> bytes:
    print("A" + "\0" * 8, "not a frame")
    os.write(1, b"nor is this")
    return sys.stdin.read().encode() + payload


def sleep_long(payload: bytes) -> bytes:
    time.sleep(60)
    return payload


def use_up_the_time(payload: bytes) -> bytes:
    """How much time there was; nearly nothing of it is left."""
    left, _ = signal.setitimer(signal.ITIMER_REAL, 100)
    return str(left).encode()


def ring_when_asked(payload: bytes) -> bytes:
    if payload == b"ring":
        os.kill(os.getpid(), signal.SIGALRM)  # as the system does when the time is up
    return payload


def spin(payload: bytes) -> bytes:
    while True:
        pass


def take_all_memory(payload: bytes) -> bytes:
    return bytes(4_000_000_000)[: len(payload)]


def crash(payload: bytes) -> bytes:
    os.kill(os.getpid(), signal.SIGSEGV)
    return payload


def leave(payload: bytes) -> bytes:
    os._exit(0)


def refuse(payload: bytes) -> bytes:
    raise PioneerError(f"{payload.decode()} is no good\x1b[31m", "take another")


def refuse_at_length(payload: bytes) -> bytes:
    raise PioneerError("é\ud800" * 100_000, "ß" * 100_000)


def stumble(payload: bytes) -> bytes:
    raise KeyError(payload)


def answer_text(payload: bytes) -> bytes:
    return "not bytes"  # type: ignore[return-value]


def answer_too_much(payload: bytes) -> bytes:
    return bytes(limited.MOST_BYTES + 1)


def tell_limits(payload: bytes) -> bytes:
    import resource

    return repr([resource.getrlimit(limit)[0] for limit in (resource.RLIMIT_AS, resource.RLIMIT_CORE)]).encode()


def run(work: str, payload: bytes = b"words", seconds: float = 20, megabytes: int = 512) -> bytes:
    with Limited(f"{__name__}:{work}", seconds, megabytes, "reading it") as child:
        return child.call(payload)


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


# --- Answers ---------------------------------------------------------------------------------------------------------


def test_the_answer_comes_back():
    assert run("shout") == b"WORDS"


@pytest.mark.parametrize("size", [0, 1, 65_536, 3_000_000])
def test_an_answer_of_any_size_comes_back_whole(size):
    assert run("shout", b"a" * size) == b"A" * size


def test_one_child_serves_many_calls():
    with Limited(f"{__name__}:name_the_process", 20, 512) as child:
        answers = {child.call(NO_BYTES) for _ in range(20)}
    assert len(answers) == 1
    assert answers != {str(os.getpid()).encode()}


def test_what_a_library_prints_is_no_answer():
    assert run("print_a_lot") == b"words"


def test_the_child_finds_what_the_parent_finds():
    assert Path(__file__).parent.as_posix() in sys.path
    assert run("shout") == b"WORDS"


@linux
def test_the_limits_are_set():
    assert run("tell_limits", megabytes=400) == repr([400 * 1024 * 1024, 0]).encode()


@pytest.mark.parametrize(
    "work", ["shout", "os:system; import x", "a b:c", ":shout", "os:", "os:system()", "..:x", "A:b"]
)
def test_work_is_a_plain_name(work):
    with pytest.raises(ValueError, match="not of the form module:function"):
        Limited(work, 5, 512)


# --- What goes wrong in the child ------------------------------------------------------------------------------------


def test_a_problem_that_a_person_can_mend_is_raised_again():
    with pytest.raises(PioneerError) as caught:
        run("refuse")
    assert (caught.value.message, caught.value.hint) == ("words is no good\x1b[31m", "take another")
    assert not isinstance(caught.value, LimitError)


def test_a_problem_told_at_length_is_cut():
    with pytest.raises(PioneerError) as caught:
        run("refuse_at_length")
    assert caught.value.message == "é\ud800" * 250
    assert caught.value.hint == "ß" * 500


def test_after_a_problem_the_child_goes_on():
    with Limited(f"{__name__}:refuse", 20, 512) as child:
        for word in (b"one", b"two"):
            with pytest.raises(PioneerError, match=word.decode()):
                child.call(word)


@pytest.mark.parametrize("work", ["stumble", "answer_text", "leave", "answer_too_much", "no_such_function"])
def test_what_nobody_expected_is_a_failure_without_a_traceback(work, capfd):
    with pytest.raises(WorkFailedError, match=r"^reading it came to no end: its process failed$"):
        run(work)
    assert capfd.readouterr() == ("", "")


def test_an_answer_of_the_greatest_size_is_read(monkeypatch):
    monkeypatch.setattr(limited, "MOST_BYTES", 5)
    assert run("shout", b"12345") == b"12345"
    with pytest.raises(WorkFailedError):
        run("shout", b"123456")


def test_a_crash_is_told_apart():
    with pytest.raises(MemoryLimitError, match=r"^reading it needed more than 512 MB, or was ended from outside$"):
        run("crash")


@linux
def test_too_much_memory_is_not_had():
    with pytest.raises(MemoryLimitError):
        run("take_all_memory")


@linux
def test_a_child_that_cannot_even_load_fails():
    with pytest.raises(LimitError):
        run("shout", megabytes=1)


@pytest.mark.parametrize("work", ["sleep_long", "spin"])
def test_a_child_that_takes_too_long_is_ended(work):
    with pytest.raises(TimeLimitError, match=r"^reading it took longer than 1 s, so it was ended$"):
        run(work, seconds=1)


def test_a_child_that_does_not_read_is_ended():
    """The pipe is full and the child has not begun to read: the clock holds for writing too."""
    with Limited(f"{__name__}:shout", 1, 512) as child:
        child._child.send_signal(signal.SIGSTOP)  # type: ignore[union-attr]
        with pytest.raises(TimeLimitError):
            child.call(bytes(3_000_000))


@linux
def test_each_call_has_the_whole_time():
    with Limited(f"{__name__}:use_up_the_time", 1000, 512) as child:
        assert all(float(child.call(NO_BYTES)) > 500 for _ in range(3))


def test_no_clock_goes_on_when_the_answer_is_there(monkeypatch):
    clocks: list[Timer] = []

    class Deadline(limited._Deadline):
        def start(self) -> None:
            clocks.append(self)
            super().start()

    monkeypatch.setattr(limited, "_Deadline", Deadline)
    with Limited(f"{__name__}:shout", 1000, 512) as child:
        assert [child.call(b"x"), child.call(b"y")] == [b"X", b"Y"]
    assert [clock.interval for clock in clocks] == [1000, 1000]
    for clock in clocks:
        clock.join(60)
        assert not clock.is_alive()


@linux
def test_after_a_limit_the_next_call_has_a_fresh_child():
    with Limited(f"{__name__}:ring_when_asked", 60, 512) as child:
        with pytest.raises(TimeLimitError):
            child.call(b"ring")
        assert child.call(b"x") == b"x"


# --- Nothing is left behind ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("work", ["shout", "stumble", "sleep_long", "crash"])
def test_no_child_is_left(work):
    with Limited(f"{__name__}:{work}", 1, 512) as child:
        process = child._child.pid  # type: ignore[union-attr]
        with suppress(LimitError):
            child.call(b"x")
    assert not is_alive(process)


def test_an_interruption_ends_the_child(monkeypatch):
    timer = Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    exchange = limited._exchange

    def interrupted(*given: object) -> object:
        timer.start()
        return exchange(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(limited, "_exchange", interrupted)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background Ctrl-C is not heard
    try:
        with Limited(f"{__name__}:sleep_long", 60, 512) as child:
            process = child._child.pid  # type: ignore[union-attr]
            with pytest.raises(KeyboardInterrupt):
                child.call(b"x")
            assert not is_alive(process)
    finally:
        timer.join()
        signal.signal(signal.SIGINT, before)


@linux
def test_a_child_whose_parent_was_killed_ends_by_itself():
    source = (
        "from pioneer_cli.limited import Limited\n"
        f"child = Limited('{__name__}:sleep_long', 1, 512).__enter__()\n"
        "print(child._child.pid, flush=True)\n"
        "child.call(b'x')\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        process = int(parent.stdout.readline())
        time.sleep(0.3)
        parent.kill()
    until = time.monotonic() + 60
    while is_alive(process) and time.monotonic() < until:
        time.sleep(0.1)
    assert not is_alive(process)


def test_a_process_that_cannot_be_started_is_told(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(PioneerError, match=r"^cannot start a process: No such file or directory$"):
        run("shout")
