"""How secrets are named where their values must not stand: `secret/NAME`, `os.environ/NAME`, `${NAME}`."""

import re
from collections.abc import Callable, Mapping
from typing import Any

_WHOLE = re.compile(r"(?:secret|os\.environ)/([A-Za-z_][A-Za-z0-9_]*)")
_WITHIN = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def followed(value: Any, look: Callable[[str], str]) -> Any:
    """Give a JSON value with what `look` gives for each name in the place of the reference to it."""
    if isinstance(value, Mapping):
        return {key: followed(each, look) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [followed(each, look) for each in value]
    if not isinstance(value, str):
        return value
    whole = _WHOLE.fullmatch(value)
    return look(whole[1]) if whole else _WITHIN.sub(lambda match: look(match[1]), value)


def names_in(value: Any) -> tuple[str, ...]:
    """Give the names that a JSON value refers to, each once, in their order."""
    found: dict[str, None] = {}

    def look(name: str) -> str:
        found[name] = None
        return ""

    followed(value, look)
    return tuple(found)
