"""Two processes with four writing threads each, and a foreign program that holds the database for five seconds.

Beside them a loop runs a worker, and another loop runs nothing: the second shows what the busy machine alone does.
"""

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from typing import Any

from tests.benchmarks.figure import Figure, figure
from tests.benchmarks.household import Household, household
from tests.benchmarks.setting import Setting

_PROMISED = 50.0
_BEFORE = 1.0
_QUICK = 0.2


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
    processes = [_start(house, f"tests.benchmarks.{module}", *arguments) for module, *arguments in modules]
    for process in processes:
        _line(process)
    for process in processes:
        _tell(process)
    time.sleep(before)
    with closing(sqlite3.connect(house.home.database, timeout=60, isolation_level=None)) as foreign:
        foreign.execute("BEGIN IMMEDIATE")
        time.sleep(held)
        foreign.execute("ROLLBACK")
    said = [json.loads(_line(process)) for process in processes]
    for process in processes:
        if process.wait(60) != 0:
            raise RuntimeError(f"{process.args!r} gave {process.returncode}")
    return said


def _start(house: Household, module: str, *arguments: str) -> "subprocess.Popen[str]":
    line = [sys.executable, "-m", module, *arguments]
    return subprocess.Popen(line, env=house.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _line(process: "subprocess.Popen[str]") -> str:
    if process.stdout is None:
        raise RuntimeError("a process without a standard output")
    return process.stdout.readline()


def _tell(process: "subprocess.Popen[str]") -> None:
    if process.stdin is None:
        raise RuntimeError("a process without a standard input")
    process.stdin.write("\n")
    process.stdin.flush()
