"""What code prints, also by programs that it starts: both streams in their order, kept in a file and bounded."""

import contextlib
import fcntl
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TextIO


class Capture:
    """Has descriptors 1 and 2 for good: what a thread prints after its code has ended comes with the next text."""

    def __init__(self) -> None:
        """Lead both to a new file; texts that are too long are kept in `research/` of the working folder."""
        self._folder = Path.cwd()
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - open as long as we live
        number = self._file.fileno()
        # Each piece goes to the end, wherever somebody reads.
        fcntl.fcntl(number, fcntl.F_SETFL, fcntl.fcntl(number, fcntl.F_GETFL) | os.O_APPEND)
        self._seen = 0

    def begin(self) -> None:
        """Lead both there anew: the code before may have led them elsewhere, or closed them."""
        number = self._file.fileno()
        if os.fstat(number).st_size == self._seen:
            os.ftruncate(number, 0)
            self._seen = 0
        for stream in (1, 2):
            os.dup2(number, stream)
        sys.stdout, sys.stderr = _stream(1), _stream(2)

    def text(self, room: int, name: str) -> str:
        """Give what was printed since the last text: all of it, or `room` bytes and in which file the whole is."""
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        begin, end = self._seen, os.fstat(self._file.fileno()).st_size
        self._seen = end
        if end - begin <= room:
            return self._between(begin, end).rstrip("\n")
        head, tail = self._between(begin, begin + room * 2 // 3), self._between(end - room // 3, end)
        left_out = end - begin - room
        return f"{head}\n… {left_out:,} bytes are left out; {self._kept(begin, name)}.\n{tail}".rstrip("\n")

    def _between(self, begin: int, end: int) -> str:
        return os.pread(self._file.fileno(), end - begin, begin).decode("utf-8", "replace")

    def _kept(self, begin: int, name: str) -> str:
        path = f"research/{name}.txt"
        try:
            (self._folder / path).parent.mkdir(exist_ok=True)
            self._file.seek(begin)
            with (self._folder / path).open("wb") as copy:
                shutil.copyfileobj(self._file, copy)
        except OSError as problem:
            return f"the whole could not be kept in {path}: {problem.strerror}"
        return f"the whole is in {path} (read_file shows any part of it)"


def _stream(number: int) -> TextIO:
    return open(number, "w", encoding="utf-8", errors="replace", closefd=False, buffering=1)
