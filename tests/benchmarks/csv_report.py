"""`agent "report on FILE"`, the whole process with its sandbox: seconds and peak memory by the rows of the table."""

import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.figure import Figure, figure
from tests.benchmarks.household import AGENT, Household, household
from tests.benchmarks.proc import memory_of_family
from tests.benchmarks.setting import Setting
from tests.benchmarks.tables import sales

_ROWS = ((1_000, 5), (100_000, 3), (2_000_000, 1))
_QUICK_ROWS = ((200, 1),)
_LOOK = 0.02


def measure(setting: Setting) -> list[Figure]:
    """Make reports; the more rows, the fewer times."""
    figures: list[Figure] = []
    with household(setting) as house:
        for rows, times in _QUICK_ROWS if setting.quick else _ROWS:
            path = sales(setting, rows)
            taken = [_report(house, path) for _ in range(times)]
            size = f"{rows:,} rows, {path.stat().st_size / 2**20:,.1f} MB"
            figures += [
                figure(f"report on {size}", "s", [seconds for seconds, _ in taken]),
                figure(f"  peak memory of all its processes (PSS), {size}", "MB", [peak for _, peak in taken]),
            ]
    return figures


def _report(house: Household, path: Path) -> tuple[float, float]:
    line = (AGENT, f"report on {path.name}", "--file", str(path))
    began = time.perf_counter()
    process = subprocess.Popen(
        line, env=house.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    watch = Watch(process.pid)
    said, _ = process.communicate()
    taken = time.perf_counter() - began
    peak = watch.end()
    if process.returncode != 0:
        raise RuntimeError(f"{_shell(line)} gave {process.returncode}: {said.decode('utf-8', 'replace')}")
    return taken, peak


class Watch:
    """Looks at the memory of a process and its descendants, many times a second."""

    def __init__(self, pid: int) -> None:
        """Begin at once."""
        self._pid = pid
        self._peak = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def end(self) -> float:
        """Stop looking; give the most that was seen, in MB."""
        self._ended.set()
        self._thread.join()
        return self._peak

    def _look(self) -> None:
        while not self._ended.wait(_LOOK):
            self._peak = max(self._peak, memory_of_family(self._pid))


def _shell(line: Sequence[str]) -> str:
    return " ".join(line)
