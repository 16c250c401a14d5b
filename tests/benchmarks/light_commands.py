"""Light commands: the whole process of `agent list` and its kind beside an interpreter that does nothing.

The processor time stands beside the wall clock: it tells the same story on a machine that has other things to do.
"""

import resource
import shutil
import sys
from collections.abc import Sequence
from functools import partial

from tests.benchmarks.figure import Figure, figure, ratio
from tests.benchmarks.household import AGENT, Household, household
from tests.benchmarks.population import populated
from tests.benchmarks.setting import Setting
from tests.benchmarks.stopwatch import milliseconds

_COMMANDS = (("list",), ("add", "x"), ("status",), ("approvals",), ("--help",))
_PROMISED = {("list",): 100.0, ("add", "x"): 100.0}
_BARE = (sys.executable, "-c", "pass")


def measure(setting: Setting) -> list[Figure]:
    """Run the commands in turn on a state of 1,000 tasks, bytecode compiled by a round that does not count."""
    with household(setting) as house:
        shutil.copytree(populated(setting, 100 if setting.quick else 1000), house.home.path)
        lines = [(AGENT, *command) for command in _COMMANDS]
        taken: dict[tuple[str, ...], list[tuple[float, float]]] = {line: [] for line in (_BARE, *lines)}
        for line in taken:
            house.run(line)
        for _ in range(setting.rounds(25)):
            for line, values in taken.items():
                values.append(_once(house, line))
    bare = [wall for wall, _ in taken[_BARE]]
    figures = [
        figure("python3 -c pass", "ms", bare),
        figure("  processor time, python3 -c pass", "ms", [processor for _, processor in taken[_BARE]]),
    ]
    for command, line in zip(_COMMANDS, lines, strict=True):
        said = " ".join(("agent", *command))
        wall = [wall for wall, _ in taken[line]]
        figures += [
            figure(said, "ms", wall, _PROMISED.get(command)),
            figure(f"  processor time, {said}", "ms", [processor for _, processor in taken[line]]),
            ratio(f"{said} / python3 -c pass", wall, bare),
        ]
    return figures


def _once(house: Household, line: Sequence[str]) -> tuple[float, float]:
    """Run a command; give the milliseconds of the wall clock and of the processor."""
    before = _processor_seconds()
    wall = milliseconds(partial(house.run, line))
    return wall, (_processor_seconds() - before) * 1000


def _processor_seconds() -> float:
    """Give what all children of this process that have ended took so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
