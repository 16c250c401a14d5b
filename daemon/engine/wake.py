"""Telling other processes of the same state folder that something was written.

Every listener binds a datagram socket in `wake/`; every write sends one byte to each. Nothing depends on it being
heard: whoever listens also looks by itself every few seconds.
"""

import contextlib
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket


def ring(folder: Path) -> None:
    """Wake every listener; never fails, never blocks. Sockets that nobody holds any more are removed."""
    try:
        names = [path.name for path in folder.iterdir()]
        here = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return
    import socket

    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as bell:
            for name in names:
                _ring_one(bell, here, name, folder)
    finally:
        os.close(here)


def _ring_one(bell: "socket.socket", here: int, name: str, folder: Path) -> None:
    try:
        # Through the descriptor, since a socket's path may be at most 107 bytes long (unix(7)).
        bell.sendto(b"!", f"/proc/self/fd/{here}/{name}")
    except ConnectionRefusedError:
        with contextlib.suppress(OSError):
            (folder / name).unlink()
    except OSError:
        return  # A full queue has been woken already; anything else is found by the listener's own look.


class Bell:
    """The ring for writers: `Service` holds one."""

    def __init__(self, folder: Path) -> None:
        """Ring the listeners of this folder."""
        self._folder = folder

    def ring(self) -> None:
        """Wake every listener."""
        ring(self._folder)


class Listener:
    """A socket that becomes readable when something was written; close it when done."""

    def __init__(self, folder: Path) -> None:
        """Bind a socket of our own in the folder."""
        import socket

        self._path = folder / f"{os.getpid()}-{secrets.token_hex(4)}"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        here = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            self._socket.bind(f"/proc/self/fd/{here}/{self._path.name}")
        finally:
            os.close(here)
        self._path.chmod(0o600)

    def fileno(self) -> int:
        """Give the descriptor to wait on (select, poll, asyncio's add_reader)."""
        return self._socket.fileno()

    def drain(self) -> None:
        """Forget the rings so far."""
        with contextlib.suppress(BlockingIOError):
            while self._socket.recv(16):
                pass

    def close(self) -> None:
        """Close and remove the socket."""
        self._socket.close()
        with contextlib.suppress(OSError):
            self._path.unlink()
