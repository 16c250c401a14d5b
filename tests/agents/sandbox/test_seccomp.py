"""What the system call filter refuses, and that it is built once."""

import errno
import platform
import subprocess
import sys

import pyseccomp  # type: ignore[import-untyped]
import pytest

from agents.sandbox.seccomp import filter_program
from tests.agents.sandbox.conftest import Runs

# Each is called with arguments that no kernel accepts: without the filter it fails too, but in another way.
_REFUSED = """
acct add_key adjtimex bpf chroot clock_settime fanotify_init fsconfig fsmount fsopen fspick ioperm kcmp
keyctl lookup_dcookie mount mount_setattr move_mount move_pages name_to_handle_at open_by_handle_at open_tree
perf_event_open pidfd_getfd pivot_root process_madvise process_vm_readv process_vm_writev ptrace quotactl
request_key setdomainname sethostname setns settimeofday swapoff swapon syslog umount2 unshare userfaultfd
accept accept4 bind connect listen
"""
_ABSENT = """
clone3 io_uring_enter io_uring_register io_uring_setup io_setup memfd_create memfd_secret mq_open msgget openat2 semget
shmget seccomp set_mempolicy process_mrelease
"""
REFUSED, ABSENT = _REFUSED.split(), _ABSENT.split()
CALL = "import ctypes, sys; libc = ctypes.CDLL(None, use_errno=True)\n"
FAR = "-1, -1, -1, -1, -1, -1"


def errno_of(number: int) -> str:
    return f"{CALL}libc.syscall({number}, {FAR}); print(ctypes.get_errno())"


def outside(code: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def number_of(name: str) -> int:
    number: int = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)
    assert number >= 0, f"this machine has no {name}"
    return number


@pytest.mark.parametrize(
    ("name", "expected"), [(name, errno.EPERM) for name in REFUSED] + [(name, errno.ENOSYS) for name in ABSENT]
)
async def test_the_filter_refuses(name: str, expected: int, run: Runs) -> None:
    completed = await run(["python3", "-c", errno_of(number_of(name))])
    assert completed.stdout.split() == [str(expected).encode()], completed.stderr


@pytest.mark.parametrize("name", [*REFUSED, *ABSENT])
def test_without_the_filter_the_call_fails_in_another_way(name: str) -> None:
    found = int(outside(errno_of(number_of(name))).stdout)
    if name in ABSENT:
        assert found != errno.ENOSYS or name in ("memfd_secret", "process_mrelease", "lookup_dcookie")
    else:
        assert found != errno.EPERM


async def test_a_call_that_no_list_names_does_not_exist(run: Runs) -> None:
    completed = await run(["python3", "-c", errno_of(1000)])
    assert completed.stdout.split() == [str(errno.ENOSYS).encode()]


I386 = """
import ctypes, mmap
code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
code.write(bytes.fromhex("b814000000cd80c3"))  # mov eax, 20 (getpid of i386); int 0x80; ret
address = ctypes.addressof(ctypes.c_char.from_buffer(code))
print(ctypes.CFUNCTYPE(ctypes.c_int)(address)())
"""
X32 = f"{CALL}print(libc.syscall(0x40000000 + 39))"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="these are other ways into the kernel of an x86_64")
@pytest.mark.parametrize("code", [I386, X32], ids=["i386", "x32"])
async def test_another_way_into_the_kernel_kills_the_program(code: str, run: Runs) -> None:
    completed = await run(["python3", "-c", code])
    assert completed.status == 128 + 31  # SIGSYS
    assert completed.stdout == b""


@pytest.mark.skipif(platform.machine() != "x86_64", reason="these are other ways into the kernel of an x86_64")
@pytest.mark.parametrize("code", [I386, X32], ids=["i386", "x32"])
def test_without_the_filter_the_other_way_does_not_end_in_a_bad_call(code: str) -> None:
    assert outside(code).returncode != -31


def test_the_filter_is_built_once() -> None:
    assert filter_program() is filter_program()
    assert len(filter_program()) % 8 == 0


async def test_a_pair_of_stream_sockets_is_all_there_is(run: Runs) -> None:
    code = "import socket; a, b = socket.socketpair(); a.send(b'through'); print(b.recv(9).decode())"
    assert (await run(["python3", "-c", code])).stdout == b"through\n"
