"""Reading a small text file that may be anything: missing, a folder, a device, huge, not text, not only ours."""

import io
import os
import stat
from pathlib import Path

from daemon.domain.errors import ConfigError
from daemon.settings.places import WRITABLE_BY_OTHERS, check_owned

KIB = 1024
MOST_BYTES = 256 * KIB
ONLY_MINE = stat.S_IRWXG | stat.S_IRWXO


def read_bytes(path: Path, most: int = MOST_BYTES, forbidden: int = WRITABLE_BY_OTHERS) -> bytes | None:
    """Give what is in the file, or None where there is no such file.

    Never blocks (a FIFO, a terminal), never reads more than `most` bytes. Raises ConfigError for everything else: not a
    regular file, too big, not readable, another user's, or a mode with one of the `forbidden` bits; or a folder that
    others may write to.
    """
    try:
        with io.BufferedReader(io.FileIO(path, "r", opener=_opened)) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise ConfigError(f"{path} is not a regular file; a text file was expected.", "Move it away.")
            check_owned(path, "The file", forbidden, status)
            # Who may write to the folder may put another file in the place of this one.
            check_owned(path.parent, "The folder")
            content = file.read(most + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.", f"Look at it with: ls -ld '{path}'") from error
    if len(content) > most:
        raise ConfigError(f"{path} has more than {most // KIB} KB.", "Move it away, or make it shorter.")
    return content


def read_text(path: Path, most: int = MOST_BYTES, forbidden: int = WRITABLE_BY_OTHERS) -> str | None:
    """Give the text in the file (UTF-8, a byte order mark is dropped), or None where there is no such file.

    Raises ConfigError as `read_bytes` does, and for other encodings and NUL characters, with the line.
    """
    content = read_bytes(path, most, forbidden)
    if content is None:
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path.name}, line {line}: not UTF-8 text.", f"Save {path} as UTF-8.") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ConfigError(f"{path.name}, line {line}: a NUL character.", f"Remove it from {path}.")
    return text


def _opened(path: str, flags: int) -> int:
    # Without O_NONBLOCK, opening a FIFO waits for a writer for ever.
    return os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY)
