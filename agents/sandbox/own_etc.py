"""The /etc of sandboxes: a copy of the little that programs need of the machine's, with accounts of its own.

It is made once and mounted as a whole: a dozen mounts and twenty copies for each command cost it a millisecond more.
"""

import hashlib
import os
import shutil
import stat
import tempfile
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

from daemon.domain.errors import SandboxUnavailable

OURS = Path(__file__).parent / "etc"
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
                        "Look at the disk and at the state folder; agent doctor does so too.",
                    ) from error
            return self._copy

    def _is_fresh(self, copy: Path) -> bool:
        return copy.is_dir() and all(_mark(path) == mark for path, mark in self._watched.items())

    def _made(self) -> Path:
        above = self._place()
        sources = dict(_sources())
        # A folder changes with the names in it, and a file in one of these folders is put there by a new name.
        folders = [source for source in sources.values() if source.is_dir()]
        self._watched = {path: _mark(path) for path in (*folders, *(_MACHINE / name for name in (*_FILES, *_FOLDERS)))}
        copy = above / f"etc-{_name(sources)}"
        if not copy.is_dir():
            _copied(sources, copy)
        os.utime(copy)
        for other in above.glob("etc-*"):
            if other.stat().st_mtime < time.time() - _OLD:
                shutil.rmtree(other, ignore_errors=True)
        return copy

    def _place(self) -> Path:
        if self._above is None:
            self._above = Path(tempfile.mkdtemp(prefix="agent-etc-"))
            weakref.finalize(self, shutil.rmtree, self._above, ignore_errors=True)
        self._above.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._above


def _sources() -> Iterator[tuple[str, Path]]:
    """Give what is copied, by its place in /etc; folders come before what is in them."""
    yield from ((name, OURS / name) for name in _OURS)
    yield from ((name, _MACHINE / name) for name in _FILES if _may_be_shown(_MACHINE / name, follow=True))
    for name in _FOLDERS:
        yield from _below(name)


def _below(name: str) -> Iterator[tuple[str, Path]]:
    folder = _MACHINE / name
    if not folder.is_dir():
        return
    yield name, folder
    for path in sorted(folder.iterdir()):
        inner = f"{name}/{path.name}"
        if path.is_dir() and not path.is_symlink():
            yield from _below(inner)
        elif _may_be_shown(path, follow=False):
            yield inner, path


def _may_be_shown(path: Path, *, follow: bool) -> bool:
    """Say whether every user of the machine may read it; where we are root, we may read more than that."""
    try:
        mode = (path.stat if follow else path.lstat)().st_mode
    except OSError:
        return False
    return stat.S_ISLNK(mode) or (stat.S_ISREG(mode) and bool(mode & stat.S_IROTH))


def _mark(path: Path) -> _Mark:
    """Give what changes with a file or a folder; None where there is none."""
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_mtime_ns, about.st_size, about.st_ino


def _name(sources: dict[str, Path]) -> str:
    digest = hashlib.blake2b(digest_size=12)
    for name, path in sources.items():
        about = path.lstat()
        digest.update(f"{name}\0{path}\0{about.st_mtime_ns}\0{about.st_size}\0{about.st_ino}\0".encode())
    return digest.hexdigest()


def _copied(sources: dict[str, Path], copy: Path) -> None:
    """Make the copy under another name first, so that it is whole when it has its own."""
    new = Path(tempfile.mkdtemp(prefix=".new-", dir=copy.parent))
    try:
        for name, source in sources.items():
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
