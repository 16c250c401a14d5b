"""The file systems that are seen from here, and how full they are."""

import os
from dataclasses import dataclass
from pathlib import Path

_MEMORY = frozenset({"tmpfs", "ramfs", "devtmpfs"})


@dataclass(frozen=True, slots=True)
class FileSystem:
    """A file system: the paths it was seen at, and bytes in all, used, and free for whoever is not root."""

    paths: tuple[str, ...]
    total: int
    used: int
    free: int
    read_only: bool

    @property
    def fullness(self) -> float:
        """Give the used part of what can be used, 0 to 1, as `df` does."""
        usable = self.used + self.free
        return self.used / usable if usable else 0.0


def file_systems(paths: list[str], asked: str = "") -> tuple[FileSystem, ...]:
    """Look at the file systems of `paths` and `asked`, each once.

    What has no size (proc and its like) is left out, and what lies in memory, such as the root of a sandbox, unless
    it was asked for.
    """
    kinds = _kinds()
    seen: dict[tuple[int, int, int], tuple[list[str], os.statvfs_result]] = {}
    for path in [*paths, asked] if asked else paths:
        try:
            state, device = os.statvfs(path), Path(path).stat().st_dev
        except OSError:
            continue
        in_memory = kinds.get(f"{os.major(device)}:{os.minor(device)}") in _MEMORY
        if state.f_blocks and (path == asked or not in_memory):
            # Bind mounts of one file system have the same size, and often the same device.
            names, _ = seen.setdefault((device, state.f_blocks, state.f_frsize), ([], state))
            if path not in names:
                names.append(path)
    return tuple(_file_system(names, state) for names, state in seen.values())


def _kinds() -> dict[str, str]:
    """Give the type of each mounted device, by proc(5)'s mountinfo; nothing where that is not to be had."""
    kinds = {}
    try:
        with Path("/proc/self/mountinfo").open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                mount, _, source = line.partition(" - ")
                kinds[mount.split()[2]] = source.split()[0]
    except OSError:
        return {}
    return kinds


def _file_system(names: list[str], state: os.statvfs_result) -> FileSystem:
    unit = state.f_frsize
    return FileSystem(
        paths=tuple(names),
        total=state.f_blocks * unit,
        used=(state.f_blocks - state.f_bfree) * unit,
        free=state.f_bavail * unit,
        read_only=bool(state.f_flag & os.ST_RDONLY),
    )
