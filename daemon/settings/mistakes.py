"""The mistakes that are gathered while configuration is read, so that the owner sees all of them at once."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

from daemon.domain.errors import ConfigError

_MOST_SHOWN = 20
_MOST_CHARACTERS = 60


@dataclass(slots=True)
class Mistakes:
    """What is wrong, one sentence each, beginning with the file and line or the variable."""

    found: list[str] = field(default_factory=list)

    def add(self, where: str, what: str) -> None:
        """Keep one mistake."""
        self.found.append(f"{where}: {what}")

    def raise_any(self, fix: str) -> None:
        """Raise one ConfigError with every mistake, each on its own line; do nothing when there is none."""
        if not self.found:
            return
        shown = self.found[:_MOST_SHOWN]
        if len(self.found) > _MOST_SHOWN:
            shown.append(f"and {len(self.found) - _MOST_SHOWN} more mistakes.")
        raise ConfigError("\n".join(shown), fix)


def quoted(text: str) -> str:
    """Give `text` for a message: in quotes, control characters escaped, clipped to 60 characters."""
    return repr(text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - 1] + "…")


def suggestion(word: str, known: Iterable[str], elsewhere: Iterable[str] = ()) -> str:
    """Say which `known` word was probably meant; else one of `elsewhere` (dotted) whose last part it is.

    Where nothing is near, known words are listed, twenty at most.
    """
    words = sorted(known)
    same_case = {key.lower(): key for key in words}
    near = [same_case[key] for key in difflib.get_close_matches(word[:_MOST_CHARACTERS].lower(), same_case, 1)]
    if not near:
        near = [dotted for dotted in elsewhere if dotted.rpartition(".")[2] == word][:1]
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"Known here: {', '.join(words[:_MOST_SHOWN])}."
