"""A log file as lines of bounded length, plain or gzipped, in UTF-8 or what its first bytes say; or refused."""

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from skills.report.quantity import size
from skills.report.script import Unusable
from skills.report.visible import visible

READ_AT_MOST = 500_000_000
LONGEST_LINE = 16_384
_PROBE = 65_536
_EVERY = 20_000
_GZIP = b"\x1f\x8b"
_EXPORT = "Unpack or export it as plain text, and attach that."
_MAGIC = (
    (b"LPKSHHRH", "a journal of systemd", "Export it with journalctl -o short-iso, and attach that."),
    (b"ElfFile\0", "an event log of Windows", _EXPORT),
    (b"PK\x03\x04", "a ZIP archive", _EXPORT),
    (b"BZh", "a bzip2 archive", _EXPORT),
    (b"\xfd7zXZ", "an xz archive", _EXPORT),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", _EXPORT),
    (b"%PDF-", "a PDF", _EXPORT),
    (b"SQLite format 3", "an SQLite database", _EXPORT),
)
_BROKEN = (EOFError, zlib.error, gzip.BadGzipFile)


class Source:
    """A log file that was looked at; `stem` is its name without endings, for the names of results."""

    def __init__(self, path: Path) -> None:
        """Look at the beginning; raises Unusable where there is no text in it."""
        self._path = path
        self.name = visible(path.name)
        self.bytes = path.stat().st_size
        self.stem = path.name.removesuffix(".gz").removesuffix(".log")
        self.clipped = 0
        self.skipped = 0
        self.broken = self.stopped = False
        with path.open("rb") as file:
            self.packed = file.read(2) == _GZIP
        start = self._start()
        self._refuse(start)
        self._codec = "utf-16" if start.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"

    def lines(self) -> Iterator[tuple[str, float]]:
        """Give each line without its end, and the share of the file (0 to 1) that was read before; can be repeated."""
        self.clipped = self.skipped = 0
        self.broken = self.stopped = False
        with self._path.open("rb") as raw:
            stream = self._opened(raw)
            # Bytes that are no text stay told apart, and are shown as \xff.
            errors = "surrogateescape" if self._codec == "utf-8-sig" else "replace"
            text = io.TextIOWrapper(stream, self._codec, errors=errors, newline="\n")
            if self.skipped:
                text.readline(LONGEST_LINE)
            yield from self._read(text, raw)

    def _read(self, text: io.TextIOWrapper, raw: BinaryIO) -> Iterator[tuple[str, float]]:
        total = count = 0
        part = 0.0
        try:
            while line := text.readline(LONGEST_LINE):
                total += len(line)
                while not line.endswith("\n") and (rest := text.readline(LONGEST_LINE)):
                    total += len(rest)
                    if rest.endswith("\n") or total > READ_AT_MOST:
                        self.clipped += 1
                        break
                if count % _EVERY == 0:
                    part = min(1.0, (raw.tell() - self.skipped) / max(1, self.bytes - self.skipped))
                count += 1
                yield line.rstrip("\r\n"), part
                if total > READ_AT_MOST:
                    self.stopped = True
                    return
        except _BROKEN:
            self.broken = True

    def _opened(self, raw: BinaryIO) -> BinaryIO:
        if self.packed:
            return cast(BinaryIO, gzip.GzipFile(fileobj=raw))
        if self.bytes > READ_AT_MOST and self._codec != "utf-16":
            # What matters in a log is at its end.
            self.skipped = self.bytes - READ_AT_MOST
            raw.seek(self.skipped)
        return raw

    def _start(self) -> bytes:
        with self._path.open("rb") as raw:
            if not self.packed:
                return raw.read(_PROBE)
            try:
                return gzip.GzipFile(fileobj=raw).read(_PROBE)
            except _BROKEN:
                raise Unusable(f"“{self.name}” is a damaged gzip archive.", "Pack it again, and attach that.") from None

    def _refuse(self, start: bytes) -> None:
        for magic, kind, fix in _MAGIC:
            if start.startswith(magic):
                raise Unusable(f"“{self.name}” is {kind}, not a log of text lines.", fix)
        if not start.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
            raise Unusable(
                f"“{self.name}” is empty ({size(self.bytes)}, no text in it), so there is nothing to report on.",
                "Attach a log file with at least one line.",
            )
        wide = start.startswith((b"\xff\xfe", b"\xfe\xff"))
        controls = sum(
            start.count(byte) for byte in (b"\0", b"\1", b"\2", b"\3", b"\4", b"\5", b"\6", b"\x0e", b"\x0f")
        )
        if not wide and controls > max(8, 0.03 * len(start)):
            raise Unusable(f"“{self.name}” is a binary file, not a log of text lines.", _EXPORT)
