"""How a policy file is written, and what is wrong with one."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import TypeVar

from daemon.domain.effect import Effect, Label
from daemon.domain.rules import Preset, Rule, Verdict
from daemon.settings.mistakes import Mistakes, quoted, suggestion
from daemon.settings.nodes import Entries, Items, Node, Text

_MOST_RULES = 2000
_MOST_CHARACTERS = 1000
_KEYS = ("preset", "rules")
_RULE_KEYS = ("verdict", "tool", "effect", "arguments", "agent", "label", "reason")

_Word = TypeVar("_Word", bound=StrEnum)
_Arguments = Mapping[str, str] | str | None


@dataclass(slots=True)
class PolicyFile:
    """What a file says; `preset` and `rules` are None where it says nothing."""

    name: str
    mistakes: Mistakes
    preset: Preset | None = None
    rules: tuple[Rule, ...] | None = None

    def read(self, entries: Entries) -> None:
        """Take the keys of the file."""
        for key, node in entries.entries:
            if key.text == "preset":
                self.preset = self._word(Preset, "preset", node)
            elif key.text == "rules":
                self.rules = self._rules(node)
            else:
                self._wrong(key, f"unknown key {quoted(key.text)}. {suggestion(key.text, _KEYS)}")

    def _rules(self, node: Node) -> tuple[Rule, ...]:
        if not isinstance(node, Items):
            self._wrong(node, "'rules' must be a list: each rule begins with '- '. No rules at all are [].")
            return ()
        rules: list[Rule] = []
        for item in node.items:
            if isinstance(item, Entries):
                rules += self._rule(item)
            else:
                self._wrong(item, "a rule must have keys, like `- verdict: deny`.")
        if len(rules) > _MOST_RULES:
            self._wrong(node, f"more than {_MOST_RULES} rules and patterns.")
        return tuple(rules)

    def _rule(self, entries: Entries) -> list[Rule]:
        """Give the rules of one entry: a list of patterns for an argument is a rule for each of them."""
        written: dict[str, Node] = {}
        for key, node in entries.entries:
            if key.text in _RULE_KEYS:
                written[key.text] = node
            else:
                self._wrong(key, f"unknown key {quoted(key.text)} in a rule. {suggestion(key.text, _RULE_KEYS)}")
        before = len(self.mistakes.found)
        verdict = self._word(Verdict, "verdict", written.get("verdict", Text(entries.line, "", missing=True)))
        tool = self._pattern("tool", written.get("tool"))
        agent = self._pattern("agent", written.get("agent"))
        effect = self._words(Effect, "effect", written.get("effect"))
        label = self._words(Label, "label", written.get("label"))
        reason = self._text("reason", written["reason"]) if "reason" in written else ""
        patterns = self._arguments(written.get("arguments"))
        if not written.keys() - {"verdict", "reason"}:
            self._wrong(entries, "this rule would apply to every call. Name a tool, an effect or arguments.")
        elif verdict is Verdict.ALLOW and not tool.strip("*?"):
            self._wrong(entries, "a rule that allows must name its tool.")
        if verdict is None or len(self.mistakes.found) > before:
            return []
        source = f"{self.name}, line {entries.line}"
        return [Rule(verdict, tool, effect, pattern, agent, label, reason, source) for pattern in patterns]

    def _arguments(self, node: Node | None) -> list[_Arguments]:
        if node is None:
            return [None]
        if not isinstance(node, Entries):
            return list(self._patterns("arguments", node))
        names = [key.text for key, _ in node.entries]
        choices = [self._patterns(f"arguments.{key.text}", value) for key, value in node.entries]
        count = 1
        for choice in choices:
            count *= len(choice)
        if not names or count > _MOST_RULES:
            self._wrong(node, f"'arguments' must name 1 to {_MOST_RULES} patterns.")
            return []
        return [dict(zip(names, chosen, strict=True)) for chosen in product(*choices)]

    def _patterns(self, what: str, node: Node) -> list[str]:
        if isinstance(node, Items) and node.items:
            return [self._pattern(what, item) for item in node.items]
        return [self._pattern(what, node)]

    def _pattern(self, what: str, node: Node | None) -> str:
        return "*" if node is None else self._text(what, node)

    def _text(self, what: str, node: Node) -> str:
        if isinstance(node, Text) and 0 < len(node.text) <= _MOST_CHARACTERS:
            return node.text
        self._wrong(node, f"{what!r} must be a text of 1 to {_MOST_CHARACTERS} characters.")
        return ""

    def _words(self, kind: type[_Word], what: str, node: Node | None) -> frozenset[_Word]:
        if node is None:
            return frozenset()
        items = node.items if isinstance(node, Items) else (node,)
        if not items:
            self._wrong(node, f"{what!r} is an empty list. Remove it, or name one.")
        return frozenset(word for item in items if (word := self._word(kind, what, item)) is not None)

    def _word(self, kind: type[_Word], what: str, node: Node) -> _Word | None:
        text = node.text if isinstance(node, Text) else ""
        try:
            return kind(text)
        except ValueError:
            known = [word.value for word in kind]
            if text:
                self._wrong(node, f"{what!r} cannot be {quoted(text)}. {suggestion(text, known)}")
            else:
                self._wrong(node, f"{what!r} must be one of {', '.join(known)}.")
            return None

    def _wrong(self, node: Node, what: str) -> None:
        self.mistakes.add(f"{self.name}, line {node.line}", what)
