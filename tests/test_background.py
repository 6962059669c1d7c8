"""Work beside the main work: results in order, errors raised where they are awaited, interruptions for the parent."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pioneer_cli import background
from pioneer_cli.background import ALONE, Background, over_all
from pioneer_cli.errors import PioneerError

ROOT = Path(__file__).resolve().parent.parent
NAMES = [f"bid-{number}" for number in range(12)]


def process_of(name: str) -> tuple[str, int]:
    return name, os.getpid()


def fail_at_the_last(name: str) -> str:
    if name == NAMES[-1]:
        raise PioneerError("no ink", "buy some")
    return name


@pytest.fixture
def two_processors(monkeypatch):
    monkeypatch.setattr(background.os, "sched_getaffinity", lambda process: {0, 1}, raising=False)


def test_results_come_in_order_from_several_processes(two_processors):
    results = list(over_all(process_of, NAMES))
    assert [name for name, _ in results] == NAMES
    assert os.getpid() not in {process for _, process in results}


@pytest.mark.parametrize(("names", "here"), [(NAMES, True), (NAMES[:ALONE], False), ([], False)])
def test_what_belongs_here_or_is_little_stays_in_this_process(two_processors, names, here):
    assert list(over_all(process_of, names, here=here)) == [(name, os.getpid()) for name in names]


def test_with_one_processor_all_stays_in_this_process(monkeypatch):
    monkeypatch.setattr(background.os, "sched_getaffinity", lambda process: {0}, raising=False)
    assert {process for _, process in over_all(process_of, NAMES)} == {os.getpid()}


def test_an_error_in_another_process_comes_home_with_its_hint(two_processors):
    with pytest.raises(PioneerError, match="no ink") as raised:
        list(over_all(fail_at_the_last, NAMES))
    assert raised.value.hint == "buy some"


def test_background_work_gives_its_result():
    assert Background(lambda: 6 * 7).result() == 42


def test_background_work_raises_where_it_is_awaited():
    work = Background(lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        work.result()


SCRIPT = """
import os, signal, sys
from pioneer_cli.background import over_all

def work(name):
    print("begun", flush=True)
    while True:
        signal.pause()

os.sched_getaffinity = lambda process: {0, 1}
try:
    list(over_all(work, list("abcdef")))
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.skipif(
    sys.platform != "linux", reason="other systems start processes that cannot see the script's function"
)
def test_an_interruption_of_all_processes_is_answered_by_the_parent_alone():
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdout is not None
    assert [process.stdout.readline() for _ in range(2)] == [b"begun\n", b"begun\n"]
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"")
