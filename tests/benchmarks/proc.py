"""What the kernel says of a process (proc(5))."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_KB_OF_MB = 1024


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident size, where shared pages count in full, and proportional size, where by shares; in MB (2**20 bytes)."""

    resident: float
    proportional: float


def memory_of(pid: int) -> Memory:
    """Give the memory of a living process; raises OSError when it has ended."""
    found = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()[1:]:
        name, _, rest = line.partition(":")
        found[name] = int(rest.split()[0]) / _KB_OF_MB
    return Memory(found["Rss"], found["Pss"])


def processor_seconds(pid: int) -> float:
    """Give the processor time that all threads of a process have taken so far."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text("ascii").split()[0]) for thread in threads) / 1e9


def family(pid: int) -> Iterator[int]:
    """Give a process and all its descendants that live."""
    yield pid
    for thread in _entries(Path(f"/proc/{pid}/task")):
        try:
            children = (thread / "children").read_text("ascii").split()
        except OSError:
            continue  # it has just ended
        for child in children:
            yield from family(int(child))


def memory_of_family(pid: int) -> float:
    """Give the proportional memory of a process and its descendants together, in MB."""
    total = 0.0
    for member in family(pid):
        try:
            total += memory_of(member).proportional
        except (OSError, KeyError):
            continue  # it has just ended
    return total


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []
