"""How a file in `agents/` is written, and what is wrong with one."""

from typing import Any

from daemon.domain.catalogue import TIERS
from daemon.domain.limits import Limits
from daemon.domain.profile import Profile
from daemon.settings.kinds import Dollars, Duration, Kind, Whole
from daemon.settings.mistakes import Mistakes, quoted, suggestion
from daemon.settings.nodes import Entries, Items, Node, Text

_ALL = frozenset({"true", "yes", "on", "all"})
_NONE = frozenset({"false", "no", "off", "none"})
_MOST_PROMPT = 20_000
_MOST_WORDS = 500
_OLDER = {"system_prompt": "prompt", "model_tier": "tier", "complexity_range": "complexity"}
_KEYS = (
    "name",
    "description",
    "prompt",
    "tools",
    "tier",
    "model",
    "words",
    "suffixes",
    "complexity",
    "approval_required",
    "max_iterations",
    "limits",
)
_LIMITS: dict[str, Kind] = {
    "steps": Whole(1, 1_000_000),
    "seconds": Duration(1, 366 * 86_400),
    "model_calls": Whole(0, 1_000_000),
    "tokens": Whole(0, 1_000_000_000_000),
    "money": Dollars(1_000_000),
}


class ProfileFile:
    """One agent's file."""

    def __init__(self, name: str, mistakes: Mistakes) -> None:
        """Say mistakes as those of the file `name`."""
        self._name = name
        self._mistakes = mistakes
        self._limits: dict[str, int | None] = {}

    def read(self, entries: Entries, fallback: str) -> Profile | None:
        """Give the agent; `fallback` is its name where the file says none. None where a mistake was found."""
        before = len(self._mistakes.found)
        found: dict[str, Any] = {"name": fallback, "description": "", "prompt": ""}
        if not _is_name(fallback):
            self._wrong(entries, "its name without the ending must be a word of letters, digits and hyphens.")
        for key, node in entries.entries:
            name = _OLDER.get(key.text, key.text)
            if name not in _KEYS:
                known = (*_KEYS, *_OLDER)
                self._wrong(key, f"unknown key {quoted(key.text)}. {suggestion(key.text, known)}")
            elif not (isinstance(node, Text) and node.missing):
                self._take(name, node, found)
        if len(self._mistakes.found) > before:
            return None
        return Profile(**found, limits=Limits(**self._limits))

    def _take(self, name: str, node: Node, found: dict[str, Any]) -> None:
        if name in ("tools", "words", "suffixes"):
            found[name] = self._words(name, node)
        elif name == "approval_required":
            found[name] = self._approval(node)
        elif name == "complexity":
            found[name] = self._range(node)
        elif name == "max_iterations":
            self._limit("steps", node, name)
        elif name == "limits":
            self._bounds(node)
        else:
            found[name] = self._text(name, node)

    def _text(self, name: str, node: Node) -> str:
        if not isinstance(node, Text) or len(node.text) > _MOST_PROMPT:
            self._wrong(node, f"{name!r} must be a text of at most {_MOST_PROMPT:,} characters.")
            return ""
        text = node.text.strip()
        if name == "tier" and text not in TIERS:
            self._wrong(node, f"'model_tier' cannot be {quoted(text)}. {suggestion(text, TIERS)}")
        if name == "name" and not _is_name(text):
            self._wrong(node, "'name' must be a word of letters, digits and hyphens.")
        return text

    def _words(self, name: str, node: Node) -> tuple[str, ...]:
        items = node.items if isinstance(node, Items) else (node,)
        words = tuple(item.text.strip() for item in items if isinstance(item, Text) and item.text.strip())
        if len(words) < len(items) or len(words) > _MOST_WORDS:
            self._wrong(node, f"{name!r} must be a list of at most {_MOST_WORDS} words.")
        return words

    def _approval(self, node: Node) -> tuple[str, ...]:
        """Take yes or no for all tools, or names and patterns: a list, or a text with commas between."""
        if isinstance(node, Text):
            words = tuple(word.strip() for word in node.text.split(",") if word.strip())
        else:
            words = self._words("approval_required", node)
        said = {word.lower() for word in words}
        if said & _ALL:
            return ("*",)
        return () if said <= _NONE else words

    def _range(self, node: Node) -> tuple[int, int]:
        items = node.items if isinstance(node, Items) else ()
        numbers = [int(item.text) for item in items if isinstance(item, Text) and item.text.isdecimal()]
        if len(numbers) != 2 or not 1 <= numbers[0] <= numbers[1] <= 10:
            self._wrong(node, "'complexity_range' must be two numbers from 1 to 10, like [1, 6].")
            return (1, 10)
        return numbers[0], numbers[1]

    def _bounds(self, node: Node) -> None:
        if not isinstance(node, Entries):
            self._wrong(node, "'limits' must have keys, like {steps: 50, money: $0.50}.")
            return
        for key, below in node.entries:
            if key.text in _LIMITS:
                self._limit(key.text, below, key.text)
            else:
                self._wrong(key, f"unknown limit {quoted(key.text)}. {suggestion(key.text, _LIMITS)}")

    def _limit(self, name: str, node: Node, said: str) -> None:
        if name in self._limits:
            self._wrong(node, f"{said!r} sets the limit on {name} a second time.")
        try:
            value = _LIMITS[name].read(node.text if isinstance(node, Text) else "")
        except ValueError as error:
            self._wrong(node, f"{said!r} {error}.")
            return
        self._limits[name] = int(str(value))

    def _wrong(self, node: Node, what: str) -> None:
        self._mistakes.add(f"{self._name}, line {node.line}", what)


def _is_name(text: str) -> bool:
    return 0 < len(text) <= 64 and text.replace("-", "").replace("_", "").isalnum()
