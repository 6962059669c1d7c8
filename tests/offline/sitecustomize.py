"""Put on PYTHONPATH, it forbids the network to a program and to all that the program starts.

On Linux the kernel ends whatever asks for a socket of the internet, be it Python or a library in Rust; elsewhere
Python's own sockets raise. Sockets between processes of one machine stay allowed.
"""

import socket
import struct
import sys

LOAD, EQUAL, ANSWER = 0x20, 0x15, 0x06  # of the kernel's classic packet filters
KILL_PROCESS, ALLOW = 0x80000000, 0x7FFF0000
NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER = 38, 22, 2
NUMBERS = {"x86_64": 41, "aarch64": 198}  # of the system call `socket`
NUMBER, FIRST_ARGUMENT = 0, 16  # offsets into seccomp_data
INTERNET = (socket.AF_INET, socket.AF_INET6)


def forbid_in_the_kernel(number: int) -> bool:
    """Whether the kernel took the filter: `socket` for the internet ends the process by SIGSYS."""
    import ctypes

    steps = [
        (LOAD, 0, 0, NUMBER),
        (EQUAL, 0, 4, number),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (EQUAL, 1, 0, int(INTERNET[0])),
        (EQUAL, 0, 1, int(INTERNET[1])),
        (ANSWER, 0, 0, KILL_PROCESS),
        (ANSWER, 0, 0, ALLOW),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("HP", len(steps), ctypes.addressof(code)))
    library = ctypes.CDLL(None)
    return library.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0 and library.prctl(SET_SECCOMP, FILTER, program, 0, 0) == 0


def forbid_in_python() -> None:
    """Python's sockets of the internet raise, with a word that tests look for."""

    class NoSocket(socket.socket):
        def __init__(self, family: int = -1, *more: int, **options: int) -> None:
            if family in (-1, *INTERNET):
                raise PermissionError("the network is forbidden here")
            super().__init__(family, *more, **options)

    socket.socket = NoSocket  # type: ignore[misc]


def machine() -> str:
    """What the processor is called; without the module `platform`, which takes long to load."""
    import os

    return os.uname().machine if sys.platform == "linux" else ""


if not (machine() in NUMBERS and forbid_in_the_kernel(NUMBERS[machine()])):
    forbid_in_python()
