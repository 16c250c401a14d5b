"""Processes that are left of a house: by what they were started with, and by what is mounted in them."""

import os
from pathlib import Path

from tests.rigs.waiting import wait_until

_SECONDS = 20.0


def left_of(house: Path) -> list[str]:
    """Wait until nothing is left; gives what still is."""
    wait_until(lambda: not found(house), _SECONDS)
    return found(house)


def found(house: Path) -> list[str]:
    """Give the processes of a house: process id and command line."""
    belonging = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid() and _belongs(entry, _end_of(house)):
            belonging.append(
                f"{entry.name} {_read(entry / 'cmdline').replace(bytes(1), b' ').decode(errors='replace')[:80]}"
            )
    return belonging


def _end_of(house: Path) -> bytes:
    """Give the end of its path: what is mounted is named from the top of its own file system."""
    return "/".join(house.parts[2:]).encode()


def _belongs(process: Path, house: bytes) -> bool:
    return any(house in _read(process / name) for name in ("cmdline", "environ", "mountinfo"))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""  # It went while we looked, or it is being ended.
