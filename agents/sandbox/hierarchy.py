"""Where control groups may be made here: the delegated part of cgroups(7), in version 2 or 1."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

CONTROLLERS = ("pids", "memory")
_OURS = "agent"
_DELEGATED = ("user.delegate", "trusted.delegate")  # systemd marks what it hands over (CGROUP_DELEGATION)


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """A folder in which we may make groups, its version, and which controllers its groups have."""

    folder: Path
    version: int
    controllers: tuple[str, ...]


def hierarchies(wanted: tuple[str, ...] = CONTROLLERS) -> tuple[Hierarchy, ...]:
    """Find where groups with the `wanted` controllers can be made; nothing where nobody gave us a place.

    In version 2 we may have to move ourselves into a child of our own group: a group with processes in it hands no
    controllers on.
    """
    found = [one for one in (_first_version(name) for name in wanted) if one is not None]
    missing = tuple(name for name in wanted if not any(name in one.controllers for one in found))
    second = _second_version(missing) if missing else None
    return (*found, *([second] if second else []))


def _first_version(controller: str) -> Hierarchy | None:
    for folder in _own_groups(controller):
        if (folder / "tasks").exists() and os.access(folder, os.W_OK):
            return Hierarchy(folder, 1, (controller,))
    return None


def _second_version(wanted: tuple[str, ...]) -> Hierarchy | None:
    for own in _own_groups(""):
        for folder in (own, own.parent) if own.name == _OURS else (own,):
            has = _hand_on(folder, wanted)
            if has:
                return Hierarchy(folder, 2, has)
    return None


def _hand_on(folder: Path, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Switch the controllers on for the children of `folder`; gives those that are on."""
    there = _words(folder / "cgroup.controllers")
    possible = tuple(name for name in wanted if name in there)
    if not possible or not os.access(folder / "cgroup.subtree_control", os.W_OK):
        return ()
    lacking = [name for name in possible if name not in _words(folder / "cgroup.subtree_control")]
    if lacking:
        if (folder / "cgroup.type").exists() and not _make_room(folder):  # the root alone may have processes
            return ()
        for name in lacking:
            _try_write(folder / "cgroup.subtree_control", f"+{name}")
    on = _words(folder / "cgroup.subtree_control")
    return tuple(name for name in possible if name in on)


def _make_room(folder: Path) -> bool:
    """Move the processes of a group that is ours alone into a child (the "no internal processes" rule)."""
    inside = _words(folder / "cgroup.procs")
    if not _is_delegated(folder) and any(pid != str(os.getpid()) for pid in inside):
        return False
    try:
        (folder / _OURS).mkdir(exist_ok=True)
    except OSError:
        return False
    return all(_try_write(folder / _OURS / "cgroup.procs", pid) for pid in inside)


def _is_delegated(folder: Path) -> bool:
    for name in _DELEGATED:
        try:
            if os.getxattr(folder, name) == b"1":
                return True
        except OSError:
            continue
    return False


def _own_groups(controller: str) -> Iterator[Path]:
    """Give the folders of our own group, by each mount of the hierarchy; "" is the one of version 2.

    Where our group is not below what is mounted, as in a container that sees less than the machine, it is the top of
    the mount.
    """
    own = PurePosixPath(_own_path(controller))
    for root, place, kind, options in _mounts():
        if kind == ("cgroup" if controller else "cgroup2") and (not controller or controller in options):
            below = own.relative_to(root) if own.is_relative_to(root) else PurePosixPath()
            folder = Path(place, below)
            yield folder if folder.is_dir() else Path(place)


def _own_path(controller: str) -> str:
    for line in Path("/proc/self/cgroup").read_text("utf-8", "surrogateescape").splitlines():
        _, names, path = line.split(":", 2)
        if controller in names.split(","):
            return path
    return "/"


def _mounts() -> Iterator[tuple[str, str, str, list[str]]]:
    """Give root, place, type and options of each mount (proc_pid_mountinfo(5))."""
    for line in Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape").splitlines():
        before, _, after = line.partition(" - ")
        fields, (kind, _, options) = before.split(), after.split(" ", 2)
        yield fields[3], fields[4], kind, options.split(",")


def _words(path: Path) -> list[str]:
    try:
        return path.read_text("ascii").split()
    except OSError:
        return []


def _try_write(path: Path, text: str) -> bool:
    try:
        path.write_text(text, "ascii")
    except OSError:
        return False
    return True
