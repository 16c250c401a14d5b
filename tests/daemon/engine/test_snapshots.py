"""Snapshots of a workspace: what is kept, what is read, what is bounded, and what an attacker gains."""

import os
import shutil
import socket
import stat
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon.domain.errors import NoSnapshot
from daemon.engine import contents, lent
from daemon.engine.object_store import ObjectStore
from daemon.engine.snapshots import Snapshots
from tests.daemon.engine.meddling import picture

MIB = 1024 * 1024
_NOBODY = 65534


@pytest.fixture
def work(tmp_path: Path) -> Path:
    (tmp_path / "run-1" / "output").mkdir(parents=True)
    (tmp_path / "secret").mkdir(mode=0o700)
    (tmp_path / "secret" / "key").write_text("secret")
    return tmp_path / "run-1"


def kept_bytes(work: Path) -> int:
    found = [path for name in ("objects", "manifests") for path in (_store(work) / name).rglob("*") if path.is_file()]
    return sum(path.stat().st_blocks * 512 for path in found)


def _store(work: Path) -> Path:
    return work.with_name("run-1.snapshots")


def old(path: Path) -> Path:
    """Let a file be one that was not changed just now."""
    while path.stat().st_ctime_ns > _now(path) - 30_000_000:
        continue
    return path


def _now(path: Path) -> int:
    probe = path.with_name("probe")
    probe.write_bytes(b"")
    found = probe.stat().st_ctime_ns
    probe.unlink()
    return found


def test_the_same_folder_has_the_same_name_also_for_another_process(work: Path) -> None:
    (work / "a").write_text("1")
    first = Snapshots(work).take()
    assert Snapshots(work).take() == first
    assert Snapshots(work).has(first)
    assert not Snapshots(work).has("0" * 64)


@pytest.mark.parametrize(
    "change",
    [
        lambda work: (work / "a").write_text("2"),
        lambda work: (work / "a").chmod(0o640),
        lambda work: os.utime(work / "a", ns=(1, 1)),
        lambda work: (work / "a").rename(work / "b"),
        lambda work: (work / "empty").mkdir(),
        lambda work: (work / "l").symlink_to("a"),
        lambda work: (work / "output").chmod(0o700),
        lambda work: work.chmod(0o711),
        lambda work: os.mkfifo(work / "p"),
    ],
)
def test_every_change_gives_another_name_and_is_taken_back(work: Path, change: Callable[[Path], object]) -> None:
    (work / "a").write_text("1")
    snapshots, before = Snapshots(work), picture(work)
    first = snapshots.take()
    change(work)
    second = snapshots.take()
    assert second != first
    snapshots.restore(first)
    assert picture(work) == before
    assert snapshots.take() == first


