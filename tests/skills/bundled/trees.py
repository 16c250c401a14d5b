"""Folders that hold everything a walk can stumble over."""

import os
from pathlib import Path

NOW = 1_795_673_333
DAY = 86_400

# Names as bytes and how they are shown.
ODD_NAMES = {
    b"line\nbreak.txt": "line\\nbreak.txt",
    b"\x1b[31mred.txt": "\\x1b[31mred.txt",
    b"not\xffutf8.txt": "not\\xffutf8.txt",
    "\u202egpj.exe".encode(): "\\u202egpj.exe",
    b'#read("etc") *b* $x$ [.txt': '#read("etc") *b* $x$ [.txt',
    b"<b>|`code`|.txt": "<b>|`code`|.txt",
    "資料.txt".encode(): "資料.txt",
}


def put(path: Path, data: bytes, days_old: float = 10) -> Path:
    """Write a file that was last changed so many days before NOW."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    moment = NOW - days_old * DAY
    os.utime(path, (moment, moment))
    return path


def plain(root: Path) -> Path:
    """Give photos, texts, a copy, and an archive that is old and big."""
    put(root / "photos" / "a.jpg", b"a" * 3_000_000)
    put(root / "photos" / "2019" / "b.jpg", b"b" * 1_000_000, 2500)
    put(root / "photos" / "copy of a.jpg", b"a" * 3_000_000)
    put(root / "texts" / "note.txt", b"The first line.\nThe second line.\n", 2)
    put(root / "old" / "backup.tar.gz", b"z" * 20_000_000, 800)
    put(root / "README.md", b"# The archive\n\nWhat this *folder* is for.\n", 1)
    put(root / ".cache" / "README.md", b"Kept by a program.\n", 0)
    return root


def hostile(root: Path) -> Path:
    """Give odd names, loops of links, links to elsewhere, hard links, gaps, pipes and paths that are too long."""
    plain(root)
    for name in ODD_NAMES:
        path = os.fsencode(root / "odd") + b"/" + name
        put(Path(os.fsdecode(path)), b"text of " + name[:1] + b"\n")
    (root / "loop").symlink_to(".")
    (root / "photos" / "up").symlink_to("..")
    (root / "passwd.txt").symlink_to("/etc/passwd")
    os.link(root / "old" / "backup.tar.gz", root / "old" / "second name.tar.gz")
    with (root / "gaps.img").open("wb") as file:
        file.truncate(5_000_000_000)
    os.utime(root / "gaps.img", (NOW, NOW))
    os.mkfifo(root / "pipe.txt")
    _deep(root / "deep")
    return root


def _deep(folder: Path) -> None:
    """Make a folder whose path is longer than the system takes in one call."""
    folder.mkdir()
    before = Path.cwd()
    try:
        os.chdir(folder)
        for _ in range(20):
            name = "d" * 240
            Path(name).mkdir()
            os.chdir(name)
    finally:
        os.chdir(before)
