"""The keys that `agent auth set` keeps: one file for each in `keys/` of the configuration folder, its owner's alone."""

import contextlib
import os
import re
import tempfile
from pathlib import Path

from daemon.domain.errors import BadInput, ConfigError
from daemon.settings.places import check_owned, config_folder
from daemon.settings.textfile import KIB, ONLY_MINE, read_text

FOLDER = "keys"
MOST_BYTES = 64 * KIB
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}")
_QUOTES = "'\"`\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb"


def is_name(text: str) -> bool:
    """Say whether a secret can be called so: as a variable of the environment."""
    return _NAME.fullmatch(text) is not None


def kept_key(name: str) -> str | None:
    """Give the key of that name, or None where none is kept. Raises ConfigError where its file cannot be used."""
    return read_text(_folder() / name, MOST_BYTES, ONLY_MINE)


def kept_texts() -> list[str]:
    """Give all keys that are kept, also from files that cannot be used since others may read them."""
    found = []
    for name in kept_names():
        with contextlib.suppress(ConfigError):
            found.append(read_text(_folder() / name, MOST_BYTES, 0) or "")
    return found


def keep_key(name: str, typed: str) -> None:
    """Keep a key in the place of the one before, whole or not at all, also when the power fails.

    White space around it is dropped. Raises BadInput for what cannot be a key, without repeating it; ConfigError where
    it cannot be written.
    """
    folder, value = _folder(), _checked(name, typed)
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        check_owned(folder.parent, "The configuration folder")
        folder.mkdir(mode=0o700, exist_ok=True)
        check_owned(folder, "The folder of keys", ONLY_MINE)
        _sweep(folder)
        _written(folder, name, value)
    except OSError as error:
        raise ConfigError(
            f"The key cannot be written to {folder}: {error.strerror}.", "Look at it with: ls -ld " + str(folder)
        ) from error


def drop_key(name: str) -> bool:
    """Forget a key; says whether there was one."""
    path = _folder() / name
    try:
        _sweep(path.parent)
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise ConfigError(f"{path} cannot be removed: {error.strerror}.", f"Remove it: rm '{path}'") from error
    return True


def kept_names() -> dict[str, float]:
    """Give the names of the keys that are kept, with when each was, in seconds since the epoch."""
    folder = _folder()
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return {path.name: path.stat().st_mtime for path in files if is_name(path.name) and path.is_file()}


def _checked(name: str, typed: str) -> str:
    value = typed.strip().strip("\ufeff").strip()
    problem = None
    if not value:
        problem = "No key was given"
    elif len(value.encode("utf-8", "surrogateescape")) > MOST_BYTES:
        problem = f"A key has at most {MOST_BYTES // KIB} KB"
    elif not all(character.isprintable() or character in "\t\r\n" for character in value):
        problem = "There are control characters in it, as of a paste that went wrong"
    elif re.match(rf"(?:export\s+)?{name}\s*[=:]|Bearer\s", value) or value[0] in _QUOTES:
        problem = "That is a key with its name or quotes around it"
    elif name.endswith(("_KEY", "_TOKEN")) and value[0] not in "{-" and not re.fullmatch("[!-~]+", value):
        problem = "A key has no spaces, lines or letters beyond ASCII"
    if problem is not None:
        raise BadInput(f"{problem}; nothing was kept.", "Paste the key alone, or pipe in a file that holds it.")
    return value


def _sweep(folder: Path) -> None:
    """Take away what a kill left of a key that was being written."""
    for path in folder.glob(".new-*"):
        path.unlink(missing_ok=True)


def _folder() -> Path:
    return config_folder() / FOLDER


def _written(folder: Path, name: str, value: str) -> None:
    # mkstemp makes it for its owner alone, and its name, with a dot, is never taken for that of a key.
    descriptor, new = tempfile.mkstemp(prefix=".new-", dir=folder)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(value)
            file.flush()
            os.fsync(file.fileno())
        Path(new).replace(folder / name)
    except BaseException:
        Path(new).unlink()
        raise
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
