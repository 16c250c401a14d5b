"""Files with the same content: equal size first, then a digest of the beginning, then of the whole."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from skills.report.walk import File

READ_AT_MOST = 2_000_000_000
_HEAD = 65_536
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Twins:
    """Files of equal content, in the order of their paths, and their size."""

    size: int
    paths: tuple[bytes, ...]

    @property
    def spare(self) -> int:
        """Give the bytes that all but one of them take."""
        return self.size * (len(self.paths) - 1)


@dataclass(slots=True)
class Search:
    """What the search found; `stopped` when it had read as much as it may."""

    twins: list[Twins]
    read: int = 0
    stopped: bool = False


def find_twins(files: Iterable[File], absolute: Callable[[bytes], bytes], most: int = READ_AT_MOST) -> Search:
    """Find equal files among `files`, the largest first, reading up to `most` bytes; changed ones are left out."""
    by_size: dict[int, list[bytes]] = {}
    for file in files:
        if file.size and file.first:
            by_size.setdefault(file.size, []).append(file.path)
    search = Search([])
    for size in sorted((size for size, paths in by_size.items() if len(paths) > 1), reverse=True):
        _compare(search, size, by_size[size], absolute, most)
    search.twins.sort(key=lambda twins: (-twins.spare, twins.paths))
    return search


def _compare(search: Search, size: int, paths: list[bytes], absolute: Callable[[bytes], bytes], most: int) -> None:
    groups = [paths]
    # Small files are whole in the first round.
    for length in (_HEAD, size) if size > _HEAD else (size,):
        finer: list[list[bytes]] = []
        for group in groups:
            if search.read + min(length, size) * len(group) > most:
                search.stopped = True
                continue
            finer += _same(search, group, absolute, length, size)
        groups = finer
    search.twins.extend(Twins(size, tuple(sorted(group))) for group in groups)


def _same(
    search: Search, paths: list[bytes], absolute: Callable[[bytes], bytes], length: int, size: int
) -> list[list[bytes]]:
    by_digest: dict[bytes, list[bytes]] = {}
    for path in paths:
        digest = _digest(absolute(path), length, size)
        search.read += length
        if digest is not None:
            by_digest.setdefault(digest, []).append(path)
    return [group for group in by_digest.values() if len(group) > 1]


def _digest(path: bytes, length: int, size: int) -> bytes | None:
    """Digest the first `length` bytes; None where the file is not the regular file of that size any more."""
    total = hashlib.blake2b(digest_size=20)
    try:
        with open(path, "rb", opener=_open) as file:
            state = os.fstat(file.fileno())
            if not stat.S_ISREG(state.st_mode) or state.st_size != size:
                return None
            left = length
            while left and (block := file.read(min(left, _BLOCK))):
                total.update(block)
                left -= len(block)
    except OSError:
        return None
    return total.digest()


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
