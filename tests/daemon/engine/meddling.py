"""Operations of chance on a folder, as programs do them; and what a folder looks like, byte for byte."""

import hashlib
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from random import Random

NAMES = ("a", "b.txt", "c", "deep", "über", " leading", "two\nlines", os.fsdecode(b"no-\xff-utf8"), ".git", "-rf")

Picture = dict[str, tuple[object, ...]]


def picture(folder: Path) -> Picture:
    """Give all that is to be the same after an undo: every path with its kind, mode, time of change and bytes."""
    found: Picture = {".": (stat.S_IMODE(folder.lstat().st_mode),)}
    for above, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(above, name)
            about = path.lstat()
            where = str(path.relative_to(folder))
            if path.is_symlink():
                found[where] = ("link", str(path.readlink()), about.st_mtime_ns)
            elif stat.S_ISDIR(about.st_mode):
                found[where] = ("folder", stat.S_IMODE(about.st_mode))
            else:
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                found[where] = ("file", stat.S_IMODE(about.st_mode), about.st_size, about.st_mtime_ns, digest)
    return found


class Meddler:
    """Does something of chance to a folder."""

    def __init__(self, folder: Path, chance: Random) -> None:
        """Meddle with what is below `folder`."""
        self._folder = folder
        self._chance = chance

    def meddle(self) -> None:
        """Do one to three operations."""
        for _ in range(self._chance.randint(1, 3)):
            self._chance.choice(self._operations())()

    def _operations(self) -> list[Callable[[], None]]:
        usual = [self._write] * 4 + [self._folders] * 2
        return [
            *usual,
            self._append,
            self._truncate,
            self._delete,
            self._rename,
            self._chmod,
            self._link,
            self._sparse,
            self._repository,
            self._backdate,
            self._large,
        ]

    def _paths(self, wanted: Callable[[Path], bool] = lambda path: True) -> list[Path]:
        found = [Path(above, name) for above, folders, files in os.walk(self._folder) for name in (*folders, *files)]
        return sorted((path for path in found if wanted(path)), key=os.fsencode)

    def _a_file(self) -> Path | None:
        files = self._paths(lambda path: path.is_file() and not path.is_symlink())
        return self._chance.choice(files) if files else None

    def _place(self) -> Path:
        """Give a new or a used name in some folder; what is no file there goes."""
        folders = [self._folder, *self._paths(lambda path: path.is_dir() and not path.is_symlink())]
        path = self._chance.choice(folders) / self._chance.choice(NAMES)
        if path.is_symlink() or (path.exists() and self._chance.random() < 0.3):
            _remove(path)
        return path

    def _write(self) -> None:
        path = self._place()
        if not path.is_dir():
            path.write_bytes(self._chance.randbytes(self._chance.choice((0, 1, 100, 5000))))

    def _large(self) -> None:
        path = self._place()
        if not path.is_dir():
            path.write_bytes(self._chance.randbytes(1000) * 1200)

    def _append(self) -> None:
        if (path := self._a_file()) is not None:
            with path.open("ab") as file:
                file.write(self._chance.randbytes(10))

    def _truncate(self) -> None:
        if (path := self._a_file()) is not None:
            os.truncate(path, self._chance.choice((0, 1, 4096, 200_000)))

    def _delete(self) -> None:
        if paths := self._paths():
            _remove(self._chance.choice(paths))

    def _rename(self) -> None:
        if paths := self._paths():
            source, target = self._chance.choice(paths), self._place()
            if not target.is_relative_to(source) and not target.exists():
                source.rename(target)

    def _chmod(self) -> None:
        if paths := self._paths(lambda path: not path.is_symlink()):
            self._chance.choice(paths).chmod(self._chance.choice((0o600, 0o755, 0o000, 0o444, 0o4755, 0o1777)))

    def _folders(self) -> None:
        path = self._place()
        if not path.exists():
            (path / self._chance.choice(NAMES)).mkdir(parents=True)

    def _link(self) -> None:
        path = self._place()
        if not path.exists():
            path.symlink_to(self._chance.choice(("/etc/passwd", "..", "nowhere", "b.txt", os.fsdecode(b"\xfe"))))

    def _sparse(self) -> None:
        path = self._place()
        if not path.is_dir():
            with path.open("wb") as file:
                for _ in range(self._chance.randint(0, 3)):
                    file.seek(self._chance.randrange(4_000_000))
                    file.write(self._chance.randbytes(self._chance.choice((1, 70_000))))
                file.truncate(4_000_000)

    def _repository(self) -> None:
        path = self._place()
        if not path.exists():
            (path / ".git" / "refs" / "heads").mkdir(parents=True)
            (path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
            (path / ".git" / "objects").mkdir()

    def _backdate(self) -> None:
        if (path := self._a_file()) is not None:
            about = path.stat()
            path.write_bytes(self._chance.randbytes(about.st_size))
            os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
