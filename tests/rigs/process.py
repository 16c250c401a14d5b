"""A process of a rig, as a test starts, hears, kills and stops it."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from tests.rigs.waiting import wait_until

_ROOT = Path(__file__).parents[2]


class RigProcess:
    """One running process; what it says on standard output is kept line by line."""

    def __init__(self, module: str, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        """Start `python -m module`; its standard error is added to the file `log`."""
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=_ROOT,
                env=dict(os.environ) | dict(environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
            )
        self._said: list[dict[str, Any]] = []
        self._hearing = threading.Thread(target=self._hear, daemon=True)
        self._hearing.start()

    def __enter__(self) -> Self:
        """Give the running process."""
        return self

    def __exit__(self, *_: object) -> None:
        """Kill it."""
        self.kill()

    @property
    def pid(self) -> int:
        """Give its process id."""
        return self._process.pid

    @property
    def said(self) -> list[dict[str, Any]]:
        """Give what it has said so far."""
        return list(self._said)

    @property
    def alive(self) -> bool:
        """Say whether it still runs."""
        return self._process.poll() is None

    def ready(self, seconds: float = 30.0) -> bool:
        """Wait until it says that it is ready; False where it ended before or took too long."""
        wait_until(lambda: bool(self._said) or not self.alive, seconds)
        return bool(self._said)

    def wait(self, seconds: float) -> int | None:
        """Wait for its end; gives the exit status (negative: the signal), None where it still runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(seconds)
        return None

    def kill(self) -> None:
        """Kill it (SIGKILL) and hear its last words."""
        self._process.kill()
        self._process.wait()
        self.close()

    def stop(self, seconds: float = 30.0) -> int | None:
        """Ask it to end (SIGTERM); gives the exit status."""
        self._process.terminate()
        return self.wait(seconds)

    def freeze(self) -> None:
        """Stop it where it is (SIGSTOP), once the kernel says so."""
        os.kill(self.pid, signal.SIGSTOP)
        wait_until(lambda: not self.alive or _state(self.pid) in "TtZ", 10.0)

    def thaw(self) -> None:
        """Let it go on (SIGCONT)."""
        os.kill(self.pid, signal.SIGCONT)

    def close(self) -> None:
        """Hear what is left after its end."""
        self._hearing.join(10.0)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _hear(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._said.append(json.loads(line))


def _state(pid: int) -> str:
    """Give the state letter of proc(5)."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
