"""How many processes a process namespace can hold, where we are root and have no control groups.

The kernel counts the processes of root against no limit (getrlimit(2)). But since Linux 6.14 each process namespace
has its own `pid_max`, and what has run out of numbers forks no more. Numbers below 300 are given once only, so that the
next number is set above them (`ns_last_pid`), and from then on as many can live as there are numbers.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

_ONCE = 300  # RESERVED_PIDS of kernel/pid.c
_SINCE = (6, 14)
_LAST = Path("/proc/sys/kernel/ns_last_pid")
_OF_THE_MACHINE = Path("/proc/sys/kernel/pid_max")
_SECONDS = 10.0


def can_be_limited() -> bool:
    """Say whether the kernel has a limit for each process namespace, and we may set it.

    Before 6.14 what we write would be the limit of the whole machine.
    """
    release = re.match(r"(\d+)\.(\d+)", os.uname().release)
    is_new = release is not None and (int(release[1]), int(release[2])) >= _SINCE
    return is_new and os.geteuid() == 0 and _LAST.exists() and shutil.which("nsenter") is not None


def limit_processes(pid: int, processes: int) -> None:
    """Let the namespace of `pid`, its first process, hold no more than `processes` besides those that it has now.

    Raises ProcessLookupError when it is gone, OSError where the kernel refuses.
    """
    before = _OF_THE_MACHINE.read_text("ascii")
    most = _ONCE + processes
    code = f"echo {most} >/proc/sys/kernel/pid_max && echo {_ONCE + 1} >{_LAST}"
    line = ["nsenter", "--target", str(pid), "--pid", "--", "/bin/sh", "-c", code]
    done = subprocess.run(line, env={}, cwd="/", capture_output=True, timeout=_SECONDS, check=False)
    if _OF_THE_MACHINE.read_text("ascii") != before:
        _OF_THE_MACHINE.write_text(before, "ascii")
        raise OSError(0, "this kernel has one limit for all")
    if not Path(f"/proc/{pid}").exists():
        raise ProcessLookupError
    if done.returncode != 0:
        raise OSError(0, done.stderr.decode(errors="replace").strip())
