"""The processes that work in a house while a storm lasts."""

import signal
from collections.abc import Callable

from tests.rigs.process import RigProcess
from tests.storm.outside import Acknowledged

_KILLED = -int(signal.SIGKILL)


class Crowd:
    """Processes by name; what each said is taken down, and an end that nobody ordered is a surprise."""

    def __init__(self, acknowledged: Acknowledged) -> None:
        """Take down what they say in `acknowledged`."""
        self._acknowledged = acknowledged
        self._running: dict[str, RigProcess] = {}
        self.surprises: list[str] = []
        self.kills = 0

    def __getitem__(self, name: str) -> RigProcess:
        """Give a process that was started."""
        return self._running[name]

    def names(self) -> list[str]:
        """Name the processes that run."""
        return [name for name, process in self._running.items() if process.alive]

    def keep(self, name: str, start: Callable[[], RigProcess]) -> RigProcess:
        """Give the process of that name; start it where it does not run."""
        found = self._running.get(name)
        if found is None or not found.alive:
            self._take_leave(name)
            found = self._running[name] = start()
        return found

    def kill(self, name: str) -> None:
        """Kill one (SIGKILL)."""
        self._running[name].kill()
        self._acknowledged.hear(self._running.pop(name))
        self.kills += 1

    def died_of_kill(self, name: str, seconds: float) -> bool:
        """Wait for a process to end by SIGKILL of its own; what it said is taken down."""
        status = self._running[name].wait(seconds)
        if status == _KILLED:
            self.kill(name)
            return True
        return False

    def finished(self, name: str, seconds: float) -> bool:
        """Wait for a process to end well."""
        self._running[name].wait(seconds)
        return not self._take_leave(name)

    def freeze(self) -> None:
        """Stop all of them where they are."""
        for name in self.names():
            self._running[name].freeze()

    def thaw(self) -> None:
        """Let all of them go on."""
        for name in self.names():
            self._running[name].thaw()

    def hear(self) -> None:
        """Take down what was said so far."""
        for process in self._running.values():
            self._acknowledged.hear(process)

    def end(self, name: str, *, politely: bool = False) -> None:
        """End one that is not needed any more; `politely` expects it to end well when it is asked to."""
        if name in self._running:
            if politely and self._running[name].stop() is not None:
                self._take_leave(name)
                return
            self._running[name].kill()
            self._acknowledged.hear(self._running.pop(name))

    def close(self) -> None:
        """End all."""
        for name in list(self._running):
            self.end(name)

    def _take_leave(self, name: str) -> bool:
        """Forget a process that has ended; says whether that was a surprise."""
        process = self._running.pop(name, None)
        if process is None:
            return False
        status = process.wait(0.0)
        process.close()
        self._acknowledged.hear(process)
        # One that was asked to end before it had begun to listen ends by the signal itself, with nothing begun.
        well = status in (0, -int(signal.SIGTERM))
        if not well:
            self.surprises.append(f"{name} ended with status {status}")
        return not well
