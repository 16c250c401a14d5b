"""Switching tools: tools.yaml, then .env, then the environment."""

from pathlib import Path

import pytest

from daemon.domain.errors import ConfigError
from daemon.settings.loader import fingerprint
from daemon.settings.places import shipped
from daemon.settings.tools import load_switches

TOOLS = {"read_file", "write_file", "delete_file", "mcp_notes-add"}


def on() -> set[str]:
    switches = load_switches()
    return {tool for tool in TOOLS if switches.of(tool).on}


def write(folder: Path, text: str, name: str = "tools.yaml") -> None:
    (folder / name).write_text(text)
    (folder / name).chmod(0o600)


def test_without_a_file_everything_is_on(folder: Path) -> None:
    del folder
    assert on() == TOOLS


def test_the_shipped_file_says_nothing_but_explains(folder: Path) -> None:
    write(folder, shipped("config/tools.yaml").read_text())
    assert on() == TOOLS


def test_the_examples_of_the_shipped_file_can_be_used(folder: Path) -> None:
    text = shipped("config/tools.yaml").read_text()
    write(folder, text.replace("# enabled:", "enabled:").replace("# disabled:", "disabled:"))
    assert on() == {"read_file"}


def test_enabled_names_all_that_are_on_and_disabled_counts_more(folder: Path) -> None:
    write(folder, 'enabled: ["*_file"]\ndisabled:\n  - delete_file\n')
    assert on() == {"read_file", "write_file"}
    assert load_switches().of("delete_file").source == "tools.yaml, line 3"
    assert load_switches().of("mcp_notes-add").source == "not among 'enabled' in tools.yaml"


def test_a_variable_counts_more_than_the_file_and_the_environment_more_than_the_env_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, "disabled: [read_file, write_file]\n")
    write(folder, "AGENT_ENABLE_READ_FILE=1\nAGENT_ENABLE_WRITE_FILE=1\nAGENT_ENABLE_MCP_NOTES_ADD=no\n", ".env")
    monkeypatch.setenv("AGENT_ENABLE_WRITE_FILE", "0")
    assert on() == {"read_file", "delete_file"}
    assert load_switches().of("read_file").source == ".env, line 1"
    assert load_switches().of("write_file").source == "AGENT_ENABLE_WRITE_FILE"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("enable: [a]\n", "tools.yaml, line 1: unknown key 'enable'. Did you mean 'enabled'?"),
        ("disabled: read_file\n", "tools.yaml, line 1: 'disabled' must be a list"),
        ("disabled:\n  - [a]\n", "tools.yaml, line 2: each of 'disabled' must be the name of a tool"),
        ("disabled:\n  - ''\n", "tools.yaml, line 2: each of 'disabled'"),
        ("- a\n", "tools.yaml, line 1"),
    ],
)
def test_a_mistake_is_named_with_its_line(folder: Path, text: str, said: str) -> None:
    write(folder, text)
    with pytest.raises(ConfigError) as caught:
        load_switches()
    assert said in caught.value.message


def test_a_variable_is_1_or_0(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del folder
    monkeypatch.setenv("AGENT_ENABLE_READ_FILE", "maybe")
    with pytest.raises(ConfigError, match="AGENT_ENABLE_READ_FILE must be 1 or 0"):
        load_switches()


def test_a_name_that_no_tool_has_is_found_and_the_nearest_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, 'enabled: ["*"]\ndisabled: [read_fil, "nothing_*"]\n')
    monkeypatch.setenv("AGENT_ENABLE_WRITE_FIL", "1")
    assert load_switches().unknown(TOOLS) == [
        ("tools.yaml, line 2", "there is no tool 'read_fil'. Did you mean 'read_file'?"),
        ("AGENT_ENABLE_WRITE_FIL", "there is no such tool. Did you mean 'AGENT_ENABLE_WRITE_FILE'?"),
    ]


def test_a_change_of_the_file_is_seen(folder: Path) -> None:
    before = fingerprint()
    write(folder, "disabled: [read_file]\n")
    assert fingerprint() != before
