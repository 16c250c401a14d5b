"""The bytes of a file: named by their SHA-256, copied with their holes, shared where the file system can do that.

A piece of 64 KiB that holds nothing but zeros is a hole, however it lies on the disk, so that the name of a file
depends on its bytes alone and a sparse file of any size is read as fast as what is really in it.
"""

import errno
import hashlib
import os
from collections.abc import Iterator

_PIECE = 64 * 1024
_ZEROS = bytes(_PIECE)
_FICLONE = 0x40049409
"""ioctl_ficlonerange(2): let two files share their blocks until one is written to."""


def digest_of(source: int, size: int) -> str:
    """Name the first `size` bytes of an open file.

    It is the SHA-256 in hex of the bytes; for a file with holes an "h" and the SHA-256 of what is between them and
    where it lies. The letter keeps a file that spells such a description from being taken for it.
    """
    return _through(source, None, size)


def copy(source: int, target: int, size: int) -> str:
    """Copy the first `size` bytes into an empty file, which gets the same holes; gives their name."""
    digest = _through(source, target, size)
    os.ftruncate(target, size)
    return digest


def shared(source: int, target: int) -> bool:
    """Let an empty file share the blocks of another; False where the file system has nothing like it."""
    import fcntl

    try:
        fcntl.ioctl(target, _FICLONE, source)
    except OSError:
        return False
    return True


def _through(source: int, target: int | None, size: int) -> str:
    hasher = hashlib.sha256()
    filled: list[list[int]] = []
    for offset, piece in _pieces(source, size):
        hasher.update(piece)
        if filled and filled[-1][1] == offset:
            filled[-1][1] += len(piece)
        else:
            filled.append([offset, offset + len(piece)])
        if target is not None:
            _write(target, piece, offset)
    if size == 0 or filled == [[0, size]]:
        return hasher.hexdigest()
    hasher.update(f"\n{filled} of {size}".encode())
    return f"h{hasher.hexdigest()}"


def _pieces(source: int, size: int) -> Iterator[tuple[int, bytes]]:
    """Give the pieces that are no holes, each with its offset."""
    done = 0
    for start, end in _stretches(source, size):
        for offset in range(max(done, start - start % _PIECE), end, _PIECE):
            piece = os.pread(source, min(_PIECE, size - offset), offset)
            done = offset + _PIECE
            if piece and piece != _ZEROS[: len(piece)]:
                yield offset, piece


def _stretches(source: int, size: int) -> Iterator[tuple[int, int]]:
    """Give what of a file lies on the disk, from and to (lseek(2), SEEK_DATA); all of it where nobody can tell."""
    if size <= _PIECE:
        yield 0, size
        return
    at = 0
    while at < size:
        try:
            start = os.lseek(source, at, os.SEEK_DATA)
            at = min(size, os.lseek(source, start, os.SEEK_HOLE))
        except OSError as problem:
            if problem.errno != errno.ENXIO:
                yield at, size
            return
        yield start, at


def _write(target: int, piece: bytes, offset: int) -> None:
    written = 0
    while written < len(piece):
        written += os.pwrite(target, piece[written:], offset + written)
