"""Takes away, for good, every way for a process to open a connection.

It is a seccomp filter in the kernel: it applies to C code as well as to Python, to
every thread and to every program that the process starts. Seen in linux/seccomp.h,
linux/filter.h and the kernel's syscall tables.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import socket
import struct
import sys

# linux/audit.h and the syscall tables of both architectures.
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_REFUSED = {
    # No new socket, and no open one may connect elsewhere.
    "socket": {"x86_64": 41, "aarch64": 198},
    "connect": {"x86_64": 42, "aarch64": 203},
    # No socket from another process of the same user, and no code put into one.
    "ptrace": {"x86_64": 101, "aarch64": 117},
    "process_vm_readv": {"x86_64": 310, "aarch64": 270},
    "process_vm_writev": {"x86_64": 311, "aarch64": 271},
    "pidfd_getfd": {"x86_64": 438, "aarch64": 438},
    # The rings open sockets without the call of that name.
    "io_uring_setup": {"x86_64": 425, "aarch64": 425},
    # The kernel would start another program to look up names.
    "request_key": {"x86_64": 249, "aarch64": 218},
}
_SOCKETPAIR = {"x86_64": 53, "aarch64": 199}
_SECCOMP = {"x86_64": 317, "aarch64": 277}
# x86_64 answers a second set of numbers, that of the x32 programs.
_X32 = 0x40000000

_PR_SET_NO_NEW_PRIVS, _SET_FILTER, _EVERY_THREAD = 38, 1, 1
_LOAD, _AND, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
# In struct seccomp_data; the lower half of an argument, in which the numbers fit.
_NUMBER_AT, _ARCHITECTURE_AT, _FIRST_AT, _SECOND_AT = 0, 4, 16, 24
_KIND = 0xF  # of a socket, without the flags beside it


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def forbid() -> bool:
    """Stops this process, and all that it starts, from opening any kind of socket.

    Open sockets go on working. So do pairs of streams, which can only lead to each
    other.

    Returns:
        False if the kernel does not allow such a filter, or is not Linux on one of the
        two architectures.
    """
    machine = platform.machine()
    if sys.platform != "linux" or machine not in _ARCHITECTURES:
        return False
    code = _filter(machine)
    program = _Program(len(code) // 8, code)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    numbers = map(ctypes.c_long, (_SECCOMP[machine], _SET_FILTER, _EVERY_THREAD))
    return bool(libc.syscall(*numbers, ctypes.byref(program)) == 0)


def _filter(machine: str) -> bytes:
    """The filter as the kernel reads it: instructions of eight bytes.

    A jump says how many instructions to skip if the test holds, and if not.
    """
    refuse = _step(_RETURN, _ERROR | errno.EACCES)
    steps = [
        _step(_LOAD, _ARCHITECTURE_AT),
        _step(_EQUAL, _ARCHITECTURES[machine], 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER_AT),
    ]
    if machine == "x86_64":
        steps += [_step(_AT_LEAST, _X32, 0, 1), refuse]
    for numbers in _REFUSED.values():
        steps += [_step(_EQUAL, numbers[machine], 0, 1), refuse]
    steps += [
        # A pair of datagram sockets could write to any address.
        _step(_EQUAL, _SOCKETPAIR[machine], 0, 6),
        _step(_LOAD, _FIRST_AT),
        _step(_EQUAL, socket.AF_UNIX, 0, 3),
        _step(_LOAD, _SECOND_AT),
        _step(_AND, _KIND),
        _step(_EQUAL, socket.SOCK_STREAM, 1, 0),
        refuse,
        _step(_RETURN, _ALLOW),
    ]
    return b"".join(steps)


def _step(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_so, if_not, value)
