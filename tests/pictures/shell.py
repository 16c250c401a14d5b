"""A real shell in a pseudo terminal, and what its screen showed."""

import fcntl
import os
import re
import select
import struct
import subprocess
import termios
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from typing import Any

import pyte

COLUMNS = 96
ROWS = 200
"""More than a session writes, so that nothing scrolls away."""

PROMPT = "\x1b]133;D;$?\x07\n\x1b[1;32m$\x1b[0m "
"""An empty line and `$ `, after a mark that no terminal shows (FinalTerm's OSC 133: status of the last command)."""

_MARK = re.compile(rb"\x1b\]133;D;(\d+)\x07\r?\n\x1b\[1;32m\$\x1b\[0m ")
_ERASE = b"\r\x1b[2K"
"""What a program writes before it rewrites its last line: the moment to look at what stands there."""

_PATIENCE = 120.0
"""Seconds without a byte after which a program is taken for stuck."""

_DIM = 2
_GREY = 90


class Moment(Enum):
    """Why the screen was looked at: a command has been typed, a line is about to be rewritten, a prompt has come."""

    TYPED = "typed"
    PROGRESS = "progress"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Ink:
    """How a cell is written: a colour's name or six hexadecimal digits ("default" for none), and bold."""

    colour: str = "default"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring cells in one ink, from `column`, `width` cells wide."""

    column: int
    width: int
    text: str
    ink: Ink


Line = tuple[Stretch, ...]


def words(line: Line) -> str:
    """Give the text of a line."""
    return "".join(stretch.text for stretch in line)


@dataclass(frozen=True, slots=True)
class Shot:
    """What the screen showed: its lines down to the last that is not empty, and the column of the cursor in that."""

    moment: Moment
    lines: tuple[Line, ...]
    column: int


@dataclass(frozen=True, slots=True)
class Recording:
    """A session: the exit status of each command, and the screen from moment to moment."""

    statuses: Mapping[str, int]
    shots: tuple[Shot, ...]

    def text(self) -> str:
        """Give what the screen shows at the end."""
        return "\n".join(words(line) for line in self.shots[-1].lines)


class Screen(pyte.Screen):
    """Pyte's screen, which knows no dim text: here it is grey."""

    def select_graphic_rendition(self, *attrs: int, **more: Any) -> None:
        """Take a change of ink."""
        super().select_graphic_rendition(*(_GREY if attr == _DIM else attr for attr in attrs), **more)

    def line(self, row: int) -> Line:
        """Give what stands in a row, without the spaces at its end."""
        cells = self.buffer[row]
        ends = [column + 1 for column in range(self.columns) if cells[column].data.strip()]
        found: list[Stretch] = []
        for column in range(max(ends, default=0)):
            cell = cells[column]
            ink = Ink(cell.fg, cell.bold)
            if found and (found[-1].ink == ink or not cell.data.strip()):
                last = found.pop()
                found.append(Stretch(last.column, last.width + 1, last.text + cell.data, last.ink))
            else:
                found.append(Stretch(column, 1, cell.data, ink))
        return tuple(found)


class Shell:
    """Types into a shell as a person would: the next command when the prompt has come."""

    def __init__(self, descriptor: int) -> None:
        """Talk through the descriptor of the terminal's other end."""
        self._descriptor = descriptor
        self._screen = Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self._unread = b""
        self._shots: list[Shot] = []

    def record(self, commands: Sequence[str]) -> Recording:
        """Type the commands one after the other."""
        self._until_prompt()
        self._shots.clear()
        statuses = {}
        for command in commands:
            self._type(command)
            statuses[command] = self._until_prompt()
        return Recording(statuses, tuple(self._shots))

    def _type(self, command: str) -> None:
        typed = command.encode()
        os.write(self._descriptor, typed)
        while not self._unread.startswith(typed):
            self._unread += self._read()
        self._show(len(typed))
        self._look(Moment.TYPED)
        os.write(self._descriptor, b"\n")

    def _until_prompt(self) -> int:
        """Show what comes up to the next prompt; give the status that it tells."""
        while True:
            prompt = _MARK.search(self._unread)
            erase = self._unread.find(_ERASE, 0, prompt.start() if prompt else None)
            if erase >= 0:
                self._show(erase)
                if self._screen.line(self._screen.cursor.y):
                    self._look(Moment.PROGRESS)
                self._show(len(_ERASE))
            elif prompt:
                self._show(prompt.end())
                self._look(Moment.ANSWERED)
                return int(prompt[1])
            else:
                self._unread += self._read()

    def _read(self) -> bytes:
        ready, _, _ = select.select([self._descriptor], [], [], _PATIENCE)
        piece = b""
        with suppress(OSError):  # EIO: nobody holds the other end any more
            piece = os.read(self._descriptor, 65536) if ready else b""
        if not piece:
            raise AssertionError("The session stands still:\n" + "\n".join(self._screen.display).rstrip())
        return piece

    def _show(self, count: int) -> None:
        self._stream.feed(self._unread[:count])
        self._unread = self._unread[count:]

    def _look(self, moment: Moment) -> None:
        lines = [self._screen.line(row) for row in range(ROWS)]
        while lines and not lines[-1]:
            lines.pop()
        self._shots.append(Shot(moment, tuple(lines), self._screen.cursor.x))


@contextmanager
def shell(argv: Sequence[str], environment: Mapping[str, str]) -> Iterator[Shell]:
    """Start a shell in a pseudo terminal of its own; it is hung up at the end."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    process = subprocess.Popen(
        ["setsid", "--ctty", *argv], env=dict(environment), stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    try:
        yield Shell(ours)
    finally:
        os.close(ours)
        process.wait()
