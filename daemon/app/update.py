"""`agent update`: a backup, the new code, and a daemon that parks its runs and goes on with them."""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from daemon.domain.errors import AgentError, InvalidState
from daemon.engine import workers
from daemon.store import backup
from daemon.store.home import Home

_UNIT = "personal-agent.service"
_MINUTES = 15 * 60


def update(home: Home, root: Path, say: Callable[[str], None]) -> None:
    """Bring the checkout in `root` to the newest commit of its branch and install what it needs.

    Nothing is touched before the database is backed up and the checkout is clean. A daemon is asked to stop: it parks
    its runs, and whoever starts next takes them up. Raises AgentError with the reason of the step that failed.
    """
    if not (root / ".git").exists():
        raise InvalidState(
            "This is no checkout but an installed package.", "Install the newer package over it; the tasks stay."
        )
    if _git(root, "status", "--porcelain", "--untracked-files=no"):
        raise InvalidState(f"Files in {root} were changed by hand.", f"Commit or undo them: git -C {root} status")
    say(f"Backed up to {backup.back_up(home, 'before-update')}")
    before = _git(root, "rev-parse", "--short", "HEAD")
    _git(root, "pull", "--ff-only", "--quiet")
    after = _git(root, "rev-parse", "--short", "HEAD")
    if before == after:
        say(f"Already the newest: {after}")
        return
    say(f"From {before} to {after}; installing what it needs")
    _run(["sh", str(root / "systemd" / "setup.sh")], "The new version could not be set up")
    _restart(home, say)


def _restart(home: Home, say: Callable[[str], None]) -> None:
    daemons = [worker for worker in workers.living(home.workers) if worker.kind == "daemon"]
    if not daemons:
        return
    if _by_systemd():
        _run(["systemctl", "--user", "restart", _UNIT], "The service could not be restarted")
        say("The service was restarted; its runs go on")
        return
    for daemon in daemons:
        os.kill(daemon.pid, signal.SIGTERM)
        say(f"Asked the daemon (process {daemon.pid}) to stop; its runs are parked. Start it again: agent daemon")


def _by_systemd() -> bool:
    try:
        asked = subprocess.run(["systemctl", "--user", "is-active", "--quiet", _UNIT], check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


def _git(root: Path, *words: str) -> str:
    return _run(["git", "-C", str(root), *words], f"git {words[0]} failed")


def _run(argv: list[str], failure: str) -> str:
    try:
        done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=_MINUTES)
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise AgentError(f"{failure}: {problem}.", "Nothing of your tasks was changed.") from problem
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()[-3:]
        raise AgentError(f"{failure}: {' '.join(said)}", "Nothing of your tasks was changed.")
    return done.stdout.strip()
