"""The /etc of sandboxes: a copy of the little that programs need of the machine's, with accounts of its own.

It is made once and mounted as a whole: a dozen mounts and twenty copies for each command cost it a millisecond more.
"""

import errno
import hashlib
import os
import shutil
import stat
import tempfile
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from daemon.domain.errors import SandboxUnavailable

OURS = Path(__file__).parent / "etc"
FONT_CACHE = "fontconfig-cache"
"""Where in the copy the machine's list of fonts lies, without which each program makes one of its own."""
_FONT_CACHE = Path("/var/cache/fontconfig")
_MACHINE = Path("/etc")
# Only what programs need and what holds no secret.
_FILES = (
    *("ld.so.cache", "ld.so.conf", "localtime", "timezone", "os-release", "debian_version", "locale.alias"),
    *("mime.types", "magic", "magic.mime", "services", "protocols", "papersize", "ssl/openssl.cnf"),
)
_FOLDERS = (
    *("alternatives", "fonts", "ld.so.conf.d", "ssl/certs", "pki/tls/certs", "pki/ca-trust/extracted"),
    *("crypto-policies", "ImageMagick-6", "ImageMagick-7", "texmf"),
)
_OURS = ("passwd", "group", "hosts", "nsswitch.conf")
_OLD = 7 * 86_400.0
"""Seconds after which a copy that no process has begun with is taken away."""

_LEFT = 3_600.0
"""Seconds after which a copy is given up that was never finished."""
_BOOT = Path("/proc/sys/kernel/random/boot_id")

_Mark = tuple[int, int, int] | None


class OwnEtc:
    """Gives the copy, and makes it anew when the machine's files have changed."""

    def __init__(self, above: Path | None = None) -> None:
        """Make copies in the folder `above`, else in one of this process, which goes with it."""
        self._above = above
        self._lock = threading.Lock()
        self._copy: Path | None = None
        self._watched: dict[Path, _Mark] = {}

    def folder(self) -> Path:
        """Give the folder to be mounted; raises SandboxUnavailable where it cannot be made."""
        with self._lock:
            if self._copy is None or not self._is_fresh(self._copy):
                try:
                    self._copy = self._made()
                except OSError as error:
                    raise SandboxUnavailable(
                        f"The /etc of sandboxes cannot be made: {error.strerror or error} ({error.filename}).",
                        f"Look at it with: ls -ld '{error.filename}'",
                    ) from error
            return self._copy

    def _is_fresh(self, copy: Path) -> bool:
        return copy.is_dir() and all(_mark(path) == mark for path, mark in self._watched.items())

    def _made(self) -> Path:
        above = self._place()
        _sweep(above)
        sources = dict(_sources())
        # A folder changes with the names in it, and a file in one of these folders is put there by a new name.
        folders = [source for source in sources.values() if source.is_dir()]
        self._watched = {
            path: _mark(path) for path in (*folders, _FONT_CACHE, *(_MACHINE / name for name in (*_FILES, *_FOLDERS)))
        }
        copy = above / f"etc-{_name(sources)}"
        if not _is_ours(copy) or not (copy / _OURS[0]).is_file():
            _remove(copy)
            _copied(sources, copy)
        os.utime(copy)
        return copy

    def _place(self) -> Path:
        if self._above is None:
            self._above = Path(tempfile.mkdtemp(prefix="agent-etc-"))
            weakref.finalize(self, shutil.rmtree, self._above, ignore_errors=True)
        self._above.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_ours(self._above):
            # Who could write there could put another /etc in the place of this one.
            raise PermissionError(errno.EPERM, "others may write there, or it is a link", str(self._above))
        return self._above


def _sources() -> Iterator[tuple[str, Path]]:
    """Give what is copied, by its place in the copy; folders come before what is in them."""
    yield from ((name, OURS / name) for name in _OURS)
    yield from ((name, _MACHINE / name) for name in _FILES if _may_be_shown(_MACHINE / name, follow=True))
    for name in _FOLDERS:
        yield from _below(name, _MACHINE / name)
    yield from _below(FONT_CACHE, _FONT_CACHE)


def _below(name: str, folder: Path) -> Iterator[tuple[str, Path]]:
    if not _is_open(folder):
        return
    yield name, folder
    for path in sorted(folder.iterdir()):
        inner = f"{name}/{path.name}"
        if path.is_dir() and not path.is_symlink():
            yield from _below(inner, path)
        elif _may_be_shown(path, follow=False):
            yield inner, path


def _may_be_shown(path: Path, *, follow: bool) -> bool:
    """Say whether every user of the machine may read it; where we are root, we may read more than that."""
    try:
        mode = (path.stat if follow else path.lstat)().st_mode
    except OSError:
        return False
    return stat.S_ISLNK(mode) or (stat.S_ISREG(mode) and bool(mode & stat.S_IROTH))


def _is_open(folder: Path) -> bool:
    """Say whether every user of the machine may look into a folder; what lies in one that is not is not shown."""
    try:
        mode = folder.stat().st_mode
    except OSError:
        return False
    return stat.S_ISDIR(mode) and mode & (stat.S_IROTH | stat.S_IXOTH) == stat.S_IROTH | stat.S_IXOTH


def _is_ours(folder: Path) -> bool:
    """Say whether it is a folder, no link, of this user's, to which no other one may write."""
    try:
        about = folder.lstat()
    except OSError:
        return False
    only_ours = about.st_uid == os.geteuid() and not about.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return stat.S_ISDIR(about.st_mode) and only_ours


def _remove(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)


def _sweep(above: Path) -> None:
    """Take away what no process has begun with for long; whatever is in the way of that stays."""
    for path in above.iterdir():
        old = _OLD if path.name.startswith("etc-") else _LEFT
        with suppress(OSError):
            if path.lstat().st_mtime < time.time() - old:
                _remove(path)


def _mark(path: Path) -> _Mark:
    """Give what changes with a file or a folder; None where there is none."""
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_mtime_ns, about.st_size, about.st_ino


def _name(sources: dict[str, Path]) -> str:
    # Of this start of the machine: what was not yet on the disk when the power failed is not taken for whole.
    digest = hashlib.blake2b(_BOOT.read_bytes() if _BOOT.exists() else b"", digest_size=12)
    for name, path in sources.items():
        with suppress(FileNotFoundError):  # it went while we looked, which the next command sees
            about = path.stat() if name in _FILES else path.lstat()
            digest.update(f"{name}\0{path}\0{about.st_mtime_ns}\0{about.st_size}\0{about.st_ino}\0".encode())
    return digest.hexdigest()


def _copied(sources: dict[str, Path], copy: Path) -> None:
    """Make the copy under another name first, so that it is whole when it has its own."""
    new = Path(tempfile.mkdtemp(prefix=".new-", dir=copy.parent))
    try:
        for name, source in sources.items():
            with suppress(FileNotFoundError):
                _put(source, new / name, keep_link=name not in _FILES)
        new.chmod(0o755)
        new.rename(copy)
    except OSError:
        if not copy.is_dir():  # else another process was faster
            raise
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _put(source: Path, place: Path, *, keep_link: bool) -> None:
    if source.is_dir() and not source.is_symlink():
        place.mkdir(parents=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place, follow_symlinks=not keep_link)
