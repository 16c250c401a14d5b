import os
from pathlib import Path

import pytest

from daemon.domain.errors import BadInput, ConfigError
from daemon.settings.dotenv import read_dotenv
from daemon.settings.loader import load
from daemon.settings.mistakes import Mistakes
from daemon.settings.secret import known_secrets, secret

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


@pytest.fixture
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        monkeypatch.delenv(name) if name not in ("HOME", "PATH", "AGENT_CONFIG") else None


@pytest.mark.usefixtures("nothing_set")
def test_known_are_the_usual_variables_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"OPENAI_API_KEY": "k-11111", "HF_TOKEN": "t-22222", "X_SECRET": "s-33333", "MAIL_PASSWORD": "p-44444"}
    for name, value in (given | {"PGPASSWORD": "g-55555", "EDITOR": "vim-tiny", "TOKEN_FILE": "/run/token"}).items():
        monkeypatch.setenv(name, value)
    assert sorted(known_secrets()) == ["g-55555", *sorted(given.values())]


@pytest.mark.usefixtures("nothing_set")
def test_known_are_credentials_and_their_long_lines(credentials: Path) -> None:
    _put(credentials / "telegram", b"123456:AAbbcc\n", 0o400)
    _put(credentials / "account.json", b'{\n  "key": "abcdefghijklmnopqr"\n}\n', 0o400)
    assert known_secrets() == [
        '{\n  "key": "abcdefghijklmnopqr"\n}',
        '"key": "abcdefghijklmnopqr"',
        "123456:AAbbcc",
    ]


@pytest.mark.usefixtures("nothing_set")
def test_known_is_what_the_env_file_holds_but_for_settings_and_addresses(write_dotenv: Write) -> None:
    write_dotenv(
        "SMTP=hunter2hunter2\nAGENT_MODEL=qwen-coder\nAGENT_WEB_PASSWORD=of-the-web\nIMAP_HOST=mail.example.com\n"
        "OLLAMA=http://nas.local:11434/\nPORT=1234567\nDATABASE=postgres://a:b@c/d\nME=anna@example.com\n"
    )
    assert known_secrets() == ["hunter2hunter2", "of-the-web", "postgres://a:b@c/d"]


@pytest.mark.usefixtures("nothing_set")
def test_short_values_and_common_words_are_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"A_TOKEN": "12345", "B_TOKEN": "Password", "C_TOKEN": "changeme", "D_TOKEN": ""}.items():
        monkeypatch.setenv(name, value)
    assert known_secrets() == []


@pytest.mark.usefixtures("nothing_set")
def test_a_file_that_cannot_be_used_hides_no_other_secret(
    monkeypatch: pytest.MonkeyPatch, credentials: Path, write_dotenv: Write
) -> None:
    write_dotenv("A=what-is-inside\n").chmod(0o644)
    (credentials / "folder").mkdir()
    _put(credentials / "mail", b"of-systemd", 0o400)
    monkeypatch.setenv("B_TOKEN", "of-environment")
    assert known_secrets() == ["of-environment", "of-systemd"]
    write_dotenv("A=what-is-inside\nno assignment\n")
    assert "what-is-inside" in known_secrets()
