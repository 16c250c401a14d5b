"""A daemon in a process of its own, which does scripted runs: `python -m tests.benchmarks.serving SLOTS`."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from daemon.app.compose import open_home
from daemon.app.foreground import ForegroundWorker
from tests.benchmarks.household import AGENT, Household
from tests.benchmarks.scripted import scripted_parts

_PATIENCE = 60.0
_LOOK = 0.005


@contextlib.contextmanager
def scripted_daemon(house: Household, slots: int = 2) -> Iterator["subprocess.Popen[bytes]"]:
    """Have a daemon with the scripted agents while the block lasts."""
    with _running(house, [sys.executable, "-m", "tests.benchmarks.serving", str(slots)]) as process:
        yield process


@contextlib.contextmanager
def real_daemon(house: Household) -> Iterator["subprocess.Popen[bytes]"]:
    """Have `agent daemon` while the block lasts."""
    with _running(house, [AGENT, "daemon"]) as process:
        yield process


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Look every few milliseconds; raises TimeoutError after a minute."""
    until = time.monotonic() + _PATIENCE
    while not holds():
        if time.monotonic() > until:
            raise TimeoutError(f"waited {_PATIENCE:.0f} s in vain for {what}")
        time.sleep(_LOOK)


@contextlib.contextmanager
def _running(house: Household, line: Sequence[str]) -> Iterator["subprocess.Popen[bytes]"]:
    house.home.prepare()
    with (house.home.path / "daemon.log").open("wb") as log:
        process = subprocess.Popen(line, env=house.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        wait_until(lambda: process.poll() is not None or any(house.home.wake.iterdir()), "the daemon to listen")
        if process.poll() is not None:
            raise RuntimeError(f"the daemon ended: {(house.home.path / 'daemon.log').read_text('utf-8')}")
        yield process
    finally:
        process.terminate()
        process.wait(_PATIENCE)


if __name__ == "__main__":
    ForegroundWorker(open_home(), partial(scripted_parts, at_once=int(sys.argv[1]))).serve()
