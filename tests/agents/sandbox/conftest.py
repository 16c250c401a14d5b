"""A place to attack from, things to steal, and the two identities that the attacks are tried with."""

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pytest

from agents.sandbox.bubblewrap import Bubblewrap
from agents.sandbox.hierarchy import hierarchies
from daemon.domain.sandbox import Box, BoxLimits, Command, Completed, Ending
from daemon.domain.task import Folder
from tests.agents.sandbox.driver import talk

ORDINARY = 12345
ROOT = Path(__file__).parents[3]


@dataclass
class Ground:
    """Folders of one test that every user can reach, unlike pytest's own."""

    top: Path
    workspace: Path
    state: Path
    home: Path
    open: Path

    @property
    def box(self) -> Box:
        return Box(self.workspace)


@pytest.fixture
def ground() -> Iterator[Ground]:
    yield from _ground()


@pytest.fixture(scope="module")
def module_ground() -> Iterator[Ground]:
    yield from _ground()


def _ground() -> Iterator[Ground]:
    top = Path(tempfile.mkdtemp(prefix="sandbox-test-")).resolve()
    top.chmod(0o755)
    names = ("workspace", "state", "home", "open")
    for name in names:
        (top / name).mkdir()
    for name in ("workspace", "open"):
        (top / name).chmod(0o777)  # both identities write to it
    (top / "state" / "token").write_text("SESAME-state")
    (top / "home" / "token").write_text("SESAME-home")
    try:
        yield Ground(top, *(top / name for name in names))
    finally:
        shutil.rmtree(top)


@pytest.fixture
def sandbox(ground: Ground) -> Bubblewrap:
    return Bubblewrap(secret=[ground.state])


class Runs(Protocol):
    async def __call__(self, argv: Sequence[str], folders: Sequence[Folder] = (), **limits: Any) -> Completed: ...


def readable_copy() -> Path:
    """Copy what the driver imports: the checkout may lie in a home folder that nobody else may enter."""
    copy = Path(tempfile.mkdtemp(prefix="sandbox-test-code-")).resolve()
    for name in ("agents", "daemon", "tests/agents"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "tests" / "__init__.py").touch()
    copy.chmod(0o755)
    return copy


