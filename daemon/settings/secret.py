"""Secrets by name. They are read when they are needed, and their values never stand in a message, a repr or a log."""

import os
import re
from pathlib import Path

from daemon.domain.errors import BadInput
from daemon.settings.dotenv import read_dotenv
from daemon.settings.mistakes import Mistakes, quoted
from daemon.settings.places import config_folder
from daemon.settings.textfile import read_text

_MOST_BYTES = 64 * 1024


def secret(name: str) -> str | None:
    """Give the secret `name`, or None where nobody set it; an empty one counts as not set.

    Looked for in the environment, in systemd's credentials ($CREDENTIALS_DIRECTORY, systemd.exec(5)), and in `.env` of
    the configuration folder, which must be readable by its owner alone. One line feed at the end of a credential is
    dropped. Raises BadInput for what is not a variable's name, ConfigError for a file that cannot be used.
    """
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,199}", name):
        raise BadInput(f"{quoted(name)} cannot be the name of a secret.", "Use letters, digits and _.")
    return os.environ.get(name) or _credential(name) or _from_dotenv(name) or None


def _credential(name: str) -> str | None:
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    text = read_text(Path(folder) / name, _MOST_BYTES) if folder else None
    return text.removesuffix("\n") if text else None


def _from_dotenv(name: str) -> str | None:
    mistakes = Mistakes()
    folder = config_folder()
    assigned = read_dotenv(folder, mistakes)
    if name not in assigned:
        mistakes.raise_any(f"Correct {folder / '.env'}.")
        return None
    return assigned[name].value
