"""systemd/setup.sh: quiet when all is there, honest when something is not."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pip
import pytest

from tests.packaging.checkout import copy_to

Setup = Callable[..., "subprocess.CompletedProcess[str]"]

PROGRAMS = (
    *("sh", "dirname", "python3", "fc-list", "cat", "sha256sum", "cut", "uname", "mktemp", "rm", "id", "sed", "env"),
    *("readlink", "grep", "mkdir", "ln", "cp", "tail", "bwrap", "rg", "pdftotext"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Copy what setup.sh works with, in a folder with a space in its name."""
    return copy_to(tmp_path / "the agent", "systemd/setup.sh", "requirements.lock", "pyproject.toml")


@pytest.fixture
def setup(folder: Path, tmp_path: Path) -> Setup:
    """Run setup.sh with programs that the test chooses, and without any package registry."""

    def run(
        *arguments: str, without: str = "", further: str = "", prefix: tuple[str, ...] = (), cwd: Path = folder
    ) -> "subprocess.CompletedProcess[str]":
        programs = Path(tempfile.mkdtemp(dir=tmp_path))
        for name in {*PROGRAMS, further} - {without, ""}:
            target = Path(sys.executable).resolve() if name == "python3" else shutil.which(name)
            assert target is not None, name
            (programs / name).symlink_to(target)
        env = {
            "PATH": str(programs),
            "HOME": str(tmp_path / "home"),
            "TMPDIR": str(tmp_path),
            "PIP_NO_INDEX": "1",
            "PIP_CONFIG_FILE": os.devnull,
        }
        command = [*prefix, "/bin/sh", str(folder / "systemd/setup.sh"), *arguments]
        return subprocess.run(
            command, cwd=cwd, env=env, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )

    return run


@pytest.fixture
def ready(folder: Path) -> Path:
    """Make a .venv as a finished setup leaves it, with nothing but pip; gives its stamp."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", ".venv"], cwd=folder, check=True)
    (packages,) = folder.glob(".venv/lib/python*/site-packages")
    (packages / "pip").symlink_to(Path(pip.__file__).parent)
    (folder / ".venv/made-in").write_text(f"{folder}\n")
    locked = (folder / "requirements.lock").read_bytes() + (folder / "pyproject.toml").read_bytes()
    digest = hashlib.sha256(locked).hexdigest()
    stamp = folder / ".venv/setup.stamp"
    stamp.write_text(f"app {digest} {folder}\n")
    return stamp


def test_a_second_run_says_nothing_and_changes_nothing(setup: Setup, ready: Path) -> None:
    before = {path: path.lstat().st_mtime_ns for path in ready.parent.rglob("*")}
    done = setup()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert {path: path.lstat().st_mtime_ns for path in ready.parent.rglob("*")} == before


def test_a_second_run_by_the_environment_that_it_made_says_nothing(setup: Setup, ready: Path) -> None:
    done = setup(prefix=("/bin/sh", "-c", 'PATH="$0:$PATH" exec "$@"', str(ready.parent / "bin")))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml"])
def test_a_changed_file_is_installed_again_and_a_failure_is_not_taken_for_done(
    setup: Setup, folder: Path, ready: Path, changed: str
) -> None:
    with (folder / changed).open("a") as file:
        file.write("\n# changed\n")
    done = setup()
    assert done.returncode == 1
    assert "Installing" in done.stdout
    assert "The Python packages could not be installed." in done.stderr
    assert "Run this again" in done.stderr
    assert not ready.exists()
    assert setup().returncode == 1


def test_the_log_of_a_failure_is_kept_where_the_message_says(setup: Setup, folder: Path, ready: Path) -> None:
    (folder / "requirements.lock").write_text("nothing-of-that-name==1.0 --hash=sha256:" + 64 * "0" + "\n")
    done = setup()
    (path,) = [word for word in done.stderr.replace("in /", "\0/").split("\0") if word.startswith("/")]
    log = Path(path.split(". ")[0])
    assert "nothing-of-that-name" in log.read_text()


def test_what_is_installed_for_use_is_not_enough_for_development(setup: Setup, ready: Path) -> None:
    assert "Installing" in setup("--dev").stdout


def test_a_folder_that_was_moved_is_set_up_again(setup: Setup, ready: Path) -> None:
    for name in ("made-in", "setup.stamp"):
        path = ready.with_name(name)
        path.write_text(path.read_text().replace("the agent", "another place"))
    assert "Making .venv" in setup().stdout


def test_the_command_is_linked_only_when_asked_for(setup: Setup, folder: Path, ready: Path, tmp_path: Path) -> None:
    link = tmp_path / "home/.local/bin/agent"
    setup()
    assert not os.path.lexists(link)
    done = setup("--link")
    assert done.returncode == 0
    assert link.readlink() == folder / ".venv/bin/agent"
    assert "not in your PATH" in done.stdout
    assert setup("--link").stdout == ""


def test_a_program_of_the_same_name_is_not_replaced_by_the_link(setup: Setup, ready: Path, tmp_path: Path) -> None:
    other = tmp_path / "home/.local/bin/agent"
    other.parent.mkdir(parents=True)
    other.write_text("somebody else's")
    done = setup("--link")
    assert done.returncode == 1
    assert "Move it away" in done.stderr
    assert other.read_text() == "somebody else's"


def test_who_is_not_root_and_has_no_sudo_gets_the_command_for_an_administrator(setup: Setup, ready: Path) -> None:
    bwrap = shutil.which("bwrap")
    assert bwrap is not None
    someone = (bwrap, "--unshare-user", "--uid", "1000", "--gid", "1000", "--dev-bind", "/", "/")
    done = setup(without="bwrap", further="apt-get", prefix=someone)
    assert "Ask an administrator to run:\n\n    apt-get install --no-install-recommends bubblewrap\n" in done.stdout
    assert "bubblewrap: the sandbox" in done.stdout
    assert done.returncode == 0


def test_a_system_without_a_supported_python_is_told_which(setup: Setup) -> None:
    done = setup(without="python3")
    assert done.returncode == 1
    assert "No Python 3.11, 3.12 or 3.13 was found." in done.stderr


def test_an_unknown_argument_shows_how_it_is_used(setup: Setup) -> None:
    done = setup("--unknown")
    assert done.returncode == 64
    assert "--dev   also what the tests need" in done.stdout


def test_setup_starts_from_any_folder(setup: Setup, ready: Path, tmp_path: Path) -> None:
    done = setup(cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
