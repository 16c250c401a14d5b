"""Pictures of a paper: found within its folders, and shown only where they are what they seem."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from skills.report.visible import clipped, one_line

_MOST_BYTES = 40 * 1024 * 1024
_MOST_PIXELS = 60_000_000
_MOST_PICTURES = 500
_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
)


@dataclass(slots=True)
class Pictures:
    """Collects the pictures of one paper: their bytes by the name that the template uses."""

    folder: Path
    roots: Sequence[Path]
    files: dict[str, bytes] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    _names: dict[str, str] = field(default_factory=dict)

    def take(self, source: str) -> str:
        """Give the name of a picture in the paper, or nothing where it cannot be shown; that is then a problem."""
        if source not in self._names:
            try:
                self._names[source] = self._taken(source)
            except ValueError as problem:
                shown = clipped(one_line(source), 80)
                self.problems.append(f"The picture {shown} is not shown: {problem}.")
                self._names[source] = ""
        return self._names[source]

    def _taken(self, source: str) -> str:
        if len(self.files) >= _MOST_PICTURES:
            raise ValueError(f"there are more than {_MOST_PICTURES}")
        data = self._read(source)
        kind = _kind(data)
        width, height = _size(data, kind)
        if width * height > _MOST_PIXELS:
            raise ValueError(f"it has {width:,} × {height:,} pixels")
        name = f"picture-{len(self.files) + 1}.{kind}"
        self.files[name] = data
        return name

    def _read(self, source: str) -> bytes:
        """Read a file below the folders of the paper; links are followed only to there."""
        if "://" in source or source.startswith(("data:", "//")):
            raise ValueError("it is not a file here, and nothing is fetched")
        path = Path(unquote(source.partition("#")[0].partition("?")[0]))
        try:
            found = (self.folder / path).resolve(strict=True)
        except (OSError, ValueError, RuntimeError) as problem:
            raise ValueError("there is no such file") from problem
        if not any(found.is_relative_to(root.resolve()) for root in self.roots):
            raise ValueError("it lies outside of the workspace")
        if not found.is_file():
            raise ValueError("it is no file")
        try:
            with found.open("rb") as file:
                data = file.read(_MOST_BYTES + 1)
        except OSError as problem:
            raise ValueError(f"it cannot be read ({problem.strerror})") from problem
        if len(data) > _MOST_BYTES:
            raise ValueError(f"it is larger than {_MOST_BYTES // 1024**2} MB")
        return data


def _kind(data: bytes) -> str:
    for start, kind in _KINDS:
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if b"<svg" in data[:4096].lower():
        return "svg"
    raise ValueError("it is no picture that can be set (PNG, JPEG, GIF, WebP, SVG)")


def _size(data: bytes, kind: str) -> tuple[int, int]:
    """Give the pixels that the header promises; 0 where it says nothing."""
    try:
        if kind == "png":
            width, height = struct.unpack_from(">II", data, 16)
        elif kind == "gif":
            width, height = struct.unpack_from("<HH", data, 6)
        elif kind == "jpg":
            return _size_of_jpeg(data)
        elif kind == "webp" and data[12:16] == b"VP8X":
            width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
        else:
            return 0, 0
    except struct.error as problem:
        raise ValueError("it is cut off") from problem
    return width, height


def _size_of_jpeg(data: bytes) -> tuple[int, int]:
    """Go from segment to segment up to the start of a frame (ITU-T T.81, B.2.2)."""
    at = 2
    while at + 9 <= len(data):
        marker, length = struct.unpack_from(">HH", data, at)
        if 0xFFC0 <= marker <= 0xFFCF and marker not in (0xFFC4, 0xFFC8, 0xFFCC):
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        at += 1 if marker == 0xFFFF else 2 + length
    return 0, 0
