"""A run's workspace and a folder of the owner's, for calling tools as the engine does."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from agents.sandbox.bubblewrap import Bubblewrap
from agents.tools.python import python
from daemon.domain.call import Outcome
from daemon.domain.held import Held
from daemon.domain.ports import Circumstances, Sandbox, Tool
from daemon.domain.principal import Principal, Role
from daemon.domain.run import Run, RunStatus
from daemon.domain.sandbox import Box
from daemon.domain.task import Folder, Task


@dataclass
class Room:
    """`work` is the workspace, `given` a folder that may be read, `open` one that may be written, `state` ours."""

    top: Path
    sandbox: Sandbox
    folders: tuple[Folder, ...]
    reports: list[tuple[int, str]] = field(default_factory=list)

    @property
    def work(self) -> Path:
        return self.top / "work"

    @property
    def given(self) -> Path:
        return self.top / "given"

    @property
    def open(self) -> Path:
        return self.top / "open"

    @property
    def state(self) -> Path:
        return self.given / "state"

    @property
    def at(self) -> Circumstances:
        task = Task(1, 1, "", "do it", Principal(Role.OWNER, "cli", "0"), RunStatus.RUNNING, 1, 0.0)
        return Circumstances(
            task=task,
            run=_run(),
            workspace=self.work,
            key="1/1",
            now=1_800_000_000.0,
            seed=7,
            frozen={},
            report=lambda percent, text: self.reports.append((percent, text)),
            outputs=tuple,
            sandbox=self.sandbox,
            box=Box(self.work, self.folders),
        )

    async def call(self, tool: Tool, **arguments: Any) -> Outcome:
        return await tool.invoke(arguments, self.at)


def _run() -> Run:
    return Run(id=1, task_id=1, number=1, status=RunStatus.RUNNING, epoch=1, attempt=0, created_at=0.0)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    top = tmp_path.resolve()
    room = Room(top, Bubblewrap(secret=(top / "given" / "state",)), ())
    for name in ("input", "output", "src"):
        (room.work / name).mkdir(parents=True)
    for folder in (room.given, room.open, room.state):
        folder.mkdir(exist_ok=True)
    (room.state / "key").write_text("SESAME")
    room.folders = (Folder(str(room.given)), Folder(str(room.open), writable=True))
    yield room


class Interpreter:
    """Calls the tool python as the calls of one run."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.held = Held()
        self.limits = room.at.box.limits
        self.calls = 0

    async def __call__(self, code: str, **more: Any) -> Outcome:
        box = replace(self.room.at.box, limits=self.limits)
        at = replace(self.room.at, box=box, held=self.held, before=self.calls, key=f"1/{self.calls + 1}")
        self.calls += 1
        return await python.invoke({"code": code, **more}, at)


@pytest.fixture
async def run(room: Room) -> AsyncIterator[Interpreter]:
    interpreter = Interpreter(room)
    yield interpreter
    await interpreter.held.close()


def contents(folder: Path) -> Mapping[str, bytes | None]:
    """Everything in a folder: the bytes of files, None for what is none."""
    found = sorted(folder.rglob("*"))
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() and not path.is_symlink() else None
        for path in found
    }
