"""`agent tools`."""

import json

from daemon.domain.plugin import ListedTool, PluginProblem
from tests.channels.cli.conftest import Terminal


def _fill(terminal: Terminal) -> None:
    terminal.host.machine.toolbox = [
        ListedTool("read_file", "Read.", "read", "built in", True, "", ("file_read",)),
        ListedTool("weather\x1b[31m", "Tell.", "fetch", "almanac 1.2", False, "tools.yaml, line 3", ()),
    ]
    terminal.host.machine.left_out = [PluginProblem("almanac 1.2, tides", "it cannot be loaded: ImportError: no.")]


def test_tools_are_listed_with_effect_source_and_switch_and_problems_beside(terminal: Terminal) -> None:
    _fill(terminal)
    done = terminal.type("tools")
    assert done.out.splitlines() == [
        "Tools (1 on, 1 off):",
        "  [X] read_file: read, built in",
        "  [ ] weather\\x1b[31m: fetch, almanac 1.2 (off: tools.yaml, line 3)",
    ]
    assert done.err == "almanac 1.2, tides: it cannot be loaded: ImportError: no.\n"


def test_programs_get_them_as_json(terminal: Terminal) -> None:
    _fill(terminal)
    found = json.loads(terminal.type("tools", "--json").out)
    assert found["tools"][0] == {
        "name": "read_file",
        "description": "Read.",
        "effect": "read",
        "source": "built in",
        "on": True,
        "switched_by": None,
        "aliases": ["file_read"],
    }
    assert found["problems"] == [{"source": "almanac 1.2, tides", "reason": "it cannot be loaded: ImportError: no."}]
