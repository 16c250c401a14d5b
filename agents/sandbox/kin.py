"""Who descends from whom, as /proc tells (proc_pid_stat(5), proc_tid_children(5))."""

from pathlib import Path


def parent_of(pid: int) -> int:
    """Give the process id of the parent of `pid`, 0 when there is no such process."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def children_of(pid: int) -> tuple[int, ...]:
    """Give the children of `pid`, which has one thread; raises ProcessLookupError when it is gone."""
    try:
        words = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except FileNotFoundError as error:
        raise ProcessLookupError from error
    return tuple(map(int, words))
