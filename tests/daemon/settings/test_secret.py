import os
from pathlib import Path

import pytest

from daemon.domain.errors import BadInput, ConfigError
from daemon.settings.dotenv import read_dotenv
from daemon.settings.loader import load
from daemon.settings.mistakes import Mistakes
from daemon.settings.secret import secret

from .conftest import Write

KEY = "OPENROUTER_API_KEY"


@pytest.fixture
def credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "credentials"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    return folder


def _put(path: Path, content: bytes, mode: int = 0o600) -> None:
    path.write_bytes(content)
    path.chmod(mode)


def test_nobody_set_it_is_none() -> None:
    assert secret(KEY) is None


def test_environment_comes_before_credentials_before_the_env_file(
    monkeypatch: pytest.MonkeyPatch, credentials: Path, write_dotenv: Write
) -> None:
    write_dotenv(f"{KEY}=from-file\n")
    assert secret(KEY) == "from-file"
    _put(credentials / KEY, b"from-systemd\n", 0o400)
    assert secret(KEY) == "from-systemd"
    monkeypatch.setenv(KEY, "from-environment")
    assert secret(KEY) == "from-environment"
    monkeypatch.setenv(KEY, "")
    assert secret(KEY) == "from-systemd"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("abc", "abc"),
        (" abc  # a note", "abc"),
        ("a#b", "a#b"),
        ("'a # $b \\n'", "a # $b \\n"),
        ('"a # \\"b\\"\\n"  # a note', 'a # "b"\n'),
        ("a=b==", "a=b=="),
        ("$HOME", "$HOME"),
        ("", None),
        ("# nothing", None),
        ("''", None),
    ],
)
def test_the_env_file_is_read_as_people_write_it(write_dotenv: Write, written: str, value: str | None) -> None:
    write_dotenv(f"# keys\n\nexport {KEY}={written}\r\nOTHER = x\n")
    assert secret(KEY) == value
    assert secret("OTHER") == "x"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o660, 0o604, 0o601])
def test_an_env_file_that_others_reach_is_refused_with_the_fix(write_dotenv: Write, mode: int) -> None:
    path = write_dotenv(f"{KEY}=hunter2\n")
    path.chmod(mode)
    for read in (lambda: secret(KEY), load):
        with pytest.raises(ConfigError, match="other users can") as caught:
            read()
        assert caught.value.fix == f"Run: chmod 600 '{path}'"
        assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"A=1\nhunter2\n", "line 2: not of the form NAME=value"),
        (b"2A=hunter2\n", "line 1: not of the form"),
        (b"A='hunter2\n", "line 1: a quote is not closed"),
        (b'A="hunter2" hunter2\n', "line 1: a quote is not closed"),
        (b"A=hunter2\nA=hunter3\n", "line 2: A is set twice, first in line 1"),
        (b"A=hunter2\xff\n", "line 1: not UTF-8"),
        (b"A=hunter2\0\n", "line 1: a NUL"),
    ],
)
def test_a_broken_env_file_is_an_error_without_its_values(write_dotenv: Write, content: bytes, message: str) -> None:
    write_dotenv(content)
    for read in (lambda: secret(KEY), load):
        with pytest.raises(ConfigError, match=message) as caught:
            read()
        assert "hunter" not in str(caught.value)


def test_values_do_not_stand_in_a_repr(write_dotenv: Write, folder: Path) -> None:
    write_dotenv(f"{KEY}=hunter2\n")
    assert "hunter2" not in repr(read_dotenv(folder, Mistakes()))


def test_secrets_in_the_env_file_reach_neither_settings_nor_environment(write_dotenv: Write) -> None:
    write_dotenv(f"{KEY}=hunter2\n")
    assert "hunter2" not in repr(load())
    assert "hunter2" not in os.environ.values()


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a b", "a\0", "1A", "A" * 201, "ключ"])
def test_what_is_no_name_is_refused(credentials: Path, name: str) -> None:
    with pytest.raises(BadInput):
        secret(name)


@pytest.mark.parametrize("content", [b"\xff", b"a\0b", b"x" * 70_000])
def test_a_credential_that_is_no_text_is_an_error_without_its_content(credentials: Path, content: bytes) -> None:
    _put(credentials / KEY, content)
    with pytest.raises(ConfigError, match=KEY):
        secret(KEY)


def test_a_folder_in_place_of_a_credential_is_an_error(credentials: Path) -> None:
    (credentials / KEY).mkdir()
    with pytest.raises(ConfigError, match="Is a directory"):
        secret(KEY)
