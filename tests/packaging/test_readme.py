"""The README's two commands are what is tested, and the first does what it promises."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.checkout import ROOT, tracked

TASK = ["report on sales.csv", "--file", "config/examples/sales.csv"]
SET_UP = f'sh systemd/setup.sh && .venv/bin/agent "{TASK[0]}" {TASK[1]} {TASK[2]}'
TEST = "sh tests/all.sh"


def _blocks() -> list[list[str]]:
    """Give the lines of each fenced block of the README."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", (ROOT / "README.md").read_text(), re.DOTALL | re.MULTILINE)
    return [block.splitlines() for block in fenced]


def test_the_readme_opens_with_exactly_two_commands() -> None:
    blocks = _blocks()
    lines = [line for block in blocks[: 1 if blocks and len(blocks[0]) > 1 else 2] for line in block]
    assert lines == [SET_UP, TEST]


def test_the_files_of_the_commands_are_tracked() -> None:
    names = {str(path) for path in tracked()}
    assert {"systemd/setup.sh", "tests/all.sh", TASK[2]} <= names


def test_the_first_command_ends_in_a_pdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AGENT_HOME", "AGENT_CONFIG", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    agent = Path(sys.executable).with_name("agent")
    done = subprocess.run([agent, *TASK], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (pdf,) = [Path(line.strip()) for line in done.stdout.splitlines() if line.endswith(".pdf")]
    assert pdf.is_relative_to(tmp_path)
    assert pdf.read_bytes().startswith(b"%PDF-")
