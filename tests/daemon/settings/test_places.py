import os
import subprocess
import sys
from pathlib import Path

import pytest

from daemon.domain.errors import ConfigError, NotFound
from daemon.settings import places
from daemon.settings.places import check_owned, config_folder, shipped, state_folder

NOBODY = 65534


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_the_state_folder_is_made_for_the_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_HOME", str(tmp_path / "deep" / "state"))
    assert state_folder() == tmp_path / "deep" / "state"
    assert _mode(tmp_path / "deep" / "state") == 0o700


@pytest.mark.parametrize(
    ("variables", "state", "config"),
    [
        ({}, ".local/state/personal-agent", ".config/personal-agent"),
        ({"XDG_STATE_HOME": "xs", "XDG_CONFIG_HOME": "xc"}, "xs/personal-agent", "xc/personal-agent"),
        ({"XDG_STATE_HOME": "xs", "AGENT_HOME": "own", "AGENT_CONFIG": "mine"}, "own", "mine"),
        ({"AGENT_HOME": "", "AGENT_CONFIG": ""}, ".local/state/personal-agent", ".config/personal-agent"),
    ],
)
def test_the_first_variable_that_is_set_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], state: str, config: str
) -> None:
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "AGENT_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name, value in variables.items():
        monkeypatch.setenv(name, str(tmp_path / value) if value else "")
    assert state_folder() == tmp_path / state
    assert config_folder() == tmp_path / config
    assert not (tmp_path / config).exists()


def test_a_relative_xdg_variable_is_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", "elsewhere")
    monkeypatch.delenv("AGENT_CONFIG")
    assert config_folder() == tmp_path / ".config/personal-agent"


def test_a_tilde_is_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AGENT_CONFIG", "~/mine")
    assert config_folder() == tmp_path / "mine"


@pytest.mark.parametrize("variable", ["AGENT_HOME", "AGENT_CONFIG"])
def test_a_relative_folder_is_refused(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "state")
    with pytest.raises(ConfigError, match=f"{variable} is 'state'") as caught:
        (state_folder if variable == "AGENT_HOME" else config_folder)()
    assert "full path" in caught.value.fix


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777, 0o720])
def test_a_state_folder_that_others_may_write_to_is_refused_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    monkeypatch.setenv("AGENT_HOME", str(tmp_path / "state"))
    state_folder().chmod(mode)
    with pytest.raises(ConfigError, match=f"mode 0{mode:o}") as caught:
        state_folder()
    subprocess.run(caught.value.fix.removeprefix("Run: "), shell=True, check=True)  # noqa: S602
    assert state_folder() == tmp_path / "state"


def test_a_state_folder_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_HOME", str(tmp_path))
    real = os.geteuid()
    with monkeypatch.context() as patch:
        # Who is asking is changed instead of the folder's owner, so that the test needs no special rights.
        patch.setattr(os, "geteuid", lambda: real + 1)
        if real == 0:
            os.chown(tmp_path, NOBODY, -1)
        with pytest.raises(ConfigError, match="belongs to another user") as caught:
            state_folder()
    assert "chown" in caught.value.fix


def test_a_link_of_ours_to_what_another_user_owns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch(mode=0o600)
    check_owned(path, "The file", opened=path.stat())
    theirs = os.stat_result((0o100600, 0, 0, 1, os.geteuid() + 1, 0, 0, 0, 0, 0))
    with pytest.raises(ConfigError, match="belongs to another user"):
        check_owned(path, "The file", opened=theirs)


def test_a_file_where_the_state_folder_should_be_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "state").touch()
    monkeypatch.setenv("AGENT_HOME", str(tmp_path / "state"))
    with pytest.raises(ConfigError, match="is not a folder"):
        state_folder()
    monkeypatch.setenv("AGENT_HOME", str(tmp_path / "state" / "below"))
    with pytest.raises(ConfigError, match="cannot be made"):
        state_folder()


def test_shipped_data_are_found_in_a_checkout() -> None:
    assert shipped("config/policy.yaml").is_file()
    assert shipped("systemd").is_dir()


def test_shipped_data_are_found_in_an_installed_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site" / "daemon"
    (package / "data" / "config").mkdir(parents=True)
    (package / "data" / "config" / "policy.yaml").touch()
    (tmp_path / "site" / "config").mkdir()
    (tmp_path / "site" / "config" / "foreign.yaml").touch()
    monkeypatch.setattr(places, "_PACKAGE", package)
    assert shipped("config/policy.yaml") == package / "data" / "config" / "policy.yaml"
    with pytest.raises(NotFound):
        shipped("config/foreign.yaml")


@pytest.mark.parametrize("name", ["", "config/none.yaml", "config/../pyproject.toml", "/etc/passwd", "daemon/app.py"])
def test_only_shipped_data_are_given(name: str) -> None:
    with pytest.raises(NotFound):
        shipped(name)


def test_the_places_are_known_without_msgspec_and_yaml() -> None:
    code = "import sys, daemon.settings.places; print([m for m in ('msgspec', 'yaml') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
