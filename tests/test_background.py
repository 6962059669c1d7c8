"""Work beside the main work: results in order, errors raised where they are awaited, interruptions for the parent."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pioneer_cli import background
from pioneer_cli.background import ALONE, Background, over_all

ROOT = Path(__file__).resolve().parent.parent
NAMES = [f"bid-{number}" for number in range(12)]
only_forked = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a new process cannot see what `-c` defines")

# Each in a process of its own, since one that has threads may not fork.
BEGINNING = """
import json, os, signal, sys
from pioneer_cli.background import over_all
from pioneer_cli.errors import PioneerError

signal.signal(signal.SIGINT, signal.default_int_handler)  # one started in the background is born deaf to Ctrl-C
os.sched_getaffinity = lambda process: {0, 1}
names = json.loads(sys.argv[1])
"""


def start(script: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", BEGINNING + script, json.dumps(NAMES)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


@only_forked
def test_results_come_in_order_from_other_processes():
    process = start("""
def work(name):
    return name, os.getpid() == parent

parent = os.getpid()
print(json.dumps(list(over_all(work, names, str.upper))))
""")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert json.loads(out) == [[name, False] for name in NAMES]


@only_forked
def test_an_error_in_another_process_comes_home_with_its_hint():
    process = start("""
def work(name):
    if name == names[-1]:
        raise PioneerError("no ink", "buy some")

try:
    list(over_all(work, names, str.upper))
except PioneerError as error:
    print(json.dumps([error.message, error.hint]))
""")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert json.loads(out) == ["no ink", "buy some"]


@only_forked
def test_an_interruption_of_all_processes_is_answered_by_the_parent_alone():
    process = start("""
def work(name):
    os.write(1, b".")
    while True:
        signal.pause()

try:
    list(over_all(work, names, str.upper))
except KeyboardInterrupt:
    sys.exit(130)
""")
    assert process.stdout is not None
    assert process.stdout.read(2) == b".."  # both workers have begun
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"")


@pytest.mark.parametrize(("names", "here"), [(NAMES, True), (NAMES[:ALONE], False), ([], False)])
def test_what_belongs_here_or_is_little_stays_in_this_process(monkeypatch, names, here):
    monkeypatch.setattr(background.os, "sched_getaffinity", lambda process: {0, 1}, raising=False)
    assert list(over_all(lambda name: (name, os.getpid()), names, str.upper, here=here)) == [
        (name, os.getpid()) for name in names
    ]


def test_with_one_processor_all_stays_in_this_process(monkeypatch):
    monkeypatch.setattr(background.os, "sched_getaffinity", lambda process: {0}, raising=False)
    assert set(over_all(lambda name: os.getpid(), NAMES, str.upper)) == {os.getpid()}


def test_background_work_gives_its_result():
    assert Background(lambda: 6 * 7).result() == 42


def test_background_work_raises_where_it_is_awaited():
    work = Background(lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        work.result()


@only_forked
@pytest.mark.parametrize("end", ["os.kill(os.getpid(), signal.SIGKILL)", "os._exit(7)"])
def test_a_worker_that_is_ended_costs_its_own_name_and_no_other(end):
    process = start(f"""
def work(name):
    if name == names[5]:
        {end}
    return name

print(json.dumps(list(over_all(work, names, str.upper))))
""")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert json.loads(out) == [*NAMES[:5], NAMES[5].upper(), *NAMES[6:]]


@only_forked
def test_more_than_one_round_keeps_the_order():
    process = start("""
import pioneer_cli.background
pioneer_cli.background.TASKS_PER_PROCESS = 2
print(json.dumps(list(over_all(str.title, names, str.upper))))
""")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert json.loads(out) == [name.title() for name in NAMES]


@only_forked
def test_an_answer_that_is_cut_off_holds_nobody_up():
    process = start("""
import time

def work(name):
    if name == names[0]:
        time.sleep(0.5)
        raise PioneerError("no ink", "buy some")
    return b"x" * 40_000_000

try:
    list(over_all(work, names, str.upper))
except PioneerError as error:
    print(error.message, flush=True)
os._exit(0)
""")
    out, err = process.communicate(timeout=60)
    assert (out, err) == (b"no ink\n", b"")
