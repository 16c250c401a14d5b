"""The system call filter as the BPF program that bwrap loads (seccomp(2)), built once in a process."""

import errno
import stat
from functools import cache
from tempfile import TemporaryFile
from typing import Any

from agents.sandbox.syscalls import ALLOWED, FORBIDDEN, IOCTLS
from daemon.domain.errors import SandboxUnavailable

_WORD = 0xFFFFFFFF  # the kernel reads these arguments as 32 bits; a filter sees 64, and the rest must not matter
_NEW_NAMESPACES = 0x7E020000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
_AF_UNIX = 1
_SOCK_STREAM = 1
_SOCK_FLAGS = 0o2004000  # SOCK_CLOEXEC, SOCK_NONBLOCK
_SET_ID = stat.S_ISUID | stat.S_ISGID
_PERSONALITIES = (0, _WORD)  # PER_LINUX, and the question what it is

# Where a mode stands among the arguments. A set-user-ID file in a workspace would be one on the machine too.
_MODES = {"chmod": 1, "fchmod": 1, "fchmodat": 2, "creat": 1, "open": 2, "openat": 3}
_NODES = {"mknod": 1, "mknodat": 2}


@cache
def filter_program() -> bytes:
    """Give the BPF program for this machine; raises SandboxUnavailable where libseccomp is missing."""
    try:
        import pyseccomp  # type: ignore[import-untyped]
    except (ImportError, RuntimeError, OSError) as error:
        raise SandboxUnavailable(
            f"The system call filter cannot be built: {error}.", "Install it: apt install libseccomp2."
        ) from error
    rules = pyseccomp.SyscallFilter(defaction=pyseccomp.ERRNO(errno.ENOSYS))
    rules.set_attr(pyseccomp.Attr.ACT_BADARCH, pyseccomp.KILL_PROCESS)  # 32-bit and x32 programs
    rules.set_attr(pyseccomp.Attr.CTL_OPTIMIZE, 2)  # a binary tree instead of a list
    _add_names(pyseccomp, rules)
    _add_processes_and_sockets(pyseccomp, rules)
    _add_modes(pyseccomp, rules)
    with TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def _add_names(pyseccomp: Any, rules: Any) -> None:
    for name in ALLOWED:
        _add(pyseccomp, rules, pyseccomp.ALLOW, name)
    for name in FORBIDDEN:
        _add(pyseccomp, rules, pyseccomp.ERRNO(errno.EPERM), name)


def _add_processes_and_sockets(pyseccomp: Any, rules: Any) -> None:
    allow = pyseccomp.ALLOW
    _add(pyseccomp, rules, allow, "clone", (0, _NEW_NAMESPACES, 0))
    for value in _PERSONALITIES:
        _add(pyseccomp, rules, allow, "personality", (0, _WORD, value))
    for request in IOCTLS:
        _add(pyseccomp, rules, allow, "ioctl", (1, _WORD, request))
    # A datagram socket of a pair can be connected anew, to any socket file that is in sight; a stream cannot.
    unnamed_stream = ((0, _WORD, _AF_UNIX), (1, _WORD & ~_SOCK_FLAGS, _SOCK_STREAM))
    _add(pyseccomp, rules, allow, "socketpair", *unnamed_stream)
    _add(pyseccomp, rules, pyseccomp.ERRNO(errno.EAFNOSUPPORT), "socket")


def _add_modes(pyseccomp: Any, rules: Any) -> None:
    for name, place in _MODES.items():
        _add(pyseccomp, rules, pyseccomp.ALLOW, name, (place, _SET_ID, 0))
        for bit in (stat.S_ISUID, stat.S_ISGID):
            _add(pyseccomp, rules, pyseccomp.ERRNO(errno.EPERM), name, (place, bit, bit))
    for name, place in _NODES.items():
        for kind in (
            0,
            stat.S_IFREG,
        ):  # no pipes, sockets or devices: whoever reads the workspace must not block
            _add(pyseccomp, rules, pyseccomp.ALLOW, name, (place, 0o170000 | _SET_ID, kind))


def _add(pyseccomp: Any, rules: Any, action: int, name: str, *masked: tuple[int, int, int]) -> None:
    """Add a rule; each of `masked` is argument, mask and the value that must be left."""
    number = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)
    if number < 0:
        return
    arguments = [pyseccomp.Arg(place, pyseccomp.MASKED_EQ, mask, value) for place, mask, value in masked]
    rules.add_rule(action, number, *arguments)
