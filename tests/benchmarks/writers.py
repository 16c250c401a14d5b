"""A process that writes by `Service` in four threads: `python -m tests.benchmarks.writers SECONDS` prints JSON.

It begins when a line comes on its standard input, so that all processes write at the same time.
"""

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from functools import partial

from daemon.app.compose import open_home, open_service
from daemon.engine.service import Service
from tests.benchmarks.household import OWNER, asked

_THREADS = 4


@dataclass(slots=True)
class Written:
    """What one thread wrote: how many verbs, the seconds that the slowest took, and what went wrong."""

    verbs: int = 0
    longest: float = 0.0
    errors: list[str] = field(default_factory=list)


def write(service: Service, until: float, written: Written) -> None:
    """Do one verb after the other until then (monotonic clock); an error is noted and the next one is tried."""
    while time.monotonic() < until:
        for verb in _verbs(service):
            began = time.monotonic()
            try:
                verb()
            except Exception as problem:  # noqa: BLE001 - whatever a caller would see is what is counted
                written.errors.append(f"{type(problem).__name__}: {problem}")
                break
            written.verbs += 1
            written.longest = max(written.longest, time.monotonic() - began)


def _verbs(service: Service) -> Iterator[Callable[[], object]]:
    made: list[int] = []
    yield lambda: made.append(service.submit(asked("calls 1")).id)
    yield partial(service.note, made[0], "key", "a note")
    yield partial(service.prioritise, made[0], 3, OWNER)
    yield partial(service.pause, made[0], OWNER)
    yield partial(service.cancel, made[0], OWNER)


def main(seconds: float) -> None:
    """Write with all threads; say what came of it."""
    service = open_service(open_home())
    print("ready", flush=True)
    sys.stdin.readline()
    found = [Written() for _ in range(_THREADS)]
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=write, args=(service, until, written)) for written in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps([asdict(written) for written in found]))


if __name__ == "__main__":
    main(float(sys.argv[1]))
