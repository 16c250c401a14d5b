"""Loading the settings: defaults, then `config.yaml`, then `.env`, then the environment, each over the one before.

Nothing is kept between calls: `load` reads again each time, and touches neither the environment nor a file.
"""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from daemon.domain.errors import ConfigError
from daemon.settings import configfile, dotenv
from daemon.settings.configfile import ConfigFile
from daemon.settings.environment import PREFIX, read_variables
from daemon.settings.found import Found
from daemon.settings.keys import default, kinds
from daemon.settings.mistakes import Mistakes
from daemon.settings.places import WRITABLE_BY_OTHERS, config_folder
from daemon.settings.sections import Settings
from daemon.settings.textfile import ONLY_MINE, read_bytes, read_text

_READ = (
    (configfile.NAME, WRITABLE_BY_OTHERS),
    ("policy.yaml", WRITABLE_BY_OTHERS),
    ("tools.yaml", WRITABLE_BY_OTHERS),
    ("models.yaml", WRITABLE_BY_OTHERS),
    ("litellm.yaml", WRITABLE_BY_OTHERS),
    (dotenv.NAME, ONLY_MINE),
)
_KEY = os.urandom(32)


class Explained(NamedTuple):
    """One setting: its dotted key, its value as a person writes it, and "default" or the place that set it."""

    key: str
    value: str
    source: str


def load() -> Settings:
    """Give the settings. Raises one ConfigError that names every mistake, with file and line."""
    found, notices = _found()
    values: dict[str, Any] = {"notices": notices}
    for dotted in kinds():
        *sections, name = dotted.split(".")
        branch = values
        for section in sections:
            branch = branch.setdefault(section, {})
        branch[name] = found[dotted].value if dotted in found else default(dotted)
    return msgspec.convert(values, Settings)


def explain() -> list[Explained]:
    """Give every setting with its source, in the order of the file. Raises ConfigError as `load` does."""
    found, _ = _found()
    explained = []
    for dotted, kind in kinds().items():
        here = found.get(dotted) or Found(default(dotted), "default")
        explained.append(Explained(dotted, kind.spoken(here.value), here.source))
    return explained


def fingerprint() -> str:
    """Give a text that changes when anything that `load` or the policy is read from changes; never raises.

    Take it before `load`, so that a change while reading is seen at the next look. It means something within this
    process only: it is keyed with random bytes, so that it says nothing about secrets in `.env`.
    """
    digest = hashlib.blake2b(key=_KEY)
    try:
        folder = config_folder()
    except ConfigError as error:
        return str(error)
    state = [str(folder).encode("utf-8", "surrogateescape")]
    for name, forbidden in _READ:
        try:
            state.append(read_bytes(folder / name, forbidden=forbidden) or b"")
        except ConfigError as error:
            state.append(str(error).encode("utf-8", "surrogateescape"))
    variables = sorted(item for item in os.environb.items() if item[0].startswith(PREFIX.encode()))
    for part in (*state, *(side for item in variables for side in item)):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _found() -> tuple[dict[str, Found], tuple[str, ...]]:
    mistakes = Mistakes()
    folder = config_folder()
    file = _config_file(folder / configfile.NAME, mistakes)
    assigned = dotenv.read_dotenv(folder, mistakes)
    from_file = [(name, it.value, f"{dotenv.NAME}, line {it.line}") for name, it in assigned.items()]
    layers = (
        file.found,
        read_variables(from_file, mistakes, dotenv.NAME),
        read_variables(((name, value, name) for name, value in os.environ.items()), mistakes),
    )
    mistakes.raise_any(f"Correct this in {folder} or in the environment.")
    return _over(layers), tuple(file.notices)


def _over(layers: Iterable[dict[str, Found]]) -> dict[str, Found]:
    together: dict[str, Found] = {}
    for layer in layers:
        together |= layer
    return together


def _config_file(path: Path, mistakes: Mistakes) -> ConfigFile:
    file = ConfigFile(mistakes)
    text = read_text(path)
    if text:
        # The YAML library costs more time than all the rest of a light command's settings: only where there is a file.
        from daemon.settings.document import parse

        file.read(parse(text, configfile.NAME, mistakes))
    return file