@dataclass
class Ordinary:
    """The driver, as a user that is not root, in a copy of the code that this user can read."""

    code: Path = field(default_factory=readable_copy)
    groups: list[Path] = field(default_factory=list)
    process: "subprocess.Popen[str]" = field(init=False)

    def __post_init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.agents.sandbox.driver", str(ORDINARY)],
            cwd=self.code,
            env=os.environ | {"PYTHONPATH": str(self.code)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._delegate()

    def _delegate(self) -> None:
        """Hand it a control group of its own, as systemd does for a unit with Delegate=yes."""
        for place in hierarchies():
            group = place.folder / self.code.name
            group.mkdir()
            self.groups.append(group)
            for path in (group, *group.iterdir()):
                os.chown(path, ORDINARY, ORDINARY)
            (group / "cgroup.procs").write_text(str(self.process.pid))

    def ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def close(self) -> None:
        self.process.communicate()
        shutil.rmtree(self.code)
        for group in self.groups:
            for inner in (*(path for path in group.iterdir() if path.is_dir()), group):
                inner.rmdir()


@pytest.fixture(scope="session")
def ordinary() -> Iterator[Ordinary | None]:
    """Give the driver as another user where we are root; elsewhere we are an ordinary user ourselves."""
    if os.geteuid() != 0:
        yield None
        return
    driver = Ordinary()
    yield driver
    driver.close()


MODES = ("ourselves", "ourselves without groups", "ordinary", "ordinary without groups")


@dataclass
class Modes:
    """Runs a command as who we are or as an ordinary user, with control groups (where they are) and without."""

    ordinary: Ordinary | None

    def run(
        self, mode: str, ground: Ground, argv: Sequence[str], folders: Sequence[Folder] = (), **limits: Any
    ) -> Completed:
        """Run it to its end; not in a running loop."""
        if self.ordinary is not None and mode.startswith("ordinary"):
            return self.by_driver(mode, ground, argv, folders, **limits)
        return asyncio.run(self.ourselves(mode, ground, argv, folders, **limits))

    async def ourselves(
        self, mode: str, ground: Ground, argv: Sequence[str], folders: Sequence[Folder] = (), **limits: Any
    ) -> Completed:
        sandbox = Bubblewrap(secret=[ground.state], groups="without" not in mode)
        box = Box(ground.workspace, folders=tuple(folders), limits=BoxLimits(**limits))
        return await sandbox.run(Command(tuple(argv)), box)

    def by_driver(
        self, mode: str, ground: Ground, argv: Sequence[str], folders: Sequence[Folder] = (), **limits: Any
    ) -> Completed:
        shown = [(folder.path, folder.writable) for folder in folders]
        answer = self._asked(mode, ground, argv, folders=shown, limits=limits)
        out, err = (answer[name].encode() for name in ("stdout", "stderr"))
        return Completed(answer["status"], out, err, Ending(answer["ending"]), answer["seconds"])

    async def talk(self, mode: str, ground: Ground, argv: Sequence[str], lines: Sequence[str]) -> list[list[Any]]:
        """Exchange lines in a session (`driver.talk`)."""
        if self.ordinary is not None and mode.startswith("ordinary"):
            seen: list[list[Any]] = self._asked(mode, ground, argv, lines=list(lines))["seen"]
            return seen
        sandbox = Bubblewrap(secret=[ground.state], groups="without" not in mode)
        return await talk(sandbox, ground.box, argv, lines)

    def _asked(self, mode: str, ground: Ground, argv: Sequence[str], **more: Any) -> dict[str, Any]:
        assert self.ordinary is not None
        os.chown(ground.workspace, ORDINARY, ORDINARY)
        request = {
            "argv": list(argv),
            "workspace": str(ground.workspace),
            "folders": [],
            "secret": [str(ground.state)],
            "limits": {},
            "groups": "without" not in mode,
        }
        return self.ordinary.ask(request | more)


@pytest.fixture(scope="session")
def modes(ordinary: Ordinary | None) -> Modes:
    return Modes(ordinary)


def runner(mode: str, ground: Ground, modes: Modes) -> Runs:
    async def run(argv: Sequence[str], folders: Sequence[Folder] = (), **limits: Any) -> Completed:
        if modes.ordinary is not None and mode.startswith("ordinary"):
            return modes.by_driver(mode, ground, argv, folders, **limits)
        return await modes.ourselves(mode, ground, argv, folders, **limits)

    return run


@pytest.fixture(params=["ourselves", "ordinary without groups"])
def run(request: pytest.FixtureRequest, ground: Ground, modes: Modes) -> Runs:
    """Give a function that runs a command in the sandbox, once as who we are and once as an ordinary user."""
    return runner(request.param, ground, modes)


@pytest.fixture(params=MODES)
def run_in_each_mode(request: pytest.FixtureRequest, ground: Ground, modes: Modes) -> Runs:
    """Give the same, also without control groups and with them."""
    return runner(request.param, ground, modes)


@dataclass
class Listeners:
    """Sockets of the machine that a command would like to reach."""

    port: int
    abstract: str
    stream: Path
    datagram: Path


@pytest.fixture(scope="module")
def module_listeners(module_ground: Ground) -> Iterator[Listeners]:
    ground = module_ground
    stream, datagram = ground.workspace / "docker.sock", ground.workspace / "wake.sock"
    name = f"sandbox-test-{os.getpid()}"
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as hidden,
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as docker,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wake,
    ):
        hidden.bind(f"\0{name}")
        docker.bind(str(stream))
        wake.bind(str(datagram))
        for listener in (hidden, docker):
            listener.listen(8)
        for path in (stream, datagram):
            path.chmod(0o777)  # the file modes must not be what holds
        yield Listeners(tcp.getsockname()[1], name, stream, datagram)
