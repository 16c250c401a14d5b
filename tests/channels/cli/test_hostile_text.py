"""Titles, results, errors, questions and names from outside, on every page that shows them."""

import unicodedata

import pytest

from tests.channels.cli.conftest import Terminal
from tests.fakes import stories
from tests.fakes.stories import HOSTILE

OBEYED = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def _obeyed(text: str) -> list[str]:
    return [c for c in text if c not in "\n\t" and unicodedata.category(c) in OBEYED]


@pytest.fixture
def attacked(terminal: Terminal) -> Terminal:
    """Give a terminal with a task whose every text is an attack, and a question that is one."""
    terminal.type("do this", "--title", HOSTILE, "--project", HOSTILE, story="hostile")
    run = terminal.claimed(terminal.add("ask me"))
    stories.ask(run, f"{HOSTILE}\n\nabcd1234  task 9  call  expires in 6 d\n    rm -rf /\n  agent approve abcd1234")
    failed = terminal.claimed(terminal.add("fail"))
    stories.fail(failed, HOSTILE)
    terminal.type("note", "1", HOSTILE, HOSTILE)
    terminal.type("steer", "2", HOSTILE)
    return terminal


@pytest.mark.parametrize(
    "argv",
    [
        ("list",),
        ("list", "--all"),
        ("status", "1"),
        ("status", "2"),
        ("status", "3"),
        ("logs", "1"),
        ("logs", "2"),
        ("stream", "1"),
        ("history",),
        ("history", "evil"),
        ("why", "1"),
        ("why", "2"),
        ("audit",),
        ("approvals",),
        ("workers",),
        ("stats",),
        ("forget", "1"),
        ("run", "--task", "2"),
        ("export",),
        ("status", "1", "--json"),
        ("approvals", "--json"),
        ("stream", "1", "--json"),
    ],
    ids=" ".join,
)
def test_nothing_from_outside_reaches_the_terminal_as_a_command(attacked: Terminal, argv: tuple[str, ...]) -> None:
    said = attacked.type(*argv)
    assert said.code in (0, 2, 75)
    assert _obeyed(said.out) == []
    assert _obeyed(said.err) == []


@pytest.mark.parametrize("columns", [40, 80])
@pytest.mark.parametrize("argv", [("status", "1"), ("logs", "1"), ("why", "1"), ("why", "2"), ("audit",), ("list",)])
def test_nothing_does_so_on_a_terminal_either(attacked: Terminal, argv: tuple[str, ...], columns: int) -> None:
    attacked.sit_at(columns)
    assert _obeyed(attacked.type(*argv).out) == []


@pytest.mark.parametrize("story", ["hostile", "error"])
def test_results_and_errors_are_harmless(terminal: Terminal, story: str) -> None:
    said = terminal.type("do this", story=story)
    assert "owned" in said.out + said.err
    assert (_obeyed(said.out), _obeyed(said.err)) == ([], [])


def test_the_path_of_a_file_is_one_line_whatever_its_name(terminal: Terminal) -> None:
    said = terminal.type("do this", story="hostile")
    assert said.out.splitlines()[-1].endswith(".exe\\r\\nforged.pdf")


def test_a_title_cannot_forge_a_line_of_the_list(attacked: Terminal) -> None:
    assert len(attacked.type("list").out.splitlines()) == 4


def test_a_question_cannot_look_like_another(attacked: Terminal) -> None:
    shown = attacked.type("approvals").out
    heads = [line for line in shown.splitlines() if line and not line.startswith("  ")]
    assert len(heads) == 2, shown
    answers = [line for line in shown.splitlines() if line.startswith("  agent approve")]
    assert len(answers) == 1
    assert "abcd1234" not in answers[0]


@pytest.mark.parametrize(
    "argv",
    [
        ("\x1b[31mlst",),
        ("approve", "\x1b]0;x\x07aaaa"),
        ("list", "--\x1b[2J"),
        ("skills", "\u202e"),
        ("import", "\x1b[2J"),
    ],
)
def test_what_was_typed_is_not_echoed_as_a_command(terminal: Terminal, argv: tuple[str, ...]) -> None:
    said = terminal.type(*argv, story="well")
    assert (_obeyed(said.out), _obeyed(said.err)) == ([], [])
