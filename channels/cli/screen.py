"""Where a command writes: facts to standard output, everything else to standard error."""

import io
import json
import os
import shutil
import sys
from typing import Any, TextIO

_COLOURS = {"red": 31, "green": 32, "yellow": 33, "cyan": 36, "dim": 2, "bold": 1}
_ERASE = "\r\x1b[2K"


class Screen:
    """Standard output and standard error, each of which may be a terminal, a pipe or closed."""

    def __init__(self, out: TextIO | None, err: TextIO | None) -> None:
        """Write to these two; None for one that is closed."""
        self._out = out
        self._err = err
        self._transient = False
        self.terminal = _is_terminal(out)
        self.live = _is_terminal(err)
        self._colour = self.terminal and not os.environ.get("NO_COLOR")

    @property
    def width(self) -> int:
        """Give the columns of the terminal (COLUMNS first); at least 20."""
        return max(20, shutil.get_terminal_size().columns)

    def say(self, text: str = "") -> None:
        """Write a line of the answer; raises BrokenPipeError when nobody reads any more."""
        self.settle()
        if self._out is not None:
            self._out.write(text + "\n")

    def emit(self, document: dict[str, Any]) -> None:
        """Write the answer as one JSON document in ASCII, which no terminal obeys."""
        self.say(json.dumps(document, indent=2, default=str))

    def tell(self, text: str) -> None:
        """Write a line about the answer to standard error; a closed one loses it silently."""
        self.settle()
        self._write_err(text + "\n")

    def speak(self, text: str) -> None:
        """Write a part of an answer at once, as it comes; raises BrokenPipeError when nobody reads any more."""
        self.settle()
        if self._out is not None:
            self._out.write(text)
            self._out.flush()

    def advise(self, text: str) -> None:
        """Say what to type next, where a person reads it."""
        if self.terminal:
            self.tell(self.paint(text, "dim"))

    def show(self, text: str) -> None:
        """Rewrite the one line at the bottom of the terminal."""
        self._write_err(_ERASE + text)
        self._transient = True

    def settle(self) -> None:
        """Take the rewritten line away, and send on what was written so far when it stood there."""
        if self._transient:
            self._transient = False
            self._write_err(_ERASE)

    def paint(self, text: str, colour: str) -> str:
        """Colour a text, only on a terminal and not with NO_COLOR (no-color.org)."""
        return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m" if self._colour and colour else text

    def flush(self) -> None:
        """Send on what was written; raises BrokenPipeError when nobody reads any more."""
        self.settle()
        if self._out is not None:
            self._out.flush()

    def abandon(self) -> None:
        """Let standard output lead nowhere, so that the end of the process does not complain again."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.close(nowhere)

    def _write_err(self, text: str) -> None:
        if self._err is None:
            return
        try:
            self._err.write(text)
            self._err.flush()
        except OSError:
            self._err = None


def of_process() -> Screen:
    """Give the screen of this process; what its encoding lacks is written as an escape instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    return Screen(sys.stdout, sys.stderr)


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"
