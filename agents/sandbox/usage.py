"""What the processes of a sandbox use together."""

import os
from dataclasses import dataclass

_PAGE = os.sysconf("SC_PAGE_SIZE")
TMPFS = ("tmp", "dev/shm")
_KIB = 1024


@dataclass(frozen=True, slots=True)
class Usage:
    """Threads of all processes, and memory in bytes."""

    tasks: int
    memory: int


def usage_of(pid: int, enough: Usage) -> Usage:
    """Measure the sandbox whose first process is `pid`; raises FileNotFoundError when it is gone.

    Read through the sandbox's own /proc, which lists its processes and no others. More of them than `enough` are
    counted and not looked at, since they may be becoming more meanwhile. Memory is what they hold and what lies in
    /tmp and /dev/shm. First everything is counted for each process that sees it; only if that is more than `enough`
    the dearer, exact figure is taken.
    """
    root = f"/proc/{pid}/root"
    processes = [f"{root}/proc/{name}" for name in os.listdir(f"{root}/proc") if name.isdigit()]  # noqa: PTH208
    if len(processes) > enough.tasks:
        return Usage(len(processes), 0)
    figures = [_figures(process) for process in processes]
    tasks = sum(threads for threads, _ in figures)
    files = sum(_used(f"{root}/{name}") for name in TMPFS)
    memory = files + sum(resident for _, resident in figures)
    if memory > enough.memory:
        parts = [_exact(process) for process in processes]
        # Shared pages may be those of files in /tmp and /dev/shm, which are counted already.
        memory = sum(own for own, _ in parts) + max(files, sum(shared for _, shared in parts))
    return Usage(tasks, memory)


def _figures(process: str) -> tuple[int, int]:
    """Give threads and resident bytes (proc_pid_stat(5), fields 20 and 24)."""
    fields = _read(f"{process}/stat").rpartition(b")")[2].split()
    return (int(fields[17]), int(fields[21]) * _PAGE) if fields else (0, 0)


def _exact(process: str) -> tuple[int, int]:
    """Give the memory of its own and its part of what is shared (proc_pid_smaps(5)), without mapped programs."""
    try:
        lines = [line.split() for line in _read(f"{process}/smaps_rollup").splitlines()]
    except PermissionError:
        return _figures(process)[1], 0
    sizes = {line[0]: int(line[1]) * _KIB for line in lines if line[0].startswith(b"Pss")}
    return sizes.get(b"Pss_Anon:", 0), sizes.get(b"Pss_Shmem:", 0)


def _read(path: str) -> bytes:
    """Give what the file says; nothing when the process ended meanwhile."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except (FileNotFoundError, ProcessLookupError):
        return b""
    try:
        return os.read(file, 65536)
    except (FileNotFoundError, ProcessLookupError):
        return b""
    finally:
        os.close(file)


def _used(place: str) -> int:
    size = os.statvfs(place)
    return (size.f_blocks - size.f_bfree) * size.f_frsize
