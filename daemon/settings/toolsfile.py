"""How `tools.yaml` is written, and what is wrong with one."""

from dataclasses import dataclass

from daemon.settings.mistakes import Mistakes, quoted, suggestion
from daemon.settings.nodes import Entries, Items, Node, Text

_KEYS = ("enabled", "disabled")
_MOST_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Named:
    """A tool's name or a pattern for names, and its place for the owner: "tools.yaml, line 3"."""

    pattern: str
    source: str

    @property
    def is_pattern(self) -> bool:
        """Whether it may mean any number of tools, also none."""
        return any(mark in self.pattern for mark in "*?[")


@dataclass(slots=True)
class ToolsFile:
    """What a file says; `enabled` is None where it says nothing, which means all."""

    name: str
    mistakes: Mistakes
    enabled: tuple[Named, ...] | None = None
    disabled: tuple[Named, ...] = ()

    def read(self, entries: Entries) -> None:
        """Take the keys of the file."""
        for key, node in entries.entries:
            if key.text == "enabled":
                self.enabled = self._names("enabled", node)
            elif key.text == "disabled":
                self.disabled = self._names("disabled", node)
            else:
                self._wrong(key, f"unknown key {quoted(key.text)}. {suggestion(key.text, _KEYS)}")

    def _names(self, what: str, node: Node) -> tuple[Named, ...]:
        if not isinstance(node, Items):
            self._wrong(node, f'{what!r} must be a list of names or patterns, like [read_file, "mcp_*"].')
            return ()
        found = []
        for item in node.items:
            if isinstance(item, Text) and 0 < len(item.text) <= _MOST_CHARACTERS:
                found.append(Named(item.text, f"{self.name}, line {item.line}"))
            else:
                self._wrong(item, f"each of {what!r} must be the name of a tool or a pattern.")
        return tuple(found)

    def _wrong(self, node: Node, what: str) -> None:
        self.mistakes.add(f"{self.name}, line {node.line}", what)
