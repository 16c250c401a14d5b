"""Keys that are kept: whole or not at all, their owner's alone, never repeated in a message."""

import os
import stat
from pathlib import Path

import pytest

from daemon.domain.errors import BadInput, ConfigError
from daemon.settings.keystore import drop_key, keep_key, kept_key, kept_names
from daemon.settings.secret import known_secrets, secret, sources_of

from .conftest import Write

NAME = "SOME_API_KEY"
VALUE = "sk-1234567890abcdef"


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NAME, raising=False)


def test_a_key_is_kept_for_its_owner_alone_and_forgotten(folder: Path) -> None:
    folder.rmdir()
    old = os.umask(0)
    try:
        keep_key(NAME, f"  {VALUE}\n")
    finally:
        os.umask(old)
    path = folder / "keys" / NAME
    modes = [stat.S_IMODE(one.stat().st_mode) for one in (folder, path.parent, path)]
    assert modes == [0o700, 0o700, 0o600]
    assert kept_key(NAME) == secret(NAME) == VALUE
    assert list(kept_names()) == [NAME]
    assert VALUE in known_secrets()
    assert drop_key(NAME)
    assert not drop_key(NAME)
    assert (kept_key(NAME), secret(NAME), kept_names()) == (None, None, {})


def test_the_environment_goes_before_and_the_env_file_after(
    write_dotenv: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_dotenv(f"{NAME}=of-dotenv\n")
    keep_key(NAME, "of-the-store")
    assert (secret(NAME), sources_of(NAME)) == ("of-the-store", ("agent auth set", ".env"))
    monkeypatch.setenv(NAME, "of-environment")
    assert (secret(NAME), sources_of(NAME)[0]) == ("of-environment", "the environment")


def test_the_new_one_takes_the_place_of_the_old_and_nothing_else_is_left(folder: Path) -> None:
    keep_key(NAME, VALUE)
    keep_key(NAME, '{"type": "service_account",\n "private_key": "x"}')
    assert (kept_key(NAME) or "").count("\n") == 1
    assert [path.name for path in (folder / "keys").iterdir()] == [NAME]


def test_a_key_that_cannot_be_written_leaves_the_one_before(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_key(NAME, VALUE)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigError, match="No space left"):
        keep_key(NAME, "another-key-entirely")
    assert kept_key(NAME) == VALUE
    assert [path.name for path in (folder / "keys").iterdir()] == [NAME]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "No key was given"),
        (" \n", "No key was given"),
        (f"\x1b[200~{VALUE}\x1b[201~", "control characters"),
        (f"{VALUE}\0", "control characters"),
        (f"{NAME}={VALUE}", "with its name or quotes"),
        (f"export {NAME}={VALUE}", "with its name or quotes"),
        (f'"{VALUE}"', "with its name or quotes"),
        (VALUE * 10_000, "at most 64 KB"),
        (f"{VALUE}\udcff", "control characters"),
        (f"export  {NAME} = {VALUE}", "with its name or quotes"),
        (f"{NAME}: {VALUE}", "with its name or quotes"),
        (f"Bearer {VALUE}", "with its name or quotes"),
        (f"\u201c{VALUE}\u201d", "with its name or quotes"),
        (f"{VALUE}\n{VALUE}", "no spaces, lines or letters beyond ASCII"),
        (f"{VALUE} {VALUE}", "no spaces, lines or letters beyond ASCII"),
        (f"{VALUE}\u00fc", "no spaces, lines or letters beyond ASCII"),
    ],
)
def test_what_is_no_key_is_refused_without_repeating_it(typed: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        keep_key(NAME, typed)
    assert VALUE not in str(caught.value) + caught.value.fix
    assert kept_names() == {}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_reach_is_refused(folder: Path, mode: int) -> None:
    keep_key(NAME, VALUE)
    (folder / "keys" / NAME).chmod(mode)
    with pytest.raises(ConfigError, match="other users can") as caught:
        secret(NAME)
    assert VALUE not in str(caught.value)


def test_a_folder_of_keys_that_others_reach_is_refused(folder: Path) -> None:
    keep_key(NAME, VALUE)
    (folder / "keys").chmod(0o777)
    with pytest.raises(ConfigError, match="other users can"):
        keep_key(NAME, "another-key")
    with pytest.raises(ConfigError, match="other users can"):
        secret(NAME)


def test_a_pipe_in_the_place_of_a_key_does_not_hang(folder: Path) -> None:
    keep_key(NAME, VALUE)
    path = folder / "keys" / NAME
    path.unlink()
    os.mkfifo(path, 0o600)
    with pytest.raises(ConfigError, match="not a regular file"):
        secret(NAME)
    assert kept_names() == {}


def test_a_password_may_have_what_a_key_may_not() -> None:
    keep_key("MAIL_PASSWORD", "\ufeffzwei W\u00f6rter\n")
    assert kept_key("MAIL_PASSWORD") == "zwei W\u00f6rter"


def test_each_long_line_of_a_key_is_known(folder: Path) -> None:
    keep_key("MAIL_SECRET", "first-line-of-it-0000\nshort\nsecond-line-of-it-1111")
    assert {"first-line-of-it-0000", "second-line-of-it-1111"} <= set(known_secrets())
    assert "short" not in known_secrets()
    (folder / "keys" / "MAIL_SECRET").chmod(0o644)
    assert "second-line-of-it-1111" in known_secrets(), "also of a file that others may read"


def test_what_a_kill_left_is_taken_away(folder: Path) -> None:
    keep_key(NAME, VALUE)
    (folder / "keys" / ".new-x").write_text(VALUE)
    assert drop_key(NAME)
    assert list((folder / "keys").iterdir()) == []


def test_a_file_with_another_name_is_no_key(folder: Path) -> None:
    keep_key(NAME, VALUE)
    (folder / "keys" / "\u043a\u043b\u044e\u0447").write_text("x")
    assert list(kept_names()) == [NAME]
