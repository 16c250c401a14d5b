"""What code prints, also by programs that it starts: both streams in their order, kept in a file and bounded."""

import contextlib
import os
import shutil
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO


class Capture:
    """Takes descriptors 1 and 2 while the block lasts."""

    def __enter__(self) -> "Capture":
        """Lead both to a new file."""
        self._file: IO[bytes] = tempfile.TemporaryFile()
        self._flush()
        self._before = os.dup(1), os.dup(2)
        for number in (1, 2):
            os.dup2(self._file.fileno(), number)
        # The code may have put something else in their place, or closed them.
        sys.stdout = open(1, "w", encoding="utf-8", errors="replace", closefd=False, buffering=1)
        sys.stderr = open(2, "w", encoding="utf-8", errors="replace", closefd=False, buffering=1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Lead them back."""
        self._flush()
        for number, before in zip((1, 2), self._before, strict=True):
            os.dup2(before, number)
            os.close(before)

    def text(self, room: int, name: str) -> str:
        """Give what was printed, or its beginning and end and where the whole is."""
        with self._file as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            if size <= room:
                return file.read().decode("utf-8", "replace").rstrip("\n")
            head = file.read(room * 2 // 3).decode("utf-8", "replace")
            file.seek(-(room // 3), os.SEEK_END)
            tail = file.read().decode("utf-8", "replace").rstrip("\n")
            left_out = size - room
            return f"{head}\n… {left_out:,} bytes are left out; {self._kept(file, name)}.\n{tail}"

    def _kept(self, file: IO[bytes], name: str) -> str:
        path = Path("research") / f"{name}.txt"
        try:
            path.parent.mkdir(exist_ok=True)
            file.seek(0)
            with path.open("wb") as copy:
                shutil.copyfileobj(file, copy)
        except OSError as problem:
            return f"the whole could not be kept in {path}: {problem.strerror}"
        return f"the whole is in {path} (read_file shows any part of it)"

    @staticmethod
    def _flush() -> None:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
