"""Pages as a person reads them on a terminal: in words, once, and within its width."""

import io
import shlex
import time
from dataclasses import replace
from pathlib import Path

import pytest

from channels.cli.progress import Progress
from channels.cli.screen import Screen
from channels.cli.session import Session
from channels.cli.typed_path import shown_path, typed_path
from channels.cli.width import columns_of
from tests.channels.cli.conftest import Terminal
from tests.channels.cli.test_house import CSV
from tests.fakes import stories

LONG = replace(
    CSV,
    description="Makes a PDF report of any CSV file that can be sent to a client, e.g. a chart. Use it for reports.",
    triggers=("[pdf [big]] report on|of {file} [with a chart]", "second {file}"),
)
WORDS = replace(CSV, name="manners", description="How to write letters.", entry=None, triggers=(), slots=())


def _fits(text: str, columns: int) -> bool:
    return all(columns_of(line) <= columns for line in text.splitlines())


@pytest.mark.parametrize("columns", [40, 80])
def test_skills_are_a_sentence_each_and_how_to_ask_for_them(terminal: Terminal, columns: int) -> None:
    terminal.host.machine.library = [LONG, WORDS, replace(LONG, name="silent", triggers=())]
    terminal.sit_at(columns)
    out = terminal.type("skills").out
    assert _fits(out, columns)
    blocks = [" ".join(block.split()) for block in out.split("\n\n")[1:]]
    assert blocks[0].startswith(
        "csv-report Makes a PDF report of any CSV file that can be sent to a client, e.g. a chart. Say:"
    )
    assert "Use it for reports" not in out
    assert blocks[0].endswith("Say: report on FILE")
    assert blocks[1] == "manners How to write letters."
    assert blocks[2].endswith("Say: /silent FILE")


def test_a_skill_by_its_name_is_told_at_length(terminal: Terminal) -> None:
    terminal.host.machine.library = [LONG]
    terminal.sit_at(40)
    out = terminal.type("skills", "csv-report").out
    assert "Use it for reports." in " ".join(out.split())
    assert "Say: second {file}" in out


def test_the_list_has_a_column_of_projects_where_there_are_some(terminal: Terminal) -> None:
    terminal.add("one")
    terminal.sit_at(80)
    assert terminal.type("list").out.split("\n")[0].split() == ["TASK", "STATUS", "TITLE", "ADDED"]
    terminal.add("two", "--project", "taxes")
    lines = terminal.type("list").out.splitlines()
    assert lines[0].split() == ["TASK", "STATUS", "TITLE", "PROJECT", "ADDED"]
    assert "taxes" in lines[2]


def test_a_task_is_told_in_words_and_its_title_once(terminal: Terminal) -> None:
    goal = "report " + "on many things " * 12
    terminal.add(goal)
    terminal.add("short", "--title", "Another name")
    terminal.sit_at(80)
    out = terminal.type("status", "1").out
    assert out.startswith("Task 1\nStatus: pending\nGoal:\n  report on many things")
    assert out.count("report on many") == 1
    assert "Added: just now, from the terminal\n" in out
    assert terminal.type("status", "2").out.startswith("Task 2: Another name\nStatus: pending\nGoal:\n  short\n")


def test_the_reason_why_a_task_waits_is_broken_at_words(terminal: Terminal) -> None:
    terminal.sit_at(40)
    said = terminal.type("do this", story="model")
    assert "  No model is configured. Write one into\n  config/models.yaml.\n" in said.err
    assert "  No model is configured. Write one into\n  config/models.yaml.\n" in terminal.type("status", "1").out


def test_progress_says_the_per_cent_once(terminal: Terminal) -> None:
    run = terminal.claimed(terminal.add())
    err = io.StringIO()
    session = Session(terminal.host, Screen(None, err))
    session.screen.live = True
    told = Progress(session, run.task_id, run.id)
    stories.progress(run, 40, "reading sales.csv")
    told.look()
    assert err.getvalue().endswith("task 1 running, 40 %  reading sales.csv")


@pytest.mark.parametrize(
    "name", ["report.pdf", "sales report.pdf", "it's.pdf", "$(touch x).pdf", "~.pdf", "-rf", "報告 1.pdf", "a;b"]
)
def test_a_path_on_a_terminal_is_what_a_shell_takes(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    path = tmp_path / "out put" / name
    typed = typed_path(path)
    assert typed.startswith("~/")
    assert shlex.split(typed) == [f"~/out put/{name}"]
    assert shlex.split(typed_path(Path("/srv") / name)) == [f"/srv/{name}"]


def test_a_path_in_a_pipe_is_whole_and_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert shown_path(Screen(None, None), tmp_path / "a b.pdf") == f"{tmp_path}/a b.pdf"


def test_logs_have_the_time_of_day_and_fit(terminal: Terminal) -> None:
    terminal.type("do this", story="well")
    terminal.sit_at(40)
    out = terminal.type("logs", "1").out
    assert _fits(out, 40)
    assert time.strftime("%Y-%m-%d") not in out
    assert "progress: 40% reading" in out


def test_why_fits_and_says_when_in_words(terminal: Terminal) -> None:
    stories.fail(terminal.claimed(terminal.add("report " * 30)), "no")
    terminal.sit_at(40)
    out = terminal.type("why", "1").out
    assert "Asked by you in the terminal, just now\n" in out
    assert _fits(out.partition("Log:")[2], 40)
