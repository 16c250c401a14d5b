"""Updating a checkout: a backup first, nothing half done, and the reason when it fails."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.app.update import update
from daemon.domain.errors import AgentError, InvalidState
from daemon.store import backup, database
from daemon.store.home import Home


def git(folder: Path, *words: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@localhost"]
    subprocess.run(["git", *identity, "-C", str(folder), *words], check=True, capture_output=True)


def commit(folder: Path, setup: str) -> None:
    (folder / "systemd").mkdir(exist_ok=True)
    (folder / "systemd" / "setup.sh").write_text(setup)
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "a version")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path / "home")
    database.open_at(home)
    yield home
    database.close()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    origin = tmp_path / "origin"
    origin.mkdir()
    git(origin, "init", "-q", "-b", "main")
    commit(origin, "true\n")
    git(tmp_path, "clone", "-q", str(origin), "checkout")
    return tmp_path / "checkout"


def test_the_newest_commit_is_set_up_after_a_backup(home: Home, checkout: Path, tmp_path: Path) -> None:
    commit(tmp_path / "origin", f"touch {tmp_path}/was-set-up\n")
    said: list[str] = []
    update(home, checkout, said.append)
    assert (tmp_path / "was-set-up").exists()
    assert "before-update" in backup.backups(home)[0].name
    assert said[0].startswith("Backed up to")
    assert said[1].startswith("From ")


def test_where_nothing_is_newer_nothing_is_set_up(home: Home, checkout: Path) -> None:
    said: list[str] = []
    update(home, checkout, said.append)
    assert said[-1].startswith("Already the newest")


def test_what_was_changed_by_hand_is_not_overwritten(home: Home, checkout: Path) -> None:
    (checkout / "systemd" / "setup.sh").write_text("mine\n")
    with pytest.raises(InvalidState, match="changed by hand"):
        update(home, checkout, print)
    assert backup.backups(home) == []


def test_a_setup_that_fails_is_said_in_its_own_words(home: Home, checkout: Path, tmp_path: Path) -> None:
    commit(tmp_path / "origin", "echo 'no disk space' >&2; exit 3\n")
    with pytest.raises(AgentError, match="could not be set up: no disk space"):
        update(home, checkout, print)


def test_an_installed_package_says_how_it_is_updated(home: Home, tmp_path: Path) -> None:
    with pytest.raises(InvalidState, match="installed package"):
        update(home, tmp_path, print)
