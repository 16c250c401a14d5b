"""`agent` as a process of its own: nothing that it prints or leaves behind holds a secret."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from channels.cli.main import run
from daemon.app.machine import OwnMachine
from daemon.app.rooms import Rooms
from daemon.store import database
from tests.daemon.engine.canary import KNOWN, LEAK, SHAPED, found_below, holds

SKILL = """---
name: loud
description: Says what it reads
metadata:
  entry: scripts/loud.py
  slots: |
    file: file .txt
  triggers: |
    loud work on {file}
---
"""
SCRIPT = """import sys
text = open(sys.argv[2]).read()
print("::progress 50 " + text.replace("\\n", " "), file=sys.stderr)
print(text)
if "fail" in text:
    raise SystemExit("It broke on " + text)
"""


class Terminal:
    """The command in a house with one skill, whose mail password is the planted secret."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.config = folder / "config"
        scripts = self.config / "skills" / "loud" / "scripts"
        scripts.mkdir(parents=True)
        self.config.chmod(0o700)
        (scripts.parent / "SKILL.md").write_text(SKILL)
        (scripts / "loud.py").write_text(SCRIPT)
        (self.config / ".env").write_text(f"MAIL_PASSWORD='{KNOWN}'\n")
        (self.config / ".env").chmod(0o600)
        self.env = os.environ | {"AGENT_HOME": str(self.home), "AGENT_CONFIG": str(self.config)}

    def run(self, *argv: str, **more: str) -> bytes:
        """Run it; gives all that it printed."""
        command = [sys.executable, "-m", "daemon.main", *argv]
        done = subprocess.run(command, env=self.env | more, capture_output=True, check=False, stdin=subprocess.DEVNULL)
        assert not holds(done.stdout + done.stderr), (argv, done.stdout + done.stderr)
        return done.stdout + done.stderr


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


@pytest.mark.parametrize("word", ["work", "fail"])
def test_a_skill_that_prints_the_secret_of_a_file(terminal: Terminal, tmp_path: Path, word: str) -> None:
    given = tmp_path / "notes.txt"
    given.write_text(f"{word} {LEAK}\n")
    said = terminal.run("loud work on notes.txt", "--file", str(given))
    assert b"[secret:known:" in said
    assert b"[secret:github-token:" in said
    for verb in ("stream", "logs", "why", "status"):
        terminal.run(verb, "1")
    terminal.run("replay", "1")
    terminal.run("history")
    terminal.run("audit")
    terminal.run("export", "--format", "json")
    terminal.run("backup")
    assert found_below(terminal.home, {given.read_bytes()}) == []


def test_a_goal_with_the_secret_and_a_name_that_is_none(terminal: Terminal) -> None:
    terminal.run("add", f"say {LEAK}")
    terminal.run("list")
    terminal.run("status", "1")
    terminal.run("add", "x", "--file", f"/nowhere/{SHAPED}")
    terminal.run("status", SHAPED)
    terminal.run(f"--{SHAPED}")
    terminal.run("skills", KNOWN)
    assert found_below(terminal.home, set()) == []


def test_mistakes_in_the_configuration(terminal: Terminal) -> None:
    (terminal.config / "config.yaml").write_text(f"log:\n  level: {KNOWN}\n  {SHAPED}: 1\nmodel:\n  url: {SHAPED}\n")
    (terminal.config / "policy.yaml").write_text(f"preset: {SHAPED}\nrules: [{KNOWN}]\n")
    said = terminal.run("run")
    assert b"config.yaml, line 2" in said
    terminal.run("config")
    terminal.run("doctor")
    terminal.run("status", AGENT_LOG_LEVEL=KNOWN)


def test_an_error_of_the_database(terminal: Terminal) -> None:
    terminal.run("list")
    with sqlite3.connect(terminal.home / "agent.db") as rows:
        rows.execute(f"CREATE TRIGGER broken BEFORE INSERT ON task BEGIN SELECT RAISE(ABORT, '{SHAPED}'); END")
    rows.close()
    said = terminal.run("add", "x")
    assert b"[secret:github-token:" in said
    with sqlite3.connect(terminal.home / "agent.db") as rows:
        rows.execute("DROP TRIGGER broken")
    rows.close()
    assert found_below(terminal.home, set()) == []


class BrokenRooms(Rooms):
    """A house in which something breaks that nobody foresaw."""

    @property
    def machine(self) -> OwnMachine:
        raise RuntimeError(LEAK)


def test_an_error_that_nobody_foresaw(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AGENT_HOME", "AGENT_CONFIG"):
        monkeypatch.setenv(name, terminal.env[name])
    assert run(BrokenRooms(), ["doctor"]) == 1
    database.close()
    printed = capsys.readouterr()
    assert "RuntimeError" in printed.err
    assert not holds((printed.out + printed.err).encode())
    assert "RuntimeError" in (terminal.home / "errors.log").read_text()
    assert found_below(terminal.home, set()) == []
