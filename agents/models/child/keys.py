"""References to secrets in the parameters of a model; only here are they followed."""

import re
from collections.abc import Callable, Mapping
from typing import Any

_WHOLE = re.compile(r"(?:secret|os\.environ)/([A-Za-z_][A-Za-z0-9_]*)")
_WITHIN = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SHORTEST = 6
"""Characters below which a value is no key that could be told from a word."""


class MissingKeyError(Exception):
    """A name that nothing is set for."""


class Keys:
    """Follows references, and takes the values out of whatever leaves this process."""

    def __init__(self, secret: Callable[[str], str | None]) -> None:
        """Look names up by `secret`."""
        self._secret = secret
        self._values: set[str] = set()

    def resolved(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Give parameters with the values in the place of names; raises MissingKeyError with the name."""
        return {name: self._value(value) for name, value in parameters.items()}

    def without(self, text: str) -> str:
        """Give a text without the values."""
        for value in self._values:
            text = text.replace(value, "[secret]")
        return text

    def _value(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return self.resolved(value)
        if isinstance(value, list | tuple):
            return [self._value(each) for each in value]
        if not isinstance(value, str):
            return value
        whole = _WHOLE.fullmatch(value)
        return self._found(whole[1]) if whole else _WITHIN.sub(lambda match: self._found(match[1]), value)

    def _found(self, name: str) -> str:
        value = self._secret(name)
        if not value:
            raise MissingKeyError(name)
        if len(value) >= _SHORTEST:
            self._values.add(value)
        return value
