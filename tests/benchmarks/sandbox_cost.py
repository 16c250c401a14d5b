"""What the sandbox adds to a command: `true` with it and without."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path

from daemon.app.compose import build_sandbox
from daemon.domain.ports import Sandbox
from daemon.domain.sandbox import Box, Command
from tests.benchmarks.figure import Figure, figure, ratio
from tests.benchmarks.household import household
from tests.benchmarks.setting import Setting

_PYTHON = ("python3", "-c", "pass")


def measure(setting: Setting) -> list[Figure]:
    """Run the same programs bare and in the sandbox, in turn."""
    figures: list[Figure] = []
    with household(setting) as house:
        house.home.prepare()
        workspace = house.home.path / "workspace"
        workspace.mkdir()
        sandbox = build_sandbox(house.home)
        for name, bare, boxed in (("true", ("/usr/bin/true",), ("true",)), ("python3 -c pass", _own(_PYTHON), _PYTHON)):
            without, within = asyncio.run(_compare(sandbox, workspace, bare, boxed, setting.rounds(60)))
            figures += [
                figure(f"{name}, bare", "ms", without),
                figure(f"{name}, in the sandbox", "ms", within),
                ratio(f"{name}, in the sandbox / bare", within, without),
            ]
    return figures


async def _compare(
    sandbox: Sandbox, workspace: Path, bare: tuple[str, ...], boxed: tuple[str, ...], rounds: int
) -> tuple[list[float], list[float]]:
    without, within = [], []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        subprocess.run(bare, stdin=subprocess.DEVNULL, capture_output=True, check=True)  # noqa: ASYNC221 - nothing else runs
        without.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        completed = await sandbox.run(Command(boxed), Box(workspace))
        within.append((time.perf_counter() - began) * 1000)
        if completed.status != 0:
            raise RuntimeError(f"{boxed} gave {completed.status}: {completed.stderr!r}")
    return without[1:], within[1:]


def _own(line: tuple[str, ...]) -> tuple[str, ...]:
    return (sys.executable, *line[1:])
