"""What an answer in words says: a yes and nothing else, a no, a change of the call, or none of these."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from channels.talk.about import command_of

_YES = frozenset({"yes", "y", "ok", "okay", "ja", "sì", "si", "sí", "oui", "👍"})
_NO = frozenset({"no", "n", "nein", "non", "nope", "👎"})
_STOP = frozenset(
    {"stop", "stopp", "halt", "cancel", "abbrechen", "basta", "ferma", "arrête", "annule", "para", "cancela"}
)
_WORD = re.compile(r"\s*([^\s.,;:!?]+)[\s.,;:!?]*", re.UNICODE)
_MARKS = " \t\n\u00a0.…!,;"
_TONES = re.compile("[\U0001f3fb-\U0001f3ff\ufe0e\ufe0f]")
"""What gives a hand its colour (Unicode, Fitzpatrick modifiers), and a sign its style."""


@dataclass(frozen=True, slots=True)
class Yes:
    """A yes, with no other word in it."""


@dataclass(frozen=True, slots=True)
class No:
    """A no, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """New values for arguments of the call."""

    arguments: Mapping[str, Any]


Answer = Yes | No | Change


def read_answer(text: str, arguments: Mapping[str, Any]) -> Answer | None:
    """Read an answer to a question about a call with these arguments; None for what is no clear answer.

    Only a yes alone is a yes: with any other word in it, it might mean something else.
    """
    if plainly(text) in _YES:
        return Yes()
    changes = _changes(text, arguments)
    if changes:
        return Change(changes)
    word = _WORD.match(text)
    if word is not None and plainly(word[1]) in _NO:
        return No(text[word.end() :].strip())
    return None


def plainly(text: str) -> str:
    """Give a word as it is compared: without marks, colours, and the ways in which keyboards write the same letter."""
    return _TONES.sub("", unicodedata.normalize("NFC", text)).strip(_MARKS).casefold()


def is_stop(text: str) -> bool:
    """Say whether a message says stop: by the command, or by the word and nothing else."""
    return plainly(text) in _STOP or command_of(text)[0] == "stop"


def chosen(text: str, choices: Sequence[str]) -> str:
    """Give the choice that is meant, where it is written otherwise; else the text."""
    return next((choice for choice in choices if plainly(choice) == plainly(text)), text)


def _changes(text: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Read lines "name: value"; a line that names no argument belongs to the value before it."""
    found: dict[str, str] = {}
    named = {argument.casefold(): argument for argument in arguments}
    name = ""
    for line in text.strip().split("\n"):
        head, colon, rest = line.partition(":")
        if colon and head.strip().casefold() in named:
            name = named[head.strip().casefold()]
            found[name] = rest.removeprefix(" ")
        elif not name:
            return {}
        else:
            found[name] += f"\n{line}"
    return {name: _typed(value, arguments[name]) for name, value in found.items()}


def _typed(value: str, before: object) -> object:
    """Give a value as what it was before: a text, or JSON."""
    if isinstance(before, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
