"""Secrets by name. They are read when they are needed, and their values never stand in a message, a repr or a log."""

import contextlib
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from daemon.domain.errors import BadInput, ConfigError
from daemon.settings.dotenv import read_dotenv
from daemon.settings.keystore import is_name, kept_key, kept_texts
from daemon.settings.mistakes import Mistakes, quoted
from daemon.settings.places import config_folder
from daemon.settings.textfile import read_text

_MOST_BYTES = 64 * 1024
_SHORTEST = 6
_NAMES = re.compile(
    r"(?:^|_)(?:(?:API|ACCESS|SECRET|PRIVATE|ENCRYPTION|SIGNING|ACCOUNT)_?KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE"
    r"|CREDENTIALS?)$|^(?:PGPASSWORD|MYSQL_PWD|SSHPASS|REDISCLI_AUTH)$",
    re.IGNORECASE,
)
_SETTINGS = "AGENT_"
_NO_SECRET = re.compile(
    r"(?:https?|socks5)://[^/@]*(?:/.*)?|/[\w./-]*|[\w.+-]+@[\w.-]+|(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?|[\d.:]+|localhost(?::\d+)?"
)
"""What the `.env` file also holds: addresses, paths, numbers."""

_COMMON_WORDS = """
password passwort changeme change-me secret example default localhost enabled disabled nothing testing
development production staging postgres admin123 username anonymous required optional internal external private
public system service server client database ollama openai anthropic openrouter gemini telegram github gitlab
google amazon docker python string number boolean please replace insert redacted unknown keyring keychain letmein
welcome monkey dragon master shadow qwerty football baseball sunshine princess 123456 1234567 12345678 123456789
password1 password123 passw0rd
"""
_COMMON = frozenset(_COMMON_WORDS.split())


def secret(name: str) -> str | None:
    """Give the secret `name`, or None where nobody set it; an empty one counts as not set.

    Looked for in the environment, in systemd's credentials ($CREDENTIALS_DIRECTORY, systemd.exec(5)), among the keys
    that `agent auth set` keeps, and in `.env` of the configuration folder; the last two must be readable by their owner
    alone. One line feed at the end of a credential is dropped. Raises BadInput for what is not a variable's name,
    ConfigError for a file that cannot be used.
    """
    if not is_name(name):
        raise BadInput(f"{quoted(name)} cannot be the name of a secret.", "Use letters, digits and _.")
    return next((value for look in _SOURCES.values() if (value := look(name))), None)


def sources_of(name: str) -> tuple[str, ...]:
    """Give, in words, the places that have the secret `name`: the first one counts. Raises as `secret` does."""
    return tuple(source for source, look in _SOURCES.items() if look(name))


def known_secrets() -> list[str]:
    """Give the values that must never be recorded, logged, sent or shown to a model (S8).

    These are the usual variables (`*_API_KEY`, `*_TOKEN`, `*_SECRET`, `*_PASSWORD` and their like) of the environment,
    systemd's credentials, the keys that `agent auth set` keeps, and `.env` of the configuration folder but for
    settings, addresses and numbers. What has fewer than six characters, or is a very common word, is not taken. A file
    that cannot be used is left out: whoever needs a secret of it is told.
    """
    values = [value for name, value in os.environ.items() if _NAMES.search(name)]
    values += _lines([*_credentials(), *kept_texts()])
    for name, value in _assigned().items():
        named = _NAMES.search(name) is not None
        if named or not (name.startswith(_SETTINGS) or _NO_SECRET.fullmatch(value)):
            values.append(value)
    return [value for value in dict.fromkeys(values) if len(value) >= _SHORTEST and value.lower() not in _COMMON]


def _credentials() -> list[str]:
    """Give each of systemd's credentials."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    found = []
    for path in sorted(Path(folder).glob("*")) if folder else ():
        with contextlib.suppress(ConfigError):
            found.append(read_text(path, _MOST_BYTES) or "")
    return found


def _lines(texts: Iterable[str]) -> list[str]:
    """Give texts, and the long lines of those that have several."""
    found = []
    for text in texts:
        lines = [line.strip() for line in text.strip().split("\n")]
        found += [text.strip(), *(line for line in lines if len(line) >= 3 * _SHORTEST)]
    return found


def _assigned() -> dict[str, str]:
    with contextlib.suppress(ConfigError):
        return {name: given.value for name, given in read_dotenv(config_folder(), Mistakes()).items()}
    return {}


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


_SOURCES: dict[str, Callable[[str], str | None]] = {
    "the environment": os.environ.get,
    "a credential of systemd": _credential,
    "agent auth set": kept_key,
    ".env": _from_dotenv,
}
"""Where secrets are looked for, in this order."""
