import itertools
from pathlib import Path

import pytest

from daemon.domain.errors import ConfigError
from daemon.settings.environment import names
from daemon.settings.loader import explain, load
from daemon.settings.sections import Settings

from .conftest import Write

LAYERS = ("config.yaml", ".env", "environment")


@pytest.mark.parametrize("given", [c for n in range(4) for c in itertools.combinations(LAYERS, n)])
def test_the_last_layer_that_sets_a_key_decides(
    given: tuple[str, ...], write_config: Write, write_dotenv: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "config.yaml" in given:
        write_config("runs:\n  at_once: 11\n")
    if ".env" in given:
        write_dotenv("\nAGENT_RUNS_AT_ONCE=12\n")
    if "environment" in given:
        monkeypatch.setenv("AGENT_RUNS_AT_ONCE", "13")
    value, source = {
        "config.yaml": (11, "config.yaml, line 2"),
        ".env": (12, ".env, line 2"),
        "environment": (13, "AGENT_RUNS_AT_ONCE"),
        "": (2, "default"),
    }[given[-1] if given else ""]
    assert load().runs.at_once == value
    assert ("runs.at_once", str(value), source) in explain()


@pytest.mark.parametrize(
    ("name", "text", "read"),
    [
        ("AGENT_MODEL", "qwen3:8b", lambda s: s.model.name == "qwen3:8b"),
        ("AGENT_MODEL_URL", "http://nas:11434/", lambda s: s.model.url == "http://nas:11434"),
        ("AGENT_MAX_STEPS", "7", lambda s: s.limits.run.steps == 7),
        ("AGENT_TEMPERATURE", "0.5", lambda s: s.model.temperature == 0.5),
        ("AGENT_LOG_LEVEL", "debug", lambda s: s.log.level == "debug"),
        ("AGENT_LIMITS_RUN_STEPS", "8", lambda s: s.limits.run.steps == 8),
        ("AGENT_LIMITS_DAY_MONEY", "$2.50", lambda s: s.limits.day.money == 2_500_000),
        ("AGENT_SANDBOX_OPEN_FILES", "99", lambda s: s.sandbox.open_files == 99),
        ("AGENT_SANDBOX_DISK", "3 GB", lambda s: s.sandbox.disk == 3 * 1024**3),
        ("AGENT_SANDBOX_INODES", "1000", lambda s: s.sandbox.inodes == 1000),
        ("AGENT_SKILLS_FOLDERS", "/a:/b", lambda s: s.skills.folders == ("/a", "/b")),
        ("AGENT_RUNS_AT_ONCE", "", lambda s: s.runs.at_once == 2),
    ],
)
def test_variables_set_keys(monkeypatch: pytest.MonkeyPatch, name: str, text: str, read: object) -> None:
    monkeypatch.setenv(name, text)
    assert callable(read)
    assert read(load())


def test_every_key_has_a_variable_and_no_two_keys_share_one() -> None:
    keys = {explained.key for explained in explain()}
    assert set(names().values()) == keys
    assert len(names()) == len(keys) + 3


def test_an_unknown_variable_is_an_error_that_names_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_LOG_LEVLE", "debug")
    monkeypatch.setenv("AGENT_HOEM", "/x")
    with pytest.raises(ConfigError) as caught:
        load()
    assert "AGENT_LOG_LEVLE: unknown variable. Did you mean 'AGENT_LOG_LEVEL'?" in caught.value.message
    assert "AGENT_HOEM: unknown variable. Did you mean 'AGENT_HOME'?" in caught.value.message


def test_variables_that_are_not_settings_are_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AGENT_HOME", str(tmp_path))
    monkeypatch.setenv("AGENT_FAILPOINT", "anything")
    monkeypatch.setenv("AGENT_ENABLE_SHELL", "0")
    monkeypatch.setenv("USER_AGENT_X", "1")
    assert load() == Settings()


def test_a_wrong_value_is_an_error_that_does_not_repeat_it(
    monkeypatch: pytest.MonkeyPatch, write_dotenv: Write
) -> None:
    write_dotenv("AGENT_MAX_STEPS=sk-hunter2\n")
    monkeypatch.setenv("AGENT_LOG_LEVEL", "sk-hunter2")
    with pytest.raises(ConfigError) as caught:
        load()
    assert ".env, line 1: 'limits.run.steps' must be" in caught.value.message
    assert "AGENT_LOG_LEVEL: 'log.level' must be" in caught.value.message
    assert "hunter2" not in str(caught.value)


def test_two_names_of_one_key_must_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_MAX_STEPS", "5")
    monkeypatch.setenv("AGENT_LIMITS_RUN_STEPS", "5")
    assert load().limits.run.steps == 5
    monkeypatch.setenv("AGENT_LIMITS_RUN_STEPS", "6")
    with pytest.raises(ConfigError, match=r"'limits\.run\.steps' is set differently by AGENT_"):
        load()


def test_the_env_file_of_the_working_folder_is_never_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write_dotenv: Write
) -> None:
    (tmp_path / ".env").write_text("AGENT_RUNS_AT_ONCE=64\nAGENT_NONSENSE=1\n")
    (tmp_path / "config.yaml").write_text("nonsense: 1\n")
    monkeypatch.chdir(tmp_path)
    assert load() == Settings()


@pytest.mark.parametrize("name", ["AGENT_HOME", "AGENT_CONFIG", "AGENT_FAILPOINT"])
def test_what_would_have_no_effect_in_the_env_file_is_an_error(write_dotenv: Write, name: str) -> None:
    write_dotenv(f"{name}=/x\n")
    with pytest.raises(ConfigError, match=f"line 1: {name} has no effect in .env"):
        load()
