"""What a helper process gives up before it opens the first source.

Limits of the kernel on memory and files, and a filter of system calls (seccomp) that refuses to
write, rename or remove files, to open sockets, to look into other processes and, unless it draws by
poppler, to start programs. Whatever a source makes the libraries do, the kernel does not follow.
"""

from __future__ import annotations

import ctypes
import os
import resource
import struct
from collections.abc import Iterator
from typing import NamedTuple

# Of linux/prctl.h, linux/seccomp.h, linux/bpf_common.h and linux/audit.h.
_SET_SECCOMP, _FILTER = 22, 2
_SET_NO_NEW_PRIVILEGES = 38
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13  # with EACCES
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data

# x86-64 has a second set of calls with numbers from here on (x32).
_FIRST_X32 = 0x40000000

# O_WRONLY, O_RDWR, O_CREAT and O_TRUNC have these bits on both architectures.
_TO_WRITE = 0o1 | 0o2 | 0o100 | 0o1000


class _Calls(NamedTuple):
    """Numbers of system calls on one architecture.

    Attributes:
        architecture: AUDIT_ARCH of the kernel.
        refused: always.
        programs: those that start one.
        opening: call -> which argument are the flags.
    """

    architecture: int
    refused: tuple[int, ...]
    programs: tuple[int, ...]
    opening: dict[int, int]


_CALLS = {
    "x86_64": _Calls(
        0xC000003E,
        refused=(
            *(76, 82, 83, 84, 85, 86, 87, 88),  # truncate rename mkdir rmdir creat link unlink sym
            *(90, 91, 92, 93, 94, 133),  # chmod fchmod chown fchown lchown mknod
            *(188, 189, 190, 197, 198, 199),  # setxattr removexattr
            *(258, 259, 260, 263, 264, 265, 266, 268, 316, 437, 452),  # the same, ending in at
            *(41, 425),  # socket io_uring_setup
            *(101, 165, 310, 311),  # ptrace mount process_vm_readv process_vm_writev
        ),
        programs=(59, 322),  # execve execveat
        opening={2: 1, 257: 2},  # open openat
    ),
    "aarch64": _Calls(
        0xC00000B7,
        refused=(
            *(33, 34, 35, 36, 37, 38, 45),  # mknod mkdir unlink symlink link rename, at; truncate
            *(52, 53, 54, 55, 276, 437, 452),  # fchmod fchmodat fchownat fchown renameat2 openat2
            *(5, 6, 7, 14, 15, 16),  # setxattr removexattr
            *(198, 425),  # socket io_uring_setup
            *(117, 40, 270, 271),  # ptrace mount process_vm_readv process_vm_writev
        ),
        programs=(221, 281),  # execve execveat
        opening={56: 2},  # openat
    ),
}


def confine(max_memory_bytes: int, may_start_programs: bool) -> None:
    """Takes from this process, and all that it starts, what drawing does not need; for good.

    Args:
        max_memory_bytes: of addresses; asking for more fails.
        may_start_programs: those are confined alike.
    """
    _limit(resource.RLIMIT_AS, max_memory_bytes)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, 64)
    calls = _CALLS.get(os.uname().machine)
    if calls is not None:
        filter_calls(b"".join(_program(calls, may_start_programs)))


def filter_calls(program: bytes) -> bool:
    """Has the kernel ask `program` before each system call; False where it knows no filters."""
    libc = ctypes.CDLL(None, use_errno=True)
    instructions = ctypes.create_string_buffer(program, len(program))
    length, at = len(program) // 8, ctypes.addressof(instructions)
    filter_ = ctypes.create_string_buffer(struct.pack("@HP", length, at))
    nothing = [ctypes.c_ulong(0)] * 3
    if libc.prctl(_SET_NO_NEW_PRIVILEGES, ctypes.c_ulong(1), *nothing) != 0:
        return False
    return bool(libc.prctl(_SET_SECCOMP, ctypes.c_ulong(_FILTER), filter_, *nothing[1:]) == 0)


def _limit(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(what, (most, most))


def _program(calls: _Calls, may_start_programs: bool) -> Iterator[bytes]:
    """The filter, instruction by instruction (Linux, networking/filter.rst).

    A jump says how many instructions to leave out if it holds, and if it does not.
    """
    yield _instruction(_LOAD, _ARCHITECTURE)
    yield _instruction(_IF_EQUAL, calls.architecture, 1, 0)
    yield _instruction(_RETURN, _REFUSE)
    yield _instruction(_LOAD, _NUMBER)
    yield _instruction(_IF_AT_LEAST, _FIRST_X32, 0, 1)
    yield _instruction(_RETURN, _REFUSE)
    for number in calls.refused if may_start_programs else (*calls.refused, *calls.programs):
        yield _instruction(_IF_EQUAL, number, 0, 1)
        yield _instruction(_RETURN, _REFUSE)
    for number, argument in calls.opening.items():
        yield _instruction(_IF_EQUAL, number, 0, 4)
        yield _instruction(_LOAD, _ARGUMENTS + 8 * argument)
        yield _instruction(_IF_ANY_BIT, _TO_WRITE, 0, 1)
        yield _instruction(_RETURN, _REFUSE)
        yield _instruction(_RETURN, _ALLOW)
    yield _instruction(_RETURN, _ALLOW)


def _instruction(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, operand)
