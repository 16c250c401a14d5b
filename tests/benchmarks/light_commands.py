"""Light commands: the whole process of `agent list` and its kind beside an interpreter that does nothing."""

import shutil
import sys
from functools import partial

from tests.benchmarks.figure import Figure, figure, ratio
from tests.benchmarks.household import AGENT, household
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
        taken: dict[tuple[str, ...], list[float]] = {line: [] for line in (_BARE, *lines)}
        for line in taken:
            house.run(line)
        for _ in range(setting.rounds(25)):
            for line, values in taken.items():
                values.append(milliseconds(partial(house.run, line)))
    figures = [figure("python3 -c pass", "ms", taken[_BARE])]
    for command, line in zip(_COMMANDS, lines, strict=True):
        said = " ".join(("agent", *command))
        figures.append(figure(said, "ms", taken[line], _PROMISED.get(command)))
        figures.append(ratio(f"{said} / python3 -c pass", taken[line], taken[_BARE]))
    return figures
