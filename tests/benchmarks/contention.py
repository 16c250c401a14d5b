"""Two processes with four writing threads each, and a foreign program that holds the database for five seconds.

Beside them a loop runs a worker, and another loop runs nothing: the second shows what the busy machine alone does.
"""

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import IO, Any, cast

from tests.benchmarks.figure import Figure, figure
from tests.benchmarks.household import Household, household
from tests.benchmarks.setting import Setting

_PROMISED = 50.0
_BEFORE = 1.0
_QUICK = 0.2
_PATIENCE = 60.0


def measure(setting: Setting) -> list[Figure]:
    """Let all of them run over the time in which the foreign program writes."""
    held = 0.5 if setting.quick else 5.0
    before = _QUICK if setting.quick else _BEFORE
    rounds: list[Sequence[Any]] = []
    for _ in range(setting.rounds(3, 1)):
        with household(setting) as house:
            house.service()
            rounds.append(_storm(house, before, held))
    threads = [[one for process in said[:2] for one in process] for said in rounds]
    return [
        figure("errors that a caller saw", "errors", [_sum(found, "errors") for found in threads], 0.0, strict=True),
        figure("verbs that were done", "verbs", [_sum(found, "verbs") for found in threads]),
        figure("the longest wait of a caller", "s", [max(one["longest"] for one in found) for found in threads]),
        figure(
            "the longest stop of a loop with a worker",
            "ms",
            [said[2]["latest"] for said in rounds],
            _PROMISED,
            strict=True,
        ),
        figure("  of it processor time of the loop's own thread", "ms", [said[2]["busiest"] for said in rounds]),
        figure("the longest stop of a loop without one, beside it", "ms", [said[3]["latest"] for said in rounds]),
    ]


def _sum(found: list[dict[str, Any]], what: str) -> float:
    return float(sum(len(one[what]) if isinstance(one[what], list) else one[what] for one in found))


def _storm(house: Household, before: float, held: float) -> Sequence[Any]:
    """Start everybody, hold the database, give what each of them said."""
    seconds = str(2 * before + held)
    modules = (("writers", seconds), ("writers", seconds), ("looping", "worker", seconds), ("looping", "bare", seconds))
    with ExitStack() as until_the_end:
        processes = [until_the_end.enter_context(_started(house, *module)) for module in modules]
        for process in processes:
            process.out.readline()
        for process in processes:
            process.tell()
        time.sleep(before)
        _hold(house, held)
        return [json.loads(process.out.readline()) for process in processes]


def _hold(house: Household, seconds: float) -> None:
    """Be the foreign program: take the write lock and keep it."""
    with closing(sqlite3.connect(house.home.database, timeout=60, isolation_level=None)) as foreign:
        foreign.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        foreign.execute("ROLLBACK")


@dataclass(frozen=True, slots=True)
class Started:
    """A process that says when it is ready, begins when it is told, and says what came of it."""

    into: IO[str]
    out: IO[str]

    def tell(self) -> None:
        """Let it begin."""
        self.into.write("\n")
        self.into.flush()


@contextmanager
def _started(house: Household, module: str, *arguments: str) -> Iterator[Started]:
    """Have a process while the block lasts; it has ended by then, or is ended."""
    line = [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(line, env=house.environment, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield Started(cast("IO[str]", process.stdin), cast("IO[str]", process.stdout))
            process.wait(_PATIENCE)
        finally:
            process.kill()
