"""Errors that the owner is told in a chat: every one that names a text has it, with all that it leaves open."""

import ast
from collections.abc import Iterator
from pathlib import Path

from daemon.domain.errors import InvalidState
from daemon.domain.words import places
from daemon.settings.words import load_words

_DAEMON = Path(__file__).parents[3] / "daemon"


def named() -> Iterator[tuple[str, set[str]]]:
    """Give every text that the program names for an error, and what it fills in."""
    for path in _DAEMON.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "worded":
                (key,) = node.args
                assert isinstance(key, ast.Constant), path
                yield str(key.value), {str(word.arg) for word in node.keywords}


def test_every_text_of_an_error_is_there_and_is_filled_in() -> None:
    say = load_words("de")
    found = list(named())
    assert len(found) > 10
    for key, values in found:
        assert places(say.texts[key]) <= values, key
    told = {key for key in say.texts if key.startswith("error.")}
    assert told == {key for key, _ in found if key.startswith("error.")}, "no text is there for nothing"


def test_an_error_is_told_in_the_owners_language_and_else_as_it_is() -> None:
    problem = InvalidState("There is nothing to redo in task 3.").worded("error.redo_none", task=3)
    assert load_words("de").of_error(problem) == "In Aufgabe 3 wurde nichts zurückgesetzt."
    assert str(problem) == "There is nothing to redo in task 3."
    assert load_words("de").of_error(InvalidState("As it is.", "And more.")) == "As it is."
