"""`agent policy test` on the real tools and rules."""

import json
from pathlib import Path

import pytest

from tests.daemon.app.test_auth import Terminal


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


@pytest.mark.parametrize(
    ("argv", "verdict", "by"),
    [
        (("shell: ls",), "allow", "table: compute, no label"),
        (("bash_execution: ls",), "allow", "table: compute, no label"),
        (("shell: sudo ls",), "deny", "the shipped policy.yaml, line"),
        (("shell: ls", "--labels", "untrusted,private"), "allow", "table: compute, private and untrusted"),
        (('write_file: {"path": "/srv/a", "content": "x"}',), "ask", "table: change, no label"),
        (("finish",), "", ""),
    ],
)
def test_a_call_is_judged_and_the_rule_named(terminal: Terminal, argv: tuple[str, ...], verdict: str, by: str) -> None:
    if not verdict:
        assert "lacks" in terminal("policy", "test", *argv, code=65)
        return
    said = terminal("policy", "test", *argv)
    assert said.startswith(f"{verdict}: ")
    assert f"\n  by {by}" in said


def test_an_agent_that_asks_first_is_heard(terminal: Terminal) -> None:
    (terminal.config / "agents").mkdir(parents=True)
    (terminal.config / "agents" / "careful.yaml").write_text("prompt: p\napproval_required: [shell]\n")
    said = json.loads(terminal("policy", "test", "shell: ls", "--agent", "careful", "--json"))
    assert (said["verdict"], said["rule"], said["arguments"]) == ("ask", "agents: careful", {"command": "ls"})
    assert "ask shell, agent careful: the agent careful asks before it (agents: careful)" in terminal("policy")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("teleport: Rome",), "There is no tool 'teleport'"),
        (("shell: {broken",), "are not JSON"),
        (("shell: ls", "--labels", "secret"), "There is no label 'secret'"),
        (("write_file: a.txt",), "Wrong arguments for write_file"),
    ],
)
def test_what_cannot_be_judged_is_said(terminal: Terminal, argv: tuple[str, ...], said: str) -> None:
    code = 66 if "teleport" in argv[0] else 65
    assert said in terminal("policy", "test", *argv, code=code)
