"""The list of mistakes that is gathered while configuration is read, so that the owner sees all of them at once."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

from daemon.domain.errors import ConfigError

_MOST_SHOWN = 20
_MOST_CHARACTERS = 60


@dataclass(slots=True)
class Mistakes:
    """What is wrong, one sentence each, beginning with the file and line or the variable; `fixes` say where to edit."""

    found: list[str] = field(default_factory=list)
    fixes: list[str] = field(default_factory=list)

    def add(self, where: str, what: str) -> None:
        """Keep one mistake."""
        self.found.append(f"{where}: {what}")

    def fix(self, sentence: str) -> None:
        """Keep what to do, once."""
        if sentence not in self.fixes:
            self.fixes.append(sentence)

    def raise_any(self) -> None:
        """Raise one ConfigError with every mistake, each on its own line; do nothing when there is none."""
        if not self.found:
            return
        shown = self.found[:_MOST_SHOWN]
        if len(self.found) > _MOST_SHOWN:
            shown.append(f"and {len(self.found) - _MOST_SHOWN} more mistakes.")
        raise ConfigError("\n".join(shown), " ".join(self.fixes))


def quoted(text: str) -> str:
    """Give `text` for a message: in quotes, control characters escaped, clipped to 60 characters."""
    return repr(text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - 1] + "…")


def suggestion(word: str, known: Iterable[str], elsewhere: Iterable[str] = ()) -> str:
    """Say which of the `known` words was probably meant; else one of `elsewhere` (dotted) whose last part it is.

    Where nothing is near, the known words are listed.
    """
    words = sorted(known)
    near = difflib.get_close_matches(word[:_MOST_CHARACTERS].lower(), words, 1)
    if not near:
        near = [dotted for dotted in elsewhere if dotted.rpartition(".")[2] == word][:1]
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"Known here: {', '.join(words)}." if words else ""
