"""The files that an owner starts from."""

import os
import tempfile
from pathlib import Path

from daemon.domain.errors import ConfigError
from daemon.settings.places import check_owned, shipped

NAMES = ("config.yaml", "models.yaml", "policy.yaml", "tools.yaml")


def write_default(folder: Path) -> tuple[Path, ...]:
    """Copy the commented defaults into `folder` (made with 0700 where it is missing); give the paths written.

    A file that is there already stays as it is, also when another process makes it at the same moment. The copies are
    the owner's alone (0600) and whole or not there at all.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        check_owned(folder, "The configuration folder")
        return tuple(folder / name for name in NAMES if _copied(shipped(f"config/{name}"), folder / name))
    except OSError as error:
        raise ConfigError(
            f"The defaults cannot be written to {folder}: {error.strerror}.",
            "Make a folder that you may write to, or set AGENT_CONFIG to one.",
        ) from error


def _copied(source: Path, target: Path) -> bool:
    if os.path.lexists(target):
        return False
    descriptor, new = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(source.read_bytes())
        # A link, other than a rename, never takes the place of a file that is there.
        target.hardlink_to(new)
    except FileExistsError:
        return False
    finally:
        Path(new).unlink()
    return True
