"""A database that another program holds: who waits is told why, once, and nothing is lost."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.channels.cli.conftest import Terminal


def test_who_waits_for_a_held_database_is_told_once(terminal: Terminal, tmp_path: Path) -> None:
    terminal.add("first")
    holder = sqlite3.connect(terminal.host.service.home.database, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.hosts", "add", "second"],
        env={"AGENT_HOME": str(tmp_path / "home"), "PATH": os.defpath},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert process.stderr.readline() == "waiting for the database: another program holds it, or the disk is slow\n"
    holder.execute("ROLLBACK")
    holder.close()
    out, err = process.communicate()
    assert (process.returncode, out, err) == (0, "Added task 2\n", "")


def test_reading_does_not_wait(terminal: Terminal) -> None:
    terminal.add("first")
    holder = sqlite3.connect(terminal.host.service.home.database, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert terminal.type("list") == (0, "Tasks:\n  [ ] 1: first (pending)\n", "")
    holder.close()
