"""Bad and odd input of a new task: a clear error with what to do, or a task with exactly what was given."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.channels.cli.conftest import Terminal


def _task(terminal: Terminal, number: int = 1) -> dict[str, object]:
    document: dict[str, object] = json.loads(terminal.type("status", str(number), "--json").out)["task"]
    return document


def test_a_goal_of_a_megabyte_comes_from_standard_input(terminal: Terminal) -> None:
    goal = "é" * (1024 * 1024)
    assert terminal.type("add", "-", stdin=goal.encode()).code == 0
    assert _task(terminal)["goal"] == goal


@pytest.mark.parametrize("extra", [1, 4 * 1024 * 1024])
def test_a_longer_goal_is_refused(terminal: Terminal, extra: int) -> None:
    said = terminal.type("add", "-", stdin=b"x" * (1024 * 1024 + extra))
    assert said.code == 65
    assert "1,048,576" in said.err
    assert "--file" in said.err


def test_nul_bytes_and_invalid_utf8_on_standard_input_make_a_readable_goal(terminal: Terminal) -> None:
    assert terminal.type("add", "-", stdin=b"re\x00port \xff on \x1b[31mdisk").code == 0
    assert _task(terminal)["goal"] == "report \ufffd on [31mdisk"


@pytest.mark.parametrize("stdin", [b"", b" \n\t ", b"\x00\x1b"])
def test_an_empty_task_is_refused(terminal: Terminal, stdin: bytes) -> None:
    said = terminal.type("add", "-", stdin=stdin)
    assert (said.code, said.err.splitlines()[0]) == (65, "agent: The task is empty.")


def test_a_closed_standard_input_is_told(terminal: Terminal) -> None:
    said = terminal.type("add", "-")
    assert said.code == 65
    assert "Standard input is closed" in said.err


def test_nul_bytes_in_arguments_do_no_harm(terminal: Terminal) -> None:
    assert terminal.type("add", "a\x00b", "--title", "t\x00", "--project", "p\x00").code == 0
    assert (_task(terminal)["goal"], _task(terminal)["title"], _task(terminal)["project"]) == ("ab", "t", "p")
    assert terminal.type("add", "x", "--file", "a\x00b").code == 65
    assert terminal.type("add", "x", "--dir", "a\x00b").code == 65


def test_invalid_utf8_in_arguments_of_a_process(tmp_path: Path) -> None:
    environment = {"AGENT_HOME": str(tmp_path / "home"), "PATH": os.defpath}
    done = subprocess.run(
        [os.fsencode(sys.executable), b"-m", b"tests.fakes.hosts", b"add", b"caf\xe9 \xff", b"--title", b"\xfe"],
        env=environment,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"Added task 1\n", b"")
    shown = subprocess.run(
        [sys.executable, "-m", "tests.fakes.hosts", "list"], env=environment, capture_output=True, check=True
    )
    shown.stdout.decode("utf-8")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a\nb.csv", "a b.csv"),
        ("exe\u202ecsv.txt", "execsv.txt"),
        ("-rf.csv", "rf.csv"),
        (" .hidden", "hidden"),
        ("\x1b[2J.csv", "[2J.csv"),
        ("日本.csv", "日本.csv"),
    ],
)
def test_oddly_named_files_get_a_name_that_is_safe(terminal: Terminal, tmp_path: Path, name: str, kept: str) -> None:
    (tmp_path / name).write_text("x")
    assert terminal.type("add", "sum up", f"--file={tmp_path / name}").code == 0
    shown = terminal.type("status", "1").out
    assert f"Given: {kept}\n" in shown
    assert not {"\x1b", "\u202e"} & set(shown)


def test_a_file_from_the_folder_above_loses_its_path(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x").write_text("secret")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert terminal.type("add", "read it", "--file", "../x", "--file", str(tmp_path / "x")).code == 0
    assert [file["name"] for file in _task(terminal)["files"]] == ["x", "x (2)"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["missing.csv", "a\x1b[31m\n.csv", "folder", "pipe", "\udcff"])
def test_files_that_cannot_be_given_are_refused_and_nothing_is_recorded(
    terminal: Terminal, tmp_path: Path, name: str
) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    said = terminal.type("add", "x", "--file", str(tmp_path / name))
    assert said.code == 65
    assert said.err.startswith("agent: ")
    assert "\x1b" not in said.err
    assert terminal.type("list").out == "Tasks:\n"


def test_an_unreadable_file_is_refused(terminal: Terminal, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    secret.chmod(0)
    terminal.add()
    before = os.geteuid()
    try:
        if before == 0:
            os.seteuid(65534)
        said = terminal.type("add", "x", "--file", str(secret))
    finally:
        os.seteuid(before)
    assert said.code == 65
    assert "cannot be read: Permission denied." in said.err


def test_a_folder_is_given_by_its_real_path(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert terminal.type("add", "x", "--dir", str(tmp_path / "link")).code == 0
    assert _task(terminal)["folders"] == [str(tmp_path / "real")]
    assert _task(terminal)["writable_folders"] == []


def test_a_folder_may_be_changed_only_where_that_is_said_and_it_is_echoed_in_words(
    terminal: Terminal, tmp_path: Path
) -> None:
    for name in ("read", "both", "write:rw"):
        (tmp_path / name).mkdir()
    named = [("--dir", "read"), ("--dir", "both"), ("--writable-dir", "both"), ("--writable-dir", "write:rw")]
    options = [word for option, name in named for word in (option, str(tmp_path / name))]
    said = terminal.type("do this", *options, story="well")
    assert said.err.splitlines()[:3] == [
        f"task 1 may only read {tmp_path}/read",
        f"task 1 may read and change {tmp_path}/both",
        f"task 1 may read and change {tmp_path}/write:rw",
    ]
    assert _task(terminal)["writable_folders"] == [f"{tmp_path}/both", f"{tmp_path}/write:rw"]
    assert f"Given: {tmp_path}/both (may be changed)\n" in terminal.type("status", "1").out


@pytest.mark.parametrize("name", ["missing", "file", "loop"])
def test_what_is_no_folder_is_refused(terminal: Terminal, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert terminal.type("add", "x", "--dir", str(tmp_path / name)).code == 65


def test_everything_that_was_said_is_in_the_task(terminal: Terminal) -> None:
    terminal.type(
        "add",
        "do it",
        "--agent",
        "writer",
        "--tier",
        "smart",
        "--private",
        "--hold",
        "--project",
        "taxes",
        "--priority",
        "-7",
        "--title",
        "It",
        "--budget",
        "$0.50",
    )
    expected = {
        "agent": "writer",
        "tier": "smart",
        "private": True,
        "hold": True,
        "project": "taxes",
        "priority": -7,
        "title": "It",
        "budget": 0.5,
        "goal": "do it",
        "status": "pending",
        "channel": "cli",
    }
    assert _task(terminal).items() >= expected.items()


@pytest.mark.parametrize("amount", ["nan", "inf", "-1", "1e99", "much", ""])
def test_what_is_no_amount_of_money_is_refused(terminal: Terminal, amount: str) -> None:
    assert terminal.type("add", "x", "--budget", amount).code == 2


@pytest.mark.parametrize("priority", ["1000001", str(1 << 70), "1.5"])
def test_what_is_no_priority_is_refused(terminal: Terminal, priority: str) -> None:
    assert terminal.type("add", "x", "--priority", priority).code == 2
