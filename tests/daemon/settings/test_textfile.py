import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from daemon.domain.errors import ConfigError
from daemon.settings.textfile import MOST_BYTES, ONLY_MINE, read_text

NOBODY = 65534


@pytest.fixture
def path(folder: Path) -> Path:
    file = folder / "config.yaml"
    file.write_text("a: 1\n")
    file.chmod(0o600)
    return file


@contextmanager
def _without_rights(path: Path) -> Iterator[None]:
    """Take away the right to read; root, who may read everything, becomes somebody else for a moment."""
    if os.geteuid() == 0:
        os.seteuid(NOBODY)
        try:
            yield
        finally:
            os.seteuid(0)
    else:
        path.chmod(0)
        yield


def test_a_text_is_read_without_its_byte_order_mark(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbfa: \xc3\xa4\n")
    assert read_text(path) == "a: ä\n"


def test_a_missing_file_is_none(folder: Path) -> None:
    assert read_text(folder / "none.yaml") is None
    assert read_text(folder / "none" / "none.yaml") is None


def test_a_file_of_100_mb_is_refused_and_not_read(path: Path) -> None:
    os.truncate(path, 100_000_000)
    with pytest.raises(ConfigError, match="more than 256 KB"):
        read_text(path)
    os.truncate(path, MOST_BYTES + 1)
    with pytest.raises(ConfigError, match="more than 256 KB"):
        read_text(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"a: 1\nb: \xff\n", "line 2: not UTF-8"), (b"a: 1\n\nb: \0\n", "line 3: a NUL"), (b"\xff\xfea\0", "line 1: not")],
)
def test_what_is_not_text_is_refused_with_its_line(path: Path, content: bytes, message: str) -> None:
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=message):
        read_text(path)


def test_a_folder_is_refused(folder: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        read_text(folder)


def test_a_fifo_is_refused_and_does_not_block(folder: Path) -> None:
    os.mkfifo(folder / "fifo", 0o600)
    with pytest.raises(ConfigError, match="not a regular file"):
        read_text(folder / "fifo")


def test_an_endless_device_is_refused(folder: Path) -> None:
    (folder / "zero").symlink_to("/dev/zero")
    with pytest.raises(ConfigError, match="not a regular file"):
        read_text(folder / "zero")


def test_an_unreadable_file_is_an_error_that_says_so(path: Path) -> None:
    with _without_rights(path), pytest.raises(ConfigError, match="cannot be read: Permission denied"):
        read_text(path)


def test_a_file_in_place_of_the_folder_is_an_error(path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: Not a directory"):
        read_text(path / "config.yaml")


def test_a_loop_of_links_is_an_error(folder: Path) -> None:
    (folder / "loop").symlink_to("loop")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_text(folder / "loop")


@pytest.mark.parametrize(
    ("mode", "forbidden"), [(0o622, 0o022), (0o602, 0o022), (0o640, ONLY_MINE), (0o604, ONLY_MINE)]
)
def test_a_file_that_others_reach_is_refused_with_the_command(path: Path, mode: int, forbidden: int) -> None:
    path.chmod(mode)
    with pytest.raises(ConfigError, match=f"mode 0{mode:o}") as caught:
        read_text(path, forbidden=forbidden)
    assert caught.value.fix == f"Run: chmod 600 '{path}'"


def test_a_file_in_a_folder_where_others_may_write_is_refused(path: Path) -> None:
    path.parent.chmod(0o777)
    with pytest.raises(ConfigError, match="other users can write"):
        read_text(path)


def test_a_file_of_another_user_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.geteuid()
    if real == 0:
        os.chown(path, NOBODY, -1)
    monkeypatch.setattr(os, "geteuid", lambda: real + 1)
    with pytest.raises(ConfigError, match="belongs to another user"):
        read_text(path)
