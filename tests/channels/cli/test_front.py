"""What is a command, what is a task, and what is a slip."""

import subprocess
import sys
from pathlib import Path

import click
import pytest

from channels.cli.catalogue import COMMANDS
from channels.cli.front import agent
from tests.channels.cli.conftest import Terminal


def _goals(terminal: Terminal) -> list[str]:
    return [line.title for line in terminal.host.service.reads.page()][::-1]


def test_agent_alone_welcomes(terminal: Terminal) -> None:
    said = terminal.type()
    assert said.code == 0
    assert 'agent "disk report"' in said.out
    assert said.err == ""


def test_words_that_are_no_command_are_a_task(terminal: Terminal) -> None:
    said = terminal.type("disk report", story="well")
    assert said.code == 0, said.err
    assert _goals(terminal) == ["disk report"]


@pytest.mark.parametrize("word", ["hello", "/disk-report", "list ", "weather?"])
def test_one_word_is_a_task_where_it_is_near_no_command(terminal: Terminal, word: str) -> None:
    assert terminal.type(word, story="well").code == 0
    assert _goals(terminal) == [word.strip()]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("lst", "list"),
        ("ls", "list"),
        ("LIST", "list"),
        ("statsu", "status"),
        ("approvls", "approvals"),
        ("sop", "stop"),
        ("loggs", "logs"),
    ],
)
def test_a_slip_makes_no_task_and_names_what_was_meant(terminal: Terminal, word: str, meant: str) -> None:
    said = terminal.type(word)
    assert said.code == 2
    assert f'"{meant}"' in said.err.partition("did you mean")[2]
    assert f"agent do {word}" in said.err
    assert _goals(terminal) == []


def test_a_slip_with_arguments_makes_no_task(terminal: Terminal) -> None:
    said = terminal.type("statsu", "3")
    assert said.code == 2
    assert '"status"' in said.err
    assert _goals(terminal) == []


def test_a_task_without_quotes_is_refused_with_the_quotes(terminal: Terminal) -> None:
    said = terminal.type("please", "make", "a", "report")
    assert (said.code, _goals(terminal)) == (2, [])
    assert 'agent "please make a report"' in said.err


def test_do_takes_a_word_that_is_a_command(terminal: Terminal) -> None:
    assert terminal.type("do", "list", story="well").code == 0
    assert _goals(terminal) == ["list"]


def test_options_may_stand_before_the_task(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x")
    assert terminal.type("--file", str(tmp_path / "a.csv"), "sum it up", "--hold").code == 0
    task = terminal.host.service.reads.task(1)
    assert ([blob.name for blob in task.files], task.hold) == (["a.csv"], True)


def test_a_task_may_begin_with_a_dash_after_two_dashes(terminal: Terminal) -> None:
    assert terminal.type("--hold", "--", "-5 degrees: what to wear").code == 0
    assert _goals(terminal) == ["-5 degrees: what to wear"]


@pytest.mark.parametrize("argv", [["--nonsense"], ["list", "--nonsense"], ["pause"], ["pause", "x"], ["--file"]])
def test_wrong_usage_ends_with_two_and_says_how(terminal: Terminal, argv: list[str]) -> None:
    said = terminal.type(*argv)
    assert said.code == 2
    assert said.err.startswith("agent: ")
    assert "--help shows how." in said.err
    assert said.out == ""


@pytest.mark.parametrize("number", ["0", "-1", "1.5", "٣", str(1 << 63), "9" * 400, "1\x1b[2J"])
def test_what_is_no_number_of_a_task_is_refused(terminal: Terminal, number: str) -> None:
    said = terminal.type("logs", "--", number)
    assert said.code == 2
    assert "\x1b" not in said.err


def test_a_task_that_is_not_there_ends_with_66(terminal: Terminal) -> None:
    said = terminal.type("status", "#9223372036854775807")
    assert said == (
        66,
        "",
        "agent: There is no task 9223372036854775807.\n  agent list shows the tasks that there are.\n",
    )


def test_help_lists_every_command_and_the_exit_codes(terminal: Terminal) -> None:
    shown = terminal.type("--help").out
    assert all(f"\n  {name} " in shown for name in COMMANDS)
    assert all(f"\n  {code:>5}  " in shown for code in (0, 1, 2, 65, 66, 69, 71, 74, 75, 77, 78, 130, 141))
    assert terminal.type("help").out == shown


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_where_the_catalogue_says_and_has_examples(terminal: Terminal, name: str) -> None:
    command = agent.get_command(click.Context(agent), name)
    assert command is not None
    assert command.name == name
    said = terminal.type(name, "--help")
    assert said.code == 0
    assert f"  agent {name}" in said.out.partition("Examples:")[2] or name == "do"
    assert terminal.type("help", name).out == said.out


def test_version(terminal: Terminal) -> None:
    assert terminal.type("--version").out.startswith("agent 0.")


def test_no_command_prints_lines_that_are_too_long_in_help(terminal: Terminal) -> None:
    for name in COMMANDS:
        assert all(len(line) <= 100 for line in terminal.type(name, "--help").out.splitlines())


def _completed(tmp_path: Path, words: str, position: int) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.fakes.hosts"],
        env={
            "_AGENT_COMPLETE": "bash_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": str(position),
            "PATH": "/usr/bin",
            "AGENT_HOME": str(tmp_path / "home"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return [line.partition(",")[2] for line in done.stdout.split()]


def test_a_shell_completes_commands_options_and_tasks(terminal: Terminal, tmp_path: Path) -> None:
    terminal.add()
    terminal.add()
    assert _completed(tmp_path, "agent st", 1) == ["status", "stream", "stop", "steer", "stats"]
    assert _completed(tmp_path, "agent pause ", 2) == ["1", "2"][::-1]
    assert "--hold" in _completed(tmp_path, "agent 'do this' --h", 2)
    assert _completed(tmp_path, "agent nonsense-words pause", 2) == []


def test_a_shell_is_told_nothing_when_the_house_is_broken(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "agent.db").write_bytes(b"no database" * 1000)
    assert _completed(tmp_path, "agent pause ", 2) == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(terminal: Terminal, shell: str) -> None:
    said = terminal.type("completion", shell)
    assert said.code == 0
    assert f"_AGENT_COMPLETE={shell}_complete" in said.out


def test_completion_takes_the_shell_that_is_used(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/usr/bin/fish")
    assert "fish_complete" in terminal.type("completion").out
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    assert terminal.type("completion").code == 2
