import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daemon.domain.errors import ConfigError
from daemon.settings.keys import kinds, tree
from daemon.settings.loader import explain, fingerprint, load
from daemon.settings.policy import load_policy
from daemon.settings.sections import Settings

from .conftest import Write

ANY = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
WORDS = [*tree(), *(dotted.rpartition(".")[2] for dotted in kinds()), "verdict", "tool", "rules", "preset", "arguments"]
PIECES = st.sampled_from(
    [*WORDS, ": ", "\n", "  ", "- ", "[", "]", "{", "}", "&a ", "*a", "!!x ", "'", '"', "1", "|\n", "\t"]
)


def _only_config_errors() -> None:
    for read in (load, explain, load_policy):
        try:
            read()
        except ConfigError as error:
            assert error.message
            assert error.fix
    assert fingerprint()


@ANY
@given(config=st.binary(max_size=300), dotenv=st.binary(max_size=100), policy=st.binary(max_size=300))
def test_any_bytes_are_settings_or_a_config_error(
    write_config: Write, write_dotenv: Write, write_policy: Write, config: bytes, dotenv: bytes, policy: bytes
) -> None:
    write_config(config)
    write_dotenv(dotenv)
    write_policy(policy)
    _only_config_errors()


@ANY
@given(text=st.lists(PIECES, max_size=40).map("".join))
def test_anything_like_yaml_is_settings_or_a_config_error(write_config: Write, write_policy: Write, text: str) -> None:
    write_config(text)
    write_policy(text)
    _only_config_errors()


@ANY
@given(
    st.recursive(st.text() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(WORDS), inner))
)
def test_any_shape_of_known_keys_is_settings_or_a_config_error(
    write_config: Write, write_policy: Write, shape: object
) -> None:
    text = yaml.safe_dump(shape)
    write_config(text)
    write_policy(text)
    _only_config_errors()


@ANY
@given(before=st.integers(0, 20), wrong=st.sampled_from(["x: 1", "log: 1", "runs: {at_once: 0}", "a: @"]))
def test_the_line_of_a_mistake_is_right(write_config: Write, before: int, wrong: str) -> None:
    write_config("# a comment\n" * before + wrong + "\n")
    with pytest.raises(ConfigError, match=rf"^config\.yaml, line {before + 1}: "):
        load()


def test_mistakes_of_all_places_are_told_together(
    write_config: Write, write_dotenv: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_config("x: 1\n")
    write_dotenv("AGENT_X=1\n")
    monkeypatch.setenv("AGENT_Y", "1")
    with pytest.raises(ConfigError) as caught:
        load()
    places = [line.partition(":")[0] for line in caught.value.message.splitlines()]
    assert places == ["config.yaml, line 1", ".env, line 1", "AGENT_Y"]


def test_loading_reads_again_and_leaves_everything_as_it_was(write_config: Write, folder: Path) -> None:
    environment = dict(os.environ)
    write_config("runs: {at_once: 3}\n")
    assert load().runs.at_once == 3
    write_config("runs: {at_once: 4}\n")
    assert load().runs.at_once == 4
    assert dict(os.environ) == environment
    assert [path.name for path in folder.iterdir()] == ["config.yaml"]


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        load().runs.at_once = 9  # type: ignore[misc]


def test_without_a_folder_everything_is_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AGENT_CONFIG", str(tmp_path / "none"))
    assert load() == Settings()
    assert not (tmp_path / "none").exists()


def test_a_file_in_place_of_the_folder_is_a_config_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("AGENT_CONFIG", str(tmp_path / "file"))
    _only_config_errors()
    with pytest.raises(ConfigError, match="Not a directory"):
        load()


def test_a_config_folder_where_others_may_write_is_refused(write_config: Write, folder: Path) -> None:
    write_config("")
    folder.chmod(0o777)
    with pytest.raises(ConfigError, match="other users can write to it"):
        load()


def test_the_fingerprint_stays_while_nothing_changes(write_config: Write) -> None:
    path = write_config("runs: {at_once: 3}\n")
    first = fingerprint()
    os.utime(path, (1, 1))
    assert fingerprint() == first


@pytest.mark.parametrize("name", ["config.yaml", "policy.yaml", ".env"])
def test_the_fingerprint_sees_each_file_appear_change_and_go(folder: Path, name: str) -> None:
    path = folder / name
    seen = [fingerprint()]
    for content in ("A=1", "A=2"):
        path.write_text(content)
        path.chmod(0o600)
        os.utime(path, (1, 1))
        seen.append(fingerprint())
    path.chmod(0o606)
    seen.append(fingerprint())
    assert len(set(seen)) == 4
    path.unlink()
    assert fingerprint() == seen[0]


def test_the_fingerprint_sees_variables_and_another_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = fingerprint()
    monkeypatch.setenv("AGENT_LOG_LEVEL", "debug")
    second = fingerprint()
    monkeypatch.setenv("AGENT_CONFIG", str(tmp_path / "other"))
    assert len({first, second, fingerprint()}) == 3


def test_a_fingerprint_means_nothing_to_another_process(write_dotenv: Write) -> None:
    write_dotenv("KEY=1234\n")
    code = "from daemon.settings.loader import fingerprint; print(fingerprint())"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert len(other) == 128
    assert other != fingerprint()


def test_yaml_is_not_loaded_where_there_is_no_file() -> None:
    code = "import sys; from daemon.settings.loader import load; load(); print('yaml' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
