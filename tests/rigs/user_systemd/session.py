"""A user's systemd, as after a login: with mounts, a control group and a home of its own, and without a boot."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.rigs.waiting import wait_until

_ROOT = Path(__file__).parents[3]
_INSIDE = Path(__file__).with_name("inside.sh")
_USER = 12346
"""Nobody's number. The unit is for an ordinary user, and root would get another sandbox."""
_PATH = "/usr/local/bin:/usr/bin:/bin"
_SECONDS = 60.0

Done = subprocess.CompletedProcess[str]


def lacking() -> str:
    """Say why this machine cannot do it; nothing where it can."""
    if os.geteuid() != 0:
        return "Only root can give a systemd mounts and a control group of its own."
    if not Path("/lib/systemd/systemd").exists():
        return "There is no systemd: apt-get install systemd"
    tried = subprocess.run(["unshare", "--mount", "true"], capture_output=True, text=True, check=False)
    return f"No mounts of one's own can be made here: {tried.stderr.strip()}" if tried.returncode else ""


class UserSystemd:
    """The running `systemd --user`; whatever it started ends with it, and it ends with this process."""

    def __init__(self, folder: Path) -> None:
        """Start it; its home and all that it needs lie in `folder`."""
        self.folder = folder
        self.home = folder / "home"
        self._log = folder / "log"
        folder.chmod(0o755)
        for path in (self.home, folder / "run"):
            path.mkdir(mode=0o700)
        # What a unit writes comes to our log, where the journal would be.
        self.write(".config/systemd/user.conf", "[Manager]\nDefaultStandardOutput=inherit\n")
        self.own(folder / "run")
        with self._log.open("ab") as log:
            self._holder = subprocess.Popen(
                ["unshare", "--mount", "sh", _INSIDE, str(_USER), folder, *_needed()],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a Ctrl-C on our terminal is for us
            )

    @property
    def log(self) -> str:
        """Give what it and its units wrote."""
        return self._log.read_text()

    def come_up(self) -> None:
        """Wait until it answers."""
        answers = wait_until(lambda: not self._lives or self._answers(), _SECONDS)
        assert answers and self._lives, f"the systemd of a user did not come up\n{self.log}"

    def close(self) -> None:
        """End it, and whatever it started."""
        self._holder.communicate(timeout=_SECONDS)

    def write(self, name: str, text: str) -> None:
        """Write a file in the home folder, as its owner would."""
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        self.own(self.home)

    def own(self, top: Path) -> None:
        """Give a folder with all that is in it to the user."""
        for path in (top, *top.rglob("*")):
            os.chown(path, _USER, _USER, follow_symlinks=False)

    def run(self, *argv: str) -> Done:
        """Run a program as the user, in the home folder."""
        environment = [
            f"HOME={self.home}",
            f"XDG_RUNTIME_DIR={self.folder / 'run'}",
            f"PATH={self.home / '.local/bin'}:{_PATH}",
            "LANG=C.UTF-8",
        ]
        enter = ["nsenter", f"--target={self._holder.pid}", "--mount", f"--setuid={_USER}", f"--setgid={_USER}"]
        start = ["env", "-i", f"--chdir={self.home}", *environment]
        return subprocess.run([*enter, *start, *argv], capture_output=True, text=True, check=False, timeout=_SECONDS)

    def systemctl(self, *words: str) -> str:
        """Say something to it that it must be able to do; gives what it answers."""
        done = self.run("systemctl", "--user", "--no-pager", *words)
        assert done.returncode == 0, f"{words}: {done.stderr}\n{self.log}"
        return done.stdout

    def processes(self, group: str) -> set[int]:
        """Give the processes in a control group, and in those below it."""
        top = Path(f"/proc/{self._holder.pid}/root/sys/fs/cgroup{group}")
        found: set[int] = set()
        for path in top.rglob("cgroup.procs"):
            try:
                found.update(int(pid) for pid in path.read_text().split())
            except OSError:  # it went meanwhile, with whatever was in it
                continue
        return found

    @property
    def _lives(self) -> bool:
        return self._holder.poll() is None

    def _answers(self) -> bool:
        return self.run("systemctl", "--user", "show-environment").returncode == 0


@contextmanager
def user_systemd() -> Iterator[UserSystemd]:
    """Run one, in a folder that the user can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="user-systemd-")).resolve()
    session = UserSystemd(folder)
    try:
        session.come_up()
        yield session
    finally:
        session.close()
        shutil.rmtree(folder)


def _needed() -> list[Path]:
    """Give what must be seen to run this code: the checkout, its environment, and the Python of that."""
    return [_ROOT, Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve()]
