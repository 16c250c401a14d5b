"""The tools that come with the product, and how large they are for a model."""

import json

from agents.chooser import _schema as schema_of
from agents.tools.registry import ALWAYS, OURS, Registry
from agents.tools.shape import lacking
from daemon.domain.plugin import Plugged

FILES = (
    *("list_files", "read_file", "write_file", "edit_file", "search_files", "move_file", "delete_file", "make_folder"),
)
BASIC = (*FILES, "finish", "ask_owner", "note", "progress")
MOST_BYTES = 5500


def registry(**off: bool) -> Registry:
    return Registry((), (), lambda name: (off.get(name, True), "a test"))


def test_every_tool_of_the_folder_is_found_and_sound() -> None:
    found = registry()
    assert found.problems == []
    assert set(BASIC) | {"run_skill"} <= found.names
    assert {entry.source for entry in found.entries} == {OURS}
    assert all(lacking(tool) is None for tool in found.tools)
    assert [tool.name for tool in found.tools] == [tool.name for tool in registry().tools]


def test_the_names_that_other_systems_use_are_aliases() -> None:
    aliases = {alias: tool.name for tool in registry().tools for alias in tool.aliases}
    assert {"file_read": "read_file", "file_write": "write_file", "list_dir": "list_files"}.items() <= aliases.items()


def test_the_schemas_of_the_file_tools_and_the_basic_ones_are_small() -> None:
    sizes = {
        tool.name: len(json.dumps(schema_of(tool), ensure_ascii=False, separators=(",", ":")).encode())
        for tool in registry().tools
        if tool.name in BASIC
    }
    assert set(sizes) == set(BASIC)
    assert sum(sizes.values()) <= MOST_BYTES, f"{sum(sizes.values())} bytes: {sizes}"


def test_what_ends_a_task_is_never_switched_off() -> None:
    found = Registry((), (), lambda _: (False, "a test"))
    assert {tool.name for tool in found.tools} == set(ALWAYS)
    assert "write_file" not in {tool.name for tool in registry(write_file=False).tools}


def test_of_two_tools_with_one_name_the_first_stays_and_the_second_is_reported() -> None:
    (ours,) = [tool for tool in registry().tools if tool.name == "read_file"]
    found = Registry([Plugged("theirs", "a package 1", ours)], (), lambda _: (True, ""))
    assert [problem.source for problem in found.problems] == ["a package 1, theirs"]
    assert "taken (built in)" in found.problems[0].reason
