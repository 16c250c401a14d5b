"""`agent agents`: who is there, who is at work on what, who cannot, and when each last did something."""

import json

from daemon.domain.profile import ListedAgent, Profile
from daemon.store import database, runs
from tests.channels.cli.conftest import Terminal


def test_what_each_does_and_when_it_last_did_something(terminal: Terminal) -> None:
    code, files, other = (Profile(name, f"{name}.", "p") for name in ("code", "fileops", "other"))
    terminal.host.machine.agents_there = [
        ListedAgent(code),
        ListedAgent(files),
        ListedAgent(other, "there is no model qwen"),
    ]
    for agent in ("code", "fileops"):
        run = terminal.claimed(terminal.add(f"work of {agent}"))
        with database.transaction():
            runs.freeze(run, agent, "0" * 64)
    terminal.type("cancel", "2")
    lines = terminal.type("agents").out.splitlines()
    assert lines[1] == "  code: code. (asks fast, complexity 1 to 10; busy with task 1)"
    assert lines[2].startswith("  fileops: fileops. (asks fast, complexity 1 to 10; available, last active 20")
    assert lines[3] == "  other: other. (asks fast, complexity 1 to 10; offline: there is no model qwen)"
    found = json.loads(terminal.type("agents", "--json").out)["agents"]
    assert [(one["state"], one["tasks"]) for one in found] == [("busy", [1]), ("available", []), ("offline", [])]
    assert [one["last_active"] is None for one in found] == [False, False, True]
