"""What is run in a sandbox and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from daemon.domain.task import Folder

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class BoxLimits:
    """Limits of one command; `memory`, `file_size`, `output` and `disk` in bytes, `seconds` of wall clock.

    `disk` and `inodes` are what it may add to the workspace and the writable folders together.
    """

    seconds: float = 300.0
    memory: int = 1024 * MIB
    processes: int = 128
    open_files: int = 256
    file_size: int = 512 * MIB
    output: int = 4 * MIB
    disk: int = 2048 * MIB
    inodes: int = 200_000


@dataclass(frozen=True, slots=True)
class Command:
    """A program to run: arguments, working folder relative to the workspace, extra environment, standard input."""

    argv: tuple[str, ...]
    cwd: str = "."
    env: Mapping[str, str] = field(default_factory=dict)
    stdin: bytes = b""


@dataclass(frozen=True, slots=True)
class Box:
    """What a command may see: its workspace (read and write, at `/work`), folders at their own paths, and limits.

    `mounts` are read-only: where in the sandbox -> which folder or file of the machine.
    """

    workspace: Path
    folders: tuple[Folder, ...] = ()
    mounts: Mapping[str, Path] = field(default_factory=dict)
    limits: BoxLimits = field(default_factory=BoxLimits)


class Ending(StrEnum):
    """How a command ended."""

    EXITED = "exited"
    SIGNALLED = "signalled"
    TIMEOUT = "timeout"
    OUTPUT = "output"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Completed:
    """What a command left: exit status (128 + signal where it was killed), output up to the limit, wall seconds."""

    status: int
    stdout: bytes
    stderr: bytes
    ending: Ending
    seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What one exchange with a session brought: a line without its end, and what came on stderr meanwhile.

    `ending` is None while the session lives on; after that every answer is empty and names the ending. `interrupted`
    is an answer that came only after the time was over and the command had been interrupted.
    """

    line: bytes
    stderr: bytes
    ending: Ending | None = None
    interrupted: bool = False
