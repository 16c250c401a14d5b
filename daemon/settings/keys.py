"""The keys of the settings, as the sections declare them."""

from functools import cache
from typing import Annotated, get_args, get_origin, get_type_hints

import msgspec

from daemon.settings.kinds import Each, Kind
from daemon.settings.sections import Settings

Branch = dict[str, "Branch | Kind"]


@cache
def tree() -> Branch:
    """Give the keys as they stand in the file: sections within sections, a kind at each end."""
    return _branch(Settings)


@cache
def kinds() -> dict[str, Kind]:
    """Give the kind of each dotted key, in the order of the file."""
    return dict(_leaves(tree(), ""))


def default(dotted: str) -> object:
    """Give the value that a key has when nobody sets it."""
    value: object = Settings()
    for name in dotted.split("."):
        value = getattr(value, name)
    return value


def _branch(section: type) -> Branch:
    branch: Branch = {}
    for name, hint in get_type_hints(section, include_extras=True).items():
        if get_origin(hint) is Annotated:
            kind = get_args(hint)[1]
            branch[name] = dict(kind.kinds) if isinstance(kind, Each) else kind
        elif isinstance(hint, type) and issubclass(hint, msgspec.Struct):
            branch[name] = _branch(hint)
    return branch


def _leaves(branch: Branch, prefix: str) -> list[tuple[str, Kind]]:
    found: list[tuple[str, Kind]] = []
    for name, below in branch.items():
        found += _leaves(below, f"{prefix}{name}.") if isinstance(below, dict) else [(prefix + name, below)]
    return found
