import pytest

from daemon.domain.errors import ConfigError
from daemon.domain.limits import MICROS
from daemon.settings.loader import load
from daemon.settings.sections import Settings

from .conftest import Write


def _message(write_config: Write, text: str) -> str:
    write_config(text)
    with pytest.raises(ConfigError) as caught:
        load()
    return caught.value.message


@pytest.mark.parametrize("text", ["", "# nothing\n", "limits:\n", "limits:\n  run:\n", "limits: {}\n", "---\n"])
def test_an_empty_file_or_section_leaves_the_defaults(write_config: Write, text: str) -> None:
    write_config(text)
    assert load() == Settings()


def test_what_is_set_is_used_and_the_rest_stays(write_config: Write) -> None:
    write_config(
        "limits:\n  run:\n    steps: 50\n    seconds: 10 min\n    money: 0.25\n    tokens: unlimited\n"
        "sandbox: {memory: 2 GB, seconds: 30}\nskills:\n  folders: [/srv/skills]\nretention:\n  days: 90 days\n"
    )
    settings = load()
    assert (settings.limits.run.steps, settings.limits.run.seconds) == (50, 600)
    assert (settings.limits.run.money, settings.limits.run.tokens) == (MICROS // 4, None)
    assert settings.limits.run.model_calls == Settings().limits.run.model_calls
    assert (settings.sandbox.memory, settings.sandbox.seconds) == (2 * 1024**3, 30.0)
    assert settings.sandbox.output == Settings().sandbox.output
    assert settings.skills.folders == ("/srv/skills",)
    assert settings.retention.days == 90


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n\nlimts:\n  run:\n", "config.yaml, line 3: unknown key 'limts'. Did you mean 'limits'?"),
        (
            "limits:\n  run:\n    stepz: 1\n",
            "config.yaml, line 3: unknown key 'stepz' in 'limits.run'. Did you mean 'steps'?",
        ),
        ("Log:\n  level: info\n", "config.yaml, line 1: unknown key 'Log'. Did you mean 'log'?"),
        ("runs:\n  at-once: 1\n", "config.yaml, line 2: unknown key 'at-once' in 'runs'. Did you mean 'at_once'?"),
        ("temperature: 1\n", "config.yaml, line 1: unknown key 'temperature'. Did you mean 'model.temperature'?"),
        ("log:\n  zz: 1\n", "config.yaml, line 2: unknown key 'zz' in 'log'. Known here: form, level."),
        (
            "runs:\n  at_once: many\n",
            "config.yaml, line 2: 'runs.at_once' must be a whole number from 1 to 64, not 'many'.",
        ),
        (
            "runs:\n  at_once: 65\n",
            "config.yaml, line 2: 'runs.at_once' must be a whole number from 1 to 64, not '65'.",
        ),
        ("runs:\n  at_once: [1]\n", "config.yaml, line 2: 'runs.at_once' must be one value, not a list."),
        ("runs:\n  at_once: {a: 1}\n", "config.yaml, line 2: 'runs.at_once' must be one value, not more keys."),
        (
            "runs:\n  at_once:\n",
            "config.yaml, line 2: 'runs.at_once' has no value. Put # before it to have the default.",
        ),
        ("log: info\n", "config.yaml, line 1: 'log' must have keys of its own below it: level, form."),
        ("log:\n  - info\n", "config.yaml, line 2: 'log' must have keys of its own below it: level, form."),
        (
            "log:\n  level: on\n",
            "config.yaml, line 2: 'log.level' must be one of debug, info, warning, error, not 'on'.",
        ),
        ("log:\n  level: info\nlog:\n  form: json\n", "config.yaml, line 3: key 'log' stands twice, first in line 1."),
        (
            "skills:\n  folders: [a]\n",
            "config.yaml, line 2: each of 'skills.folders' must be a full path, or one that begins with ~/.",
        ),
        (
            "skills:\n  folders: [[/a]]\n",
            "config.yaml, line 2: 'skills.folders' must be a list of values, like [a, b].",
        ),
        (
            "retention:\n  days: forever\n",
            'config.yaml, line 2: \'retention.days\' must be a time like "5 min" or "7 days", 1 day to 36500 days, '
            "or 'never', not 'forever'.",
        ),
        ("? ''\n: 1\n", "config.yaml, line 1: unknown key ''. Known here: approvals, files, limits, log, model, "),
        ('"\\e[31mx": 1\n', "config.yaml, line 1: the character '\\x1b' cannot stand in a value."),
    ],
)
def test_a_mistake_names_file_line_and_what_is_right(write_config: Write, text: str, message: str) -> None:
    assert _message(write_config, text).startswith(message)


def test_all_mistakes_of_a_file_are_told_at_once_in_its_order(write_config: Write) -> None:
    text = "limts:\n  run:\nruns:\n  at_once: 0\n  zzz: 1\nlog:\n  level: loud\n"
    lines = _message(write_config, text).splitlines()
    assert [line.partition(":")[0] for line in lines] == [f"config.yaml, line {n}" for n in (1, 4, 5, 7)]


def test_very_many_mistakes_are_counted(write_config: Write) -> None:
    lines = _message(write_config, "".join(f"key{n}: 1\n" for n in range(500))).splitlines()
    assert len(lines) == 21
    assert lines[-1] == "and 480 more mistakes."


def test_a_password_in_an_address_is_not_repeated(write_config: Write) -> None:
    assert "hunter2" not in _message(write_config, "model:\n  url: http://owner:hunter2@host\n")


def test_the_fix_names_the_folder(write_config: Write) -> None:
    path = write_config("x: 1\n")
    with pytest.raises(ConfigError) as caught:
        load()
    assert str(path.parent) in caught.value.fix


def test_the_older_form_is_read_and_reported(write_config: Write) -> None:
    write_config("default_provider: ollama\nworking_dir: /srv/work\nshell_timeout: 45\nmax_steps: 12\n")
    settings = load()
    assert settings.sandbox.seconds == 45
    assert settings.limits.run.steps == 12
    assert [notice.partition(" is ")[0] for notice in settings.notices] == [
        "config.yaml, line 1: 'default_provider'",
        "config.yaml, line 2: 'working_dir'",
        "config.yaml, line 3: 'shell_timeout'",
        "config.yaml, line 4: 'max_steps'",
    ]


def test_a_newer_key_comes_before_its_older_form(write_config: Write) -> None:
    write_config("max_steps: 12\nlimits: {run: {steps: 7}}\n")
    settings = load()
    assert settings.limits.run.steps == 7
    assert settings.notices == ("config.yaml, line 1: 'max_steps' is not used, because 'limits.run.steps' is set too.",)


def test_a_wrong_value_in_the_older_form_is_a_mistake_too(write_config: Write) -> None:
    assert _message(write_config, "working_dir: [1]\nmax_steps: lots\n").startswith("config.yaml, line 2:")
