"""Loading the texts in the owner's language: those of the program, and over them the owner's `words.yaml`."""

from daemon.domain.words import Words, places, stray
from daemon.settings.mistakes import Mistakes, quoted, suggestion
from daemon.settings.nodes import Entries, Text
from daemon.settings.places import config_folder, shipped
from daemon.settings.textfile import read_text

NAME = "words.yaml"


def load_words(language: str) -> Words:
    """Give the texts in a language. Raises one ConfigError for all mistakes in the owner's file, with their lines."""
    path = shipped(f"config/words/{language}.yaml")
    ours, mistakes = _read(path.read_text("utf-8"), f"the shipped words/{language}.yaml")
    mistakes.raise_any(f"Correct {path}, or install personal-agent again.")
    texts = {key: text.text for key, text in ours.items()}
    own = config_folder() / NAME
    changed, mistakes = _read(read_text(own) or "", NAME)
    for key, text in changed.items():
        _check(key, text, texts, mistakes)
    mistakes.raise_any(f"Correct {own}.")
    return Words(language, texts | {key: text.text for key, text in changed.items()})


def _check(key: str, text: Text, known: dict[str, str], mistakes: Mistakes) -> None:
    where = f"{NAME}, line {text.line}"
    if key not in known:
        mistakes.add(where, f"unknown key {quoted(key)}. {suggestion(key, known)}")
        return
    more = sorted(places(text.text) - places(known[key]))
    if more or stray(text.text):
        allowed = ", ".join(f"{{{name}}}" for name in sorted(places(known[key]))) or "nothing in braces"
        what = f"{{{more[0]}}} is not known there" if more else "a brace stands alone"
        mistakes.add(where, f"'{key}': {what}; it may use {allowed}.")
    if not text.text.strip():
        mistakes.add(where, f"'{key}' must not be empty.")


def _read(content: str, name: str) -> tuple[dict[str, Text], Mistakes]:
    mistakes = Mistakes()
    found: dict[str, Text] = {}
    if content:
        # Loaded here, so that whoever needs no words does not load the YAML library.
        from daemon.settings.document import parse

        _flatten(parse(content, name, mistakes), "", name, found, mistakes)
    return found, mistakes


def _flatten(entries: Entries, prefix: str, name: str, found: dict[str, Text], mistakes: Mistakes) -> None:
    for key, node in entries.entries:
        dotted = f"{prefix}{key.text}"
        if isinstance(node, Entries):
            _flatten(node, f"{dotted}.", name, found, mistakes)
        elif isinstance(node, Text) and not node.missing:
            found[dotted] = node
        else:
            mistakes.add(f"{name}, line {node.line}", f"'{dotted}' must be a text.")
