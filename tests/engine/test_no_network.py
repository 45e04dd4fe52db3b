"""What an engine can reach once it has given up the network: nothing new."""

from __future__ import annotations

import errno
import json
import platform
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from bot import ROOT

# Numbers of the kernel's calls, by machine; each is refused before it looks at more.
CALLS = {
    "socket": (41, 198),
    "connect": (42, 203),
    "ptrace": (101, 117),
    "request_key": (249, 218),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "io_uring_setup": (425, 425),
    "pidfd_getfd": (438, 438),
}
MACHINE = ["x86_64", "aarch64"].index(platform.machine())
IN_C = """
    #include <errno.h>
    #include <stdio.h>
    #include <sys/socket.h>
    int main(void) {
        printf("%d", socket(AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0);
        return 0;
    }
"""
# The calls of 32-bit programs, of which 359 is `socket`.
OTHER_NUMBERS_IN_C = """
    int main(void) {
        long made = 359;
        __asm__ volatile("int $0x80" : "+a"(made) : "b"(2), "c"(1), "d"(0) : "memory");
        return made >= 0;
    }
"""
HELPERS = """
import ctypes, json, os, socket, subprocess, sys, threading

def outcome(call, *arguments):
    try:
        call(*arguments)
    except OSError as error:
        return error.errno
    return 0

def made(number, *arguments):
    libc = ctypes.CDLL(None, use_errno=True)
    done = libc.syscall(*map(ctypes.c_long, (number, *arguments)))
    return ctypes.get_errno() if done < 0 else 0

def forbid():
    from bot.engine import no_network
    assert no_network.forbid()
"""


def run(code: str, *arguments: object) -> object:
    """What a separate process that runs `code` finds; it writes it as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", HELPERS + textwrap.dedent(code), *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory) -> Path:
    """A program written in C that opens a socket and says what happened."""
    return build(tmp_path_factory.mktemp("c"), IN_C)


def build(folder: Path, code: str) -> Path:
    (folder / "try.c").write_text(code)
    subprocess.run(["gcc", "try.c", "-o", "try"], cwd=folder, check=True)
    return folder / "try"


def test_python_opens_no_socket_of_any_kind():
    kinds = ["AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK", "AF_PACKET", "AF_VSOCK"]
    code = """
        forbid()
        kinds = [(getattr(socket, name), socket.SOCK_DGRAM) for name in sys.argv[1:]]
        kinds.append((socket.AF_INET, socket.SOCK_RAW))
        print(json.dumps([outcome(socket.socket, *kind) for kind in kinds]))
    """

    assert run(code, *kinds) == [errno.EACCES] * (len(kinds) + 1)


def test_the_kernel_refuses_every_call_that_leads_to_a_socket():
    numbers = [call[MACHINE] for call in CALLS.values()]
    code = """
        before = [made(int(number), -1, -1, -1) for number in sys.argv[1:]]
        forbid()
        after = [made(int(number), -1, -1, -1) for number in sys.argv[1:]]
        print(json.dumps([before, after]))
    """
    before, after = run(code, *numbers)

    # Without the filter each fails for another reason: of what it was given.
    assert errno.EACCES not in before
    assert dict(zip(CALLS, after, strict=True)) == dict.fromkeys(CALLS, errno.EACCES)


def test_a_c_library_and_a_program_written_in_c_are_refused_too(compiled):
    code = """
        start = lambda: int(subprocess.check_output([sys.argv[1]]))
        before = start()
        forbid()
        libc = ctypes.CDLL(None, use_errno=True)
        called = libc.socket(2, 1, 0), ctypes.get_errno()
        print(json.dumps([before, start(), called]))
    """

    assert run(code, compiled) == [0, errno.EACCES, [-1, errno.EACCES]]


@pytest.mark.skipif(MACHINE != 0, reason="only x86_64 runs 32-bit calls in a program")
def test_a_program_that_uses_the_numbers_of_another_machine_is_ended(tmp_path):
    code = """
        forbid()
        print(json.dumps(subprocess.call([sys.argv[1]])))
    """
    ended_by = run(code, build(tmp_path, OTHER_NUMBERS_IN_C))

    # A kernel without 32-bit programs ends it by itself.
    assert ended_by in (-signal.SIGSYS, -signal.SIGSEGV)


def test_threads_started_before_and_after_are_refused_alike():
    code = """
        found, go = [], threading.Event()
        def attempt():
            go.wait()
            found.append(outcome(socket.socket))
        before = threading.Thread(target=attempt)
        before.start()
        forbid()
        after = threading.Thread(target=attempt)
        after.start()
        go.set()
        before.join(), after.join()
        print(json.dumps(found))
    """

    assert run(code) == [errno.EACCES] * 2


def test_what_is_open_goes_on_and_leads_nowhere_else(tmp_path):
    code = """
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(sys.argv[1])
        listener.listen()
        asking = socket.socket(socket.AF_UNIX)
        spare = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        asking.connect(sys.argv[1])
        forbid()
        answering, _ = listener.accept()
        answering.sendall(b"hello")
        there = asking.recv(5).decode()
        print(json.dumps([there, outcome(spare.connect, ("127.0.0.1", 9))]))
    """

    assert run(code, tmp_path / "x") == ["hello", errno.EACCES]


def test_a_pair_of_streams_can_be_made_and_one_that_could_write_elsewhere_cannot():
    code = """
        forbid()
        one, other = socket.socketpair()
        one.sendall(b"hello")
        kinds = socket.SOCK_DGRAM, socket.SOCK_SEQPACKET
        refused = [outcome(socket.socketpair, socket.AF_UNIX, kind) for kind in kinds]
        refused.append(outcome(socket.socketpair, 30, socket.SOCK_STREAM))  # TIPC
        print(json.dumps([other.recv(5).decode(), refused]))
    """

    assert run(code) == ["hello", [errno.EACCES] * 3]


def test_another_kind_of_machine_is_said_not_to_be_covered():
    code = """
        import platform
        platform.machine = lambda: "riscv64"
        from bot.engine import no_network
        print(json.dumps([no_network.forbid(), outcome(socket.socket)]))
    """

    assert run(code) == [False, 0]
