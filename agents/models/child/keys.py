"""The values of secrets in the parameters of a model; only here are references to them followed."""

from collections.abc import Callable, Mapping
from typing import Any

from daemon.domain.reference import followed

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
        return {name: followed(value, self._found) for name, value in parameters.items()}

    def without(self, text: str) -> str:
        """Give a text without the values."""
        for value in self._values:
            text = text.replace(value, "[secret]")
        return text

    def _found(self, name: str) -> str:
        value = self._secret(name)
        if not value:
            raise MissingKeyError(name)
        if len(value) >= _SHORTEST:
            self._values.add(value)
        return value
