"""Standard output and standard error as they come: closed, broken, full, a terminal, a narrow one."""

import os
import pty
import re
import signal
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from channels.cli import main
from daemon.engine.workers import WorkerLock
from tests.channels.cli.conftest import Terminal

ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def _environment(tmp_path: Path, **more: str) -> dict[str, str]:
    return {"AGENT_HOME": str(tmp_path / "home"), "PATH": os.defpath, "TERM": "xterm", **more}


def _shell(tmp_path: Path, line: str, **more: str) -> subprocess.CompletedProcess[str]:
    script = f'agent() {{ "{sys.executable}" -m tests.fakes.hosts "$@"; }}; {line}'
    return subprocess.run(
        ["bash", "-c", script], env=_environment(tmp_path, **more), capture_output=True, text=True, check=False
    )


def _on_terminal(tmp_path: Path, *argv: str, **more: str) -> tuple[int, str]:
    """Run a command whose three streams are one terminal; gives exit code and what it showed."""
    ours, theirs = pty.openpty()
    mode = termios.tcgetattr(theirs)
    mode[1] &= ~termios.OPOST
    termios.tcsetattr(theirs, termios.TCSANOW, mode)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.hosts", *argv],
        env=_environment(tmp_path, **more),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    with open(ours, "rb", buffering=0) as screen:  # noqa: PTH123 - a descriptor
        try:
            while piece := screen.read(65536):
                shown += piece
        except OSError:
            pass  # The other side is closed: Linux says so with EIO.
    return process.wait(), shown.decode()


def test_a_reader_that_goes_away_ends_the_command_quietly(terminal: Terminal, tmp_path: Path) -> None:
    for number in range(3):
        terminal.add(f"task {number} " + "x" * 60)
    terminal.type("note", "1", "long", "x" * 1_000_000)
    done = _shell(tmp_path, "agent status 1 --json | head -c 10; echo ${PIPESTATUS[0]} >&2")
    assert done.stderr == "141\n"


def test_a_full_disk_is_told(terminal: Terminal, tmp_path: Path) -> None:
    terminal.add()
    done = _shell(tmp_path, "agent list > /dev/full")
    assert (done.returncode, done.stderr) == (74, "agent: The output could not be written: No space left on device.\n")


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_closed_streams_do_no_harm(terminal: Terminal, tmp_path: Path, closed: str) -> None:
    terminal.add()
    done = _shell(
        tmp_path,
        f"agent list {closed}; echo ended $?; agent 'do this' {closed}; echo ended $?",
        AGENT_TEST_STORY="well",
    )
    assert [line for line in done.stdout.splitlines() if line.startswith("ended")] == ["ended 0", "ended 0"]
    assert "Traceback" not in done.stderr
    assert len(terminal.type("list").out.splitlines()) == 3


def test_what_the_encoding_lacks_is_written_as_an_escape(terminal: Terminal, tmp_path: Path) -> None:
    terminal.add("Größe 日本")
    done = _shell(tmp_path, "agent list", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stdout) == (0, "Tasks:\n  [ ] 1: Gr\\xf6\\xdfe \\u65e5\\u672c (pending)\n")


def test_a_terminal_gets_a_table_in_colour_that_fits(terminal: Terminal, tmp_path: Path) -> None:
    terminal.add("w" * 200)
    terminal.type("pause", "1")
    code, shown = _on_terminal(tmp_path, "list", COLUMNS="60")
    assert code == 0
    assert "\x1b[33mpaused" in shown
    lines = ESCAPE.sub("", shown).splitlines()
    assert lines[0].split() == ["TASK", "STATUS", "TITLE", "ADDED"]
    assert all(len(line) <= 60 for line in lines)
    assert "www…" in lines[1]


@pytest.mark.parametrize("more", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colour_where_none_is_wanted(terminal: Terminal, tmp_path: Path, more: dict[str, str]) -> None:
    terminal.add()
    code, shown = _on_terminal(tmp_path, "list", **more)
    assert (code, "\x1b" in shown) == (0, False)


@pytest.mark.parametrize("argv", [("list",), ("status",), ("status", "1"), ("--help",), ("workers",), ("approvals",)])
def test_twenty_columns_are_enough(terminal: Terminal, tmp_path: Path, argv: tuple[str, ...]) -> None:
    terminal.add("日本" * 50, "--project", "p" * 60)
    code, shown = _on_terminal(tmp_path, *argv, COLUMNS="20")
    assert code == 0
    assert "Traceback" not in shown


def test_progress_on_a_terminal_is_one_line_that_goes_away(tmp_path: Path) -> None:
    code, shown = _on_terminal(tmp_path, "do this", AGENT_TEST_STORY="well", COLUMNS="70")
    assert code == 0
    assert "\r\x1b[2K" in shown
    assert "running" in shown
    left = shown.rpartition("\x1b[2K")[2].splitlines()
    assert left[:2] == ["The report is ready.", "Two charts."]
    assert ESCAPE.sub("", left[-1]).startswith("task 1 done (")


@pytest.mark.parametrize("where", ["list", "status", "do this"])
def test_hostile_text_sends_a_terminal_nothing_but_our_own_colours(
    terminal: Terminal, tmp_path: Path, where: str
) -> None:
    terminal.type("do this", story="hostile")
    argv = ("status", "1") if where == "status" else (where,)
    _, shown = _on_terminal(tmp_path, *argv, AGENT_TEST_STORY="hostile")
    assert "\x1b" not in re.sub(r"\x1b\[(2K|\d{1,2}m)", "", shown)
    assert "\x07" not in shown
    assert "\u202e" not in shown


def test_ctrl_c_while_the_daemon_works_stops_only_the_watching(terminal: Terminal, tmp_path: Path) -> None:
    lock = WorkerLock(terminal.host.service.home.workers, "daemon", 1)
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.fakes.hosts", "do this"],
            env=_environment(tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        # It listens once its socket is there; only then can Ctrl-C find it watching.
        with terminal.host.service.changes() as changes:
            while len(list(terminal.host.service.home.wake.iterdir())) < 2:
                changes.wait(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    finally:
        lock.close()
    assert (process.returncode, out) == (130, "")
    assert err == "task 1 goes on; agent pause 1 stops it\n"
    assert terminal.host.service.reads.task(1).status.value == "pending"


def test_an_unexpected_error_is_one_line_and_its_details_are_in_the_log(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> int:
        raise ValueError("no\x1b[2J\nway")

    monkeypatch.setattr(main, "_dispatch", fails)
    log = terminal.host.service.home.path / "errors.log"
    said = terminal.type("list")
    assert (said.code, said.out) == (1, "")
    assert said.err == (
        f"agent: Something unexpected happened: ValueError: no\\x1b[2J way (the details are in {log})\n"
    )
    assert "ValueError" in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("AGENT_LOG_LEVEL", "debug")
    assert "Traceback (most recent call last)" in terminal.type("list").err


def test_a_damaged_database_is_a_sentence_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "agent.db").write_bytes(b"no database" * 1000)
    done = _shell(tmp_path, "agent list")
    assert (done.returncode, done.stdout) == (74, "")
    assert done.stderr.startswith("agent: The database ")
    assert "Traceback" not in done.stderr
