"""A CSV file as bytes and lines: refused where it is none, opened in its encoding, read in lines of bounded length."""

import codecs
import io
import re
from collections.abc import Iterator
from pathlib import Path

from skills.report.data.alphabet import Alphabet, recognise
from skills.report.quantity import size
from skills.report.script import Unusable
from skills.report.visible import visible

SAMPLE = 2 * 1024 * 1024
_PROBE = 256 * 1024
LONGEST_LINE = 16_000_000
_BLOCK = 1 << 20
_ATTACH_CSV = "Export it as CSV, and attach that."
_MAGIC = (
    (b"PK\x03\x04", "an Excel workbook or another ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"PAR1", "a Parquet file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")


class Source:
    """A CSV file that was looked at: its size, its encoding and its first characters."""

    def __init__(self, path: Path) -> None:
        """Look at the file; raises Unusable where it is empty or no text."""
        self.path = path
        self.name = visible(path.name)
        self.bytes = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(SAMPLE)
        self._refuse_other_kinds(start)
        self.alphabet: Alphabet = recognise(start, _is_utf8(path))
        self.sample = _decoded(start, self.alphabet.codec)
        self._refuse_no_text()

    def lines(self) -> "Lines":
        """Open the file for one pass over its lines."""
        return Lines(self)

    def _refuse_other_kinds(self, start: bytes) -> None:
        for magic, kind in _MAGIC:
            if start.startswith(magic):
                raise Unusable(f"“{self.name}” is {kind}, not a CSV file.", _ATTACH_CSV)

    def _refuse_no_text(self) -> None:
        if not self.sample.strip('\ufeff\x00 \t\r\n,;|"'):
            raise Unusable(
                f"“{self.name}” is empty ({size(self.bytes)}, no text in it), so there is nothing to report on.",
                "Attach a CSV file with at least one line of data.",
            )
        controls = len(_CONTROL.findall(self.sample, 0, _PROBE))
        # NUL bytes here and there happen in exports; a file that is full of controls is no text.
        if controls > max(8, 0.05 * min(_PROBE, len(self.sample))):
            raise Unusable(f"“{self.name}” is a binary file, not CSV text.", _ATTACH_CSV)


class Lines:
    """The lines of a source, one pass: counts characters, double quotes and the bytes read so far."""

    def __init__(self, source: Source) -> None:
        """Open the file and skip a line `sep=;` that Excel writes."""
        self._raw = source.path.open("rb")
        text = io.TextIOWrapper(self._raw, source.alphabet.codec, errors="replace", newline="")
        self._text = text
        self._name = source.name
        self._skip = source.sample.removeprefix("\ufeff")[:4].lower() == "sep="
        self.characters = 0
        self.quotes = 0
        self.damaged = 0

    def __iter__(self) -> Iterator[str]:
        """Give each line with its end; raises Unusable at one that is too long to be of a table."""
        readline = self._text.readline
        if self._skip:
            readline(1000)
        while line := readline(LONGEST_LINE + 1):
            if len(line) > LONGEST_LINE:
                raise Unusable(
                    f"“{self._name}” has a line of more than {LONGEST_LINE:,} characters.",
                    "Check that it is a CSV file with line ends.",
                )
            self.characters += len(line)
            if '"' in line:
                self.quotes += line.count('"')
            if "\ufffd" in line:
                self.damaged += 1
            yield line
        self._text.close()

    def position(self) -> int:
        """Give the bytes read so far."""
        return 0 if self._raw.closed else self._raw.tell()


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    with path.open("rb") as file:
        try:
            while block := file.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _decoded(start: bytes, codec: str) -> str:
    return codecs.getincrementaldecoder(codec)("replace").decode(start, final=False).removeprefix("\ufeff")
