"""What a model says while it says it, for whoever watches: a file beside the run's folder, which is no record.

It is there only while a model speaks. Secrets are taken out of it word by word; the answer as it is recorded is what
counts.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.domain.run import Run
from daemon.store.home import Home

if TYPE_CHECKING:
    from daemon.engine.parts import Parts

_SECONDS = 0.05
"""How long words are gathered before they are written."""
_MOST = 1024 * 1024
"""Characters after which no more is shown."""


def live_path(home: Home, run: Run) -> Path:
    """Give the file of a run."""
    folder = home.run_folder(run.task_id, run.number)
    return folder.with_name(f"{folder.name}.live")


def spoken_now(home: Home, run: Run, after: int) -> tuple[str, int]:
    """Give what a run's model has said since the byte `after`, and the byte where it now is; 0 where nobody speaks."""
    try:
        with live_path(home, run).open("rb") as file:
            size = file.seek(0, 2)
            file.seek(after if after <= size else 0)
            data = file.read(_MOST)
    except OSError:
        return "", 0
    return data.decode("utf-8", "replace"), (after if after <= size else 0) + len(data)


@asynccontextmanager
async def speaking(parts: "Parts", run: Run) -> AsyncIterator[Callable[[str], None]]:
    """Give what takes the pieces of an answer."""
    live = _Live(live_path(parts.home, run), parts.redact.text, parts.wake.ring)
    try:
        yield live.hear
    finally:
        await live.end()


class _Live:
    def __init__(self, path: Path, redact: Callable[[str], str], ring: Callable[[], None]) -> None:
        self._path = path
        self._redact = redact
        self._ring = ring
        self._said = ""
        self._shown = ""
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.Task[None] | None = None

    def hear(self, piece: str) -> None:
        """Take a piece; it is written a little later, in a thread, so that a slow disk stops nobody."""
        if len(self._said) > _MOST:
            return
        self._said += piece
        if self._timer is None and self._writing is None:
            self._timer = asyncio.get_running_loop().call_later(_SECONDS, self._begin)

    async def end(self) -> None:
        """Take the file away."""
        if self._timer is not None:
            self._timer.cancel()
        if self._writing is not None:
            await asyncio.wait([self._writing])
        await asyncio.to_thread(self._path.unlink, missing_ok=True)

    def _begin(self) -> None:
        self._timer = None
        self._writing = asyncio.ensure_future(self._write())

    async def _write(self) -> None:
        said = self._said
        with contextlib.suppress(OSError):  # nobody's work depends on it
            await asyncio.to_thread(self._append, said)
        self._ring()
        self._writing = None
        if len(self._said) > len(said):
            self._timer = asyncio.get_running_loop().call_later(_SECONDS, self._begin)

    def _append(self, said: str) -> None:
        """Write the words that are whole; where one turns out to be a part of a secret, no more is shown."""
        whole = max(said.rfind(" "), said.rfind("\n")) + 1
        clean = self._redact(said[:whole])
        if not clean.startswith(self._shown) or len(clean) == len(self._shown):
            return
        with self._path.open("a", encoding="utf-8", errors="replace") as file:
            file.write(clean[len(self._shown) :])
        self._shown = clean
