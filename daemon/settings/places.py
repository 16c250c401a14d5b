"""Where things are: the state folder, the configuration folder, and the data that are shipped with the program.

Light commands import this file, so it loads nothing but the standard library.
"""

import os
import stat
from pathlib import Path, PurePosixPath

from daemon.domain.errors import ConfigError, NotFound

APPLICATION = "personal-agent"
WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH

_PACKAGE = Path(__file__).resolve().parents[1]


def state_folder() -> Path:
    """Give the folder of everything that must not be lost; make it (0700) where it is missing.

    It is $AGENT_HOME, else personal-agent in $XDG_STATE_HOME or in ~/.local/state (XDG Base Directory Specification).
    Raises ConfigError when it cannot be made, belongs to another user, or others may write to it.
    """
    folder = _folder("AGENT_HOME", "XDG_STATE_HOME", ".local/state")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        raise ConfigError(
            f"The state folder {folder} is not a folder.",
            "Move that file away, or set AGENT_HOME to a folder.",
        ) from None
    except OSError as error:
        raise ConfigError(
            f"The state folder {folder} cannot be made: {error.strerror}.",
            "Make it yourself, or set AGENT_HOME to a folder that you may write to.",
        ) from error
    check_owned(folder, "The state folder")
    return folder


def config_folder() -> Path:
    """Give the folder of what the owner wrote; it may not exist yet.

    It is $AGENT_CONFIG, else personal-agent in $XDG_CONFIG_HOME or in ~/.config.
    """
    return _folder("AGENT_CONFIG", "XDG_CONFIG_HOME", ".config")


def shipped(name: str) -> Path:
    """Give the path of data that come with the program: "config", "config/policy.yaml", "systemd/…".

    A wheel carries them in `daemon/data`, a checkout at its root. Raises NotFound for any other name.
    """
    parts = PurePosixPath(name).parts
    data = _PACKAGE / "data"
    root = data if data.is_dir() else _PACKAGE.parent
    path = root.joinpath(*parts)
    if not parts or parts[0] not in ("config", "systemd") or ".." in parts or not path.exists():
        raise NotFound(f"{name!r} is not among the files that come with the program.", "Install personal-agent again.")
    return path


def check_owned(
    path: Path, what: str, forbidden: int = WRITABLE_BY_OTHERS, opened: os.stat_result | None = None
) -> None:
    """Raise ConfigError unless `path` belongs to this user or to root and has none of the `forbidden` mode bits.

    Who else could write there could command the agent. A symbolic link is judged as well as what it leads to; for a
    file that is open already, `opened` is what fstat said of it.
    """
    try:
        link, target = path.lstat(), opened or path.stat()
    except OSError as error:
        raise ConfigError(
            f"{what} {path} cannot be looked at: {error.strerror}.", "Check the folders above it."
        ) from error
    for status in (link, target):
        if status.st_uid not in (os.geteuid(), 0):
            raise ConfigError(
                f"{what} {path} belongs to another user (id {status.st_uid}).",
                f"Run: chown -h {os.geteuid()} '{path}' (as root), or use one of your own.",
            )
    mode = stat.S_IMODE(target.st_mode)
    if mode & forbidden:
        can = "read or change it" if forbidden & stat.S_IROTH else "write to it"
        raise ConfigError(
            f"{what} {path} has mode {mode:04o}: other users can {can}.",
            f"Run: chmod {mode & ~forbidden:o} '{path}'",
        )


def _folder(variable: str, base_variable: str, base: str) -> Path:
    own = os.environ.get(variable, "")
    if own:
        path = _expanded(own, variable)
        if not path.is_absolute():
            raise ConfigError(
                f"{variable} is {own!r}, which means another folder in each working folder.",
                f"Set {variable} to a full path.",
            )
        return path
    # The XDG specification says that a relative path in its variables is to be ignored.
    above = os.environ.get(base_variable, "")
    return (Path(above) if above.startswith("/") else _expanded(f"~/{base}", variable)) / APPLICATION


def _expanded(text: str, variable: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise ConfigError("The home folder is not known.", f"Set HOME, or {variable} to a full path.") from error