def test_what_did_not_change_is_not_opened(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b", "output/c"):
        (work / name).write_text(name)
    old(work / "output" / "c")
    first = Snapshots(work).take()
    opened: list[str] = []
    real = lent.open_file

    def watched(name: str, above: int) -> int:
        opened.append(name)
        return real(name, above)

    monkeypatch.setattr(lent, "open_file", watched)
    again = Snapshots(work)
    assert again.take() == first
    assert opened == []
    (work / "b").write_text("B")
    assert again.take() != first
    assert opened == ["b"]


def test_a_change_that_hides_behind_the_old_size_and_time_is_seen(work: Path) -> None:
    file = work / "a"
    file.write_text("one")
    old(file)
    snapshots, about = Snapshots(work), file.stat()
    first = snapshots.take()
    file.write_text("two")
    os.utime(file, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert snapshots.take() != first


def test_a_change_within_the_same_tick_of_the_clock_is_seen(work: Path) -> None:
    file = work / "a"
    file.write_text("one")
    snapshots = Snapshots(work)
    first = snapshots.take()
    known = snapshots._scan.known(work.stat().st_ino)
    assert known is not None
    assert [facts[4] for facts in known.facts if facts[0] == "a"] == [0], "it is not trusted"
    assert snapshots.take() == first


def test_holes_stay_holes_and_are_not_read(work: Path) -> None:
    with (work / "sparse").open("wb") as file:
        file.seek(40 * 1024 * MIB)
        file.write(b"end")
    snapshots, before = Snapshots(work), (work / "sparse").stat()
    first = snapshots.take()
    assert kept_bytes(work) < MIB
    (work / "sparse").unlink()
    snapshots.restore(first)
    after = (work / "sparse").stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert after.st_blocks * 512 < MIB
    with (work / "sparse").open("rb") as file:
        file.seek(-3, os.SEEK_END)
        assert file.read() == b"end"


def test_a_file_that_spells_the_description_of_another_has_another_name(tmp_path: Path) -> None:
    sparse, plain = tmp_path / "sparse", tmp_path / "plain"
    with sparse.open("wb") as file:
        file.seek(MIB)
        file.write(b"x")
    plain.write_bytes(b"x" + f"\n{[[MIB, MIB + 1]]} of {MIB + 1}".encode())
    names = []
    for path in (sparse, plain):
        with path.open("rb") as file:
            names.append(contents.digest_of(file.fileno(), path.stat().st_size))
    assert names[0] == f"h{names[1]}"
    assert names[0] != names[1]


def test_the_same_bytes_are_kept_once(work: Path) -> None:
    for name in range(20):
        (work / f"f{name}").write_bytes(b"x" * 100_000)
    Snapshots(work).take()
    assert kept_bytes(work) < 300_000


def test_what_is_no_file_is_named_and_left_and_the_missing_is_said(work: Path) -> None:
    os.mkfifo(work / "pipe")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(work / "output" / "s"))
    os.mknod(work / "device", stat.S_IFCHR | 0o600, os.makedev(1, 3))
    snapshots = Snapshots(work)
    first = snapshots.take()
    assert snapshots.restore(first) == ()
    (work / "pipe").unlink()
    (work / "output" / "s").unlink()
    assert snapshots.restore(first) == ("output/s", "pipe")
    assert (work / "device").exists()


def test_no_link_is_followed_when_it_is_taken(work: Path) -> None:
    (work / "output" / "out").symlink_to(work.parent / "secret")
    (work / "key").symlink_to(work.parent / "secret" / "key")
    Snapshots(work).take()
    assert not [path for path in _store(work).rglob("*") if path.is_file() and path.read_bytes() == b"secret"]


def test_a_folder_that_became_a_link_is_not_followed_when_it_is_brought_back(work: Path) -> None:
    (work / "output" / "key").write_text("mine")
    snapshots = Snapshots(work)
    first = snapshots.take()
    (work / "output" / "key").unlink()
    (work / "output").rmdir()
    (work / "output").symlink_to(work.parent / "secret")
    snapshots.restore(first)
    assert (work.parent / "secret" / "key").read_text() == "secret"
    assert not (work / "output").is_symlink()
    assert (work / "output" / "key").read_text() == "mine"


def test_a_file_that_became_a_link_or_a_name_of_a_file_outside_is_replaced(work: Path) -> None:
    outside = work.parent / "secret" / "key"
    for name in ("link", "hard"):
        (work / name).write_text("mine")
    snapshots = Snapshots(work)
    first, about = snapshots.take(), outside.stat()
    for name in ("link", "hard"):
        (work / name).unlink()
    (work / "link").symlink_to(outside)
    (work / "hard").hardlink_to(outside)
    snapshots.restore(first)
    assert (outside.read_text(), outside.stat().st_mode, outside.stat().st_mtime_ns) == (
        "secret",
        about.st_mode,
        about.st_mtime_ns,
    )
    assert {(work / name).read_text() for name in ("link", "hard")} == {"mine"}


def test_a_folder_swapped_for_a_link_between_look_and_copy_leads_nowhere(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (work / "output" / "key").write_text("mine")
    snapshots = Snapshots(work)
    real = snapshots._scan._digest
    swapped: list[Path] = []

    def swap(*given: object) -> str:
        if not swapped:
            swapped.append((work / "output").rename(work / "moved"))
            (work / "output").symlink_to(work.parent / "secret")
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(snapshots._scan, "_digest", swap)
    taken = snapshots.take()
    assert not [path for path in _store(work).rglob("*") if path.is_file() and path.read_bytes() == b"secret"]
    (work / "output").unlink()
    snapshots.restore(taken)
    assert (work / "output").is_symlink()
    assert (work / "moved" / "key").read_text() == "mine"


def test_a_workspace_that_never_stands_still_is_not_kept(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (work / "log").write_text("")
    real = ObjectStore.keep

    def growing(store: ObjectStore, source: int, size: int) -> str:
        with (work / "log").open("a") as file:
            file.write("more")
        return real(store, source, size)

    monkeypatch.setattr(ObjectStore, "keep", growing)
    with pytest.raises(NoSnapshot, match="keeps changing"):
        Snapshots(work).take()


def test_folders_of_any_depth_are_taken_away(work: Path) -> None:
    snapshots, before = Snapshots(work), picture(work)
    first = snapshots.take()
    here = os.open(work, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    with pytest.raises(NoSnapshot, match="deeper"):
        snapshots.take()
    snapshots.restore(first)
    assert picture(work) == before


def test_more_than_the_bound_is_not_kept(work: Path) -> None:
    (work / "big").write_bytes(b"x" * 3 * MIB)
    with pytest.raises(NoSnapshot, match=r"larger than 2 MB.*files\.snapshots"):
        Snapshots(work, 2 * MIB).take()
    assert kept_bytes(work) == 0


def test_the_oldest_snapshots_go_and_the_newest_stay(work: Path) -> None:
    snapshots = Snapshots(work, 8 * MIB)
    taken = []
    for number in range(12):
        (work / "big").write_bytes(bytes([number + 1]) * 2 * MIB)
        taken.append(snapshots.take())
        assert kept_bytes(work) < 9 * MIB
    still = [digest for digest in taken if snapshots.has(digest)]
    assert still == taken[-len(still) :]
    assert 2 <= len(still) <= 4
    snapshots.restore(still[0])
    assert (work / "big").read_bytes()[:1] == bytes([12 - len(still) + 1])


@pytest.mark.parametrize("damage", ["gone", "short", "other"])
def test_what_was_damaged_is_noticed_and_nothing_wrong_is_brought_back(work: Path, damage: str) -> None:
    (work / "a").write_text("content")
    snapshots = Snapshots(work)
    first = snapshots.take()
    (work / "a").write_text("another content")
    (kept,) = [p for p in (_store(work) / "objects").rglob("*") if p.is_file() and p.read_bytes() == b"content"]
    kept.unlink() if damage == "gone" else kept.write_bytes(b"cont" if damage == "short" else b"CONTENT")
    with pytest.raises(NoSnapshot):
        snapshots.restore(first)
    assert (work / "a").read_text() == "another content"


def test_nobody_else_may_look_into_what_is_kept(work: Path) -> None:
    (work / "a").write_text("1")
    Snapshots(work).take()
    modes = {path.stat().st_mode & 0o077 for path in (_store(work), *(_store(work) / "objects").rglob("*"))}
    assert modes == {0}


def test_where_blocks_are_shared_the_name_is_that_of_what_was_taken(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shared(source: int, target: int) -> bool:
        os.lseek(source, 0, os.SEEK_SET)
        os.sendfile(target, source, 0, os.fstat(source).st_size)
        return True

    monkeypatch.setattr(contents, "shared", shared)
    (work / "a").write_bytes(b"x" * 3 * MIB)
    snapshots, before = Snapshots(work), picture(work)
    first = snapshots.take()
    (work / "a").unlink()
    snapshots.restore(first)
    assert picture(work) == before


def _close_and_restore(work: Path) -> None:
    """Take permissions away as a program of a run may, and let the snapshots hold against it."""
    below = work / "closed" / "below"
    below.mkdir(parents=True)
    (below / "a").write_text("1")
    for path, mode in ((below / "a", 0), (below, 0o444), (work / "closed", 0)):
        path.chmod(mode)
    snapshots = Snapshots(work)
    first = snapshots.take()
    assert stat.S_IMODE((work / "closed").stat().st_mode) == 0
    for path, mode in ((work / "closed", 0o700), (below, 0o700), (below / "a", 0o600)):
        path.chmod(mode)
    (below / "a").write_text("2")
    (below / "more").mkdir()
    (below / "more").chmod(0)
    below.chmod(0o100)
    snapshots.restore(first)
    assert snapshots.take() == first
    (work / "closed").chmod(0o700)
    assert stat.S_IMODE(below.stat().st_mode) == 0o444
    below.chmod(0o700)
    assert [(path.name, stat.S_IMODE(path.stat().st_mode)) for path in below.iterdir()] == [("a", 0)]


def test_permissions_that_were_taken_away_hold_nothing_up_where_the_agent_is_no_root() -> None:
    place = Path(tempfile.mkdtemp())
    work = place / "run-1"
    work.mkdir()
    for path in (place, work):
        os.chown(path, _NOBODY, _NOBODY)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setgid(_NOBODY)
            os.setuid(_NOBODY)
            _close_and_restore(work)
            status = 0
        finally:
            traceback.print_exc()
            os._exit(status)
    try:
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    finally:
        shutil.rmtree(place)
