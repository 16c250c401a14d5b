"""The owner's `config.yaml`: which keys it sets, and what is wrong with it."""

from dataclasses import dataclass, field

from daemon.settings.found import Found, read_value
from daemon.settings.keys import Branch, kinds, tree
from daemon.settings.kinds import Kind, Several
from daemon.settings.mistakes import Mistakes, quoted, suggestion
from daemon.settings.nodes import Entries, Items, Node, Text

NAME = "config.yaml"

# The form that an earlier generation of this kind of agent used.
_OLDER = {"max_steps": "limits.run.steps", "shell_timeout": "sandbox.seconds"}
_WITHOUT_MEANING = {
    "default_provider": "models are chosen in models.yaml",
    "working_dir": "every run has a workspace of its own",
}


@dataclass(slots=True)
class ConfigFile:
    """What was read: `found` by dotted key, and `notices` about keys of the older form."""

    mistakes: Mistakes
    found: dict[str, Found] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    def read(self, entries: Entries) -> None:
        """Take the keys of the file."""
        older = [pair for pair in entries.entries if pair[0].text in _OLDER or pair[0].text in _WITHOUT_MEANING]
        newer = tuple(pair for pair in entries.entries if pair not in older)
        self._section(Entries(entries.line, newer), tree(), "")
        for key, node in older:
            self._older(key, node)

    def _section(self, entries: Entries, branch: Branch, prefix: str) -> None:
        for key, node in entries.entries:
            below = branch.get(key.text)
            dotted = prefix + key.text
            if below is None:
                self._unknown(key, branch, prefix)
            elif isinstance(below, dict):
                self._below(dotted, node, below)
            else:
                self._value(dotted, below, node, _place(key))

    def _unknown(self, key: Text, branch: Branch, prefix: str) -> None:
        within = f" in {prefix[:-1]!r}" if prefix else ""
        meant = suggestion(key.text, branch, kinds())
        self.mistakes.add(_place(key), f"unknown key {quoted(key.text)}{within}. {meant}")

    def _below(self, dotted: str, node: Node, branch: Branch) -> None:
        if isinstance(node, Entries):
            self._section(node, branch, f"{dotted}.")
        elif not (isinstance(node, Text) and node.missing):
            names = ", ".join(branch)
            self.mistakes.add(_place(node), f"{dotted!r} must have keys of its own below it: {names}.")

    def _value(self, dotted: str, kind: Kind, node: Node, place: str) -> None:
        if isinstance(node, Text) and node.missing:
            self.mistakes.add(place, f"{dotted!r} has no value. Put # before it to have the default.")
        elif isinstance(kind, Several):
            self._several(dotted, kind, node, place)
        elif isinstance(node, Text):
            self._keep(dotted, read_value(kind, dotted, node.text, place, self.mistakes))
        else:
            self.mistakes.add(place, f"{dotted!r} must be one value, not {_shape(node)}.")

    def _several(self, dotted: str, kind: Several, node: Node, place: str) -> None:
        items = node.items if isinstance(node, Items) else (node,)
        texts = [item.text for item in items if isinstance(item, Text) and not item.missing]
        if len(texts) < len(items):
            self.mistakes.add(place, f"{dotted!r} must be a list of values, like [a, b].")
            return
        try:
            self._keep(dotted, Found(kind.read_all(texts), place))
        except ValueError as error:
            self.mistakes.add(place, f"each of {dotted!r} {error}.")

    def _older(self, key: Text, node: Node) -> None:
        place = _place(key)
        if key.text in _WITHOUT_MEANING:
            self.notices.append(
                f"{place}: {key.text!r} is of an older form and not used: {_WITHOUT_MEANING[key.text]}."
            )
            return
        dotted = _OLDER[key.text]
        if dotted in self.found:
            self.notices.append(f"{place}: {key.text!r} is not used, because {dotted!r} is set too.")
            return
        self.notices.append(f"{place}: {key.text!r} is of an older form; it is read as {dotted!r}.")
        self._value(dotted, kinds()[dotted], node, place)

    def _keep(self, dotted: str, found: Found | None) -> None:
        if found is not None:
            self.found[dotted] = found


def _place(node: Node) -> str:
    return f"{NAME}, line {node.line}"


def _shape(node: Node) -> str:
    return "a list" if isinstance(node, Items) else "more keys"
