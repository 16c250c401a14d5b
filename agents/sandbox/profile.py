"""What a sandbox consists of, as options of bwrap(1)."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from agents.sandbox.own_etc import FONT_CACHE, OURS, OwnEtc
from agents.sandbox.places import (
    DRAWINGS,
    HOME,
    WORK,
    Shown,
    check_folder,
    shown_folders,
    shown_mounts,
    workspace_of,
)
from daemon.domain.errors import BadInput
from daemon.domain.sandbox import Box, BoxLimits, Command

_EMPTY = str(OURS / "empty")
_USR_LINKS = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")

# What /proc tells of the machine and its other users. The whole of /proc is read-only besides: where we are root, the
# files below /proc/sys would be ours to write, and /proc/1/mem is the memory of the one process that ends the others.
_PROC_FILES = (*("kcore", "keys", "key-users", "kallsyms", "timer_list", "kpagecount", "kpageflags", "kpagecgroup"),)

_NAMESPACES = (
    *(
        "--unshare-user",
        "--unshare-pid",
        "--unshare-ipc",
        "--unshare-uts",
        "--unshare-net",
        "--unshare-cgroup",
    ),
    *("--disable-userns", "--uid", "1000", "--gid", "1000", "--hostname", "agent", "--cap-drop", "ALL"),
    *("--new-session", "--die-with-parent"),
)


@dataclass(frozen=True, slots=True)
class Profile:
    """The unchanging part of every sandbox of this process, found out once.

    `options` come first; `python` is shown after the folders of a box, so that nothing writable lies over it.
    """

    options: tuple[str, ...]
    etc: OwnEtc
    python: tuple[Shown, ...]
    environment: Mapping[str, str]
    secret: tuple[Path, ...]

    @classmethod
    def of_this_machine(cls, etc: OwnEtc, secret: Sequence[Path] = ()) -> "Profile":
        """Look at this machine and this interpreter; `secret` are folders that no sandbox ever sees."""
        hidden = tuple(path.resolve() for path in secret)
        python = tuple(_python(hidden))
        return cls(
            options=(*_NAMESPACES, *_system()),
            etc=etc,
            python=python,
            environment=_environment(python),
            secret=hidden,
        )

    def fitted(self, command: Command, box: Box, kept: Mapping[Path, Iterable[Path]]) -> tuple[str, ...]:
        """Give the further options for one command; raises BadInput. Looks at the disk.

        `kept` names what can only be read in a writable folder.
        """
        workspace = workspace_of(box.workspace, self.secret)
        folders = tuple(
            replace(one, kept=_open(one, kept.get(one.source, {})))
            for one in shown_folders(box.folders, workspace, self.secret)
        )
        mounts = shown_mounts(box.mounts, folders, self.secret)
        _check_command(command)
        environment = {**self.environment, **command.env}
        return (
            *self.bare(box.limits, (*folders, *self.python, *mounts)),
            *("--bind", str(workspace), WORK, "--chdir", check_folder(command.cwd, workspace)),
            *(word for name, value in environment.items() for word in ("--setenv", name, value)),
        )

    def bare(self, limits: BoxLimits, shown: Sequence[Shown] = ()) -> tuple[str, ...]:
        """Give the options for a sandbox with /etc and /tmp and what is `shown`, but no workspace."""
        memory = str(max(limits.memory // 2, 1))
        sealed = [place for one in shown for place in _covers(one)]
        return (
            *("--ro-bind", str(self.etc.folder()), "/etc"),
            *("--size", memory, "--tmpfs", "/tmp", "--perms", "0700", "--dir", HOME, "--dir", DRAWINGS),  # noqa: S108
            *("--size", memory, "--tmpfs", "/dev/shm", "--dir", WORK),  # noqa: S108
            *(word for one in shown for word in _show(one)),
            *(word for place in (*sealed, "/proc", "/dev", "/") for word in ("--remount-ro", place)),
        )


def _system() -> Iterator[str]:
    yield from ("--ro-bind", "/usr", "/usr", "--dir", "/run", "--dir", "/var")
    yield from ("--symlink", "../tmp", "/var/tmp")  # noqa: S108
    for name in _USR_LINKS:
        path = Path("/", name)
        if path.is_symlink():
            yield from ("--symlink", str(path.readlink()), str(path))
        elif path.is_dir():
            yield from ("--ro-bind", str(path), str(path))
    yield from ("--dir", "/var/cache", "--symlink", f"../../etc/{FONT_CACHE}", "/var/cache/fontconfig")
    yield from ("--proc", "/proc", "--dev", "/dev")
    for name in _PROC_FILES:
        if os.access(f"/proc/{name}", os.R_OK):
            yield from ("--ro-bind", _EMPTY, f"/proc/{name}")


def _python(secret: Sequence[Path]) -> Iterator[Shown]:
    """Give the folders of this interpreter that are not in /usr: its virtual environment and what that builds on.

    An environment below /work stands at /opt/python instead, since /work is the workspace in the sandbox.
    """
    for prefix in dict.fromkeys((sys.base_prefix, sys.prefix)):
        real = Path(prefix).resolve()
        if real.is_relative_to("/usr"):
            continue
        place = "/opt/python" if PurePosixPath(prefix).is_relative_to(WORK) else prefix
        hidden = tuple(path for path in secret if path.is_relative_to(real))
        yield Shown(real, place, hidden=hidden)


def _environment(python: Sequence[Shown]) -> dict[str, str]:
    own = [f"{python[-1].place}/bin"] if python else []
    return {
        "PATH": ":".join([*own, "/usr/local/bin", "/usr/bin", "/bin"]),
        "HOME": HOME,
        "USER": "agent",
        "LANG": "C.UTF-8",
        "TMPDIR": "/tmp",  # noqa: S108
        "TZ": _time_zone(),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
        "PYTHONUTF8": "1",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": DRAWINGS,
    }


def _time_zone() -> str:
    """Give the name of the machine's time zone (localtime(5)), or UTC."""
    named = os.environ.get("TZ", "").removeprefix(":")
    link = os.path.realpath("/etc/localtime")
    return named or (link.partition("/zoneinfo/")[2] or "UTC")


def _check_command(command: Command) -> None:
    if not command.argv or not command.argv[0] or command.argv[0].startswith("-"):
        raise BadInput("There is no program to run.", "Give a program, and then its arguments.")
    if any("\0" in word for word in (*command.argv, *command.env, *command.env.values())):
        raise BadInput("A NUL character cannot stand in a command or its environment.", "Leave it out.")
    if any(not name or "=" in name for name in command.env):
        raise BadInput("The name of an environment variable is empty or has '=' in it.", "Correct the name.")


def _show(one: Shown) -> Iterator[str]:
    bind = "--bind" if one.writable else "--ro-bind"
    yield from (bind, str(one.source), one.place)
    if one.writable:
        # The way to a hidden place is made of mounts, which cannot be renamed: else it would stand elsewhere next time.
        ways = {path for inner in (*one.hidden, *one.kept) for path in _between(one.source, inner)}
        for path in sorted(ways):
            yield from (bind, str(path), one.at(path))
    for kept in one.kept:
        yield from ("--ro-bind-try", str(kept), one.at(kept))
    for hidden in one.hidden:
        if hidden.is_dir():
            yield from ("--size", "4096", "--perms", "0500", "--tmpfs", one.at(hidden))
        else:
            yield from ("--ro-bind", _EMPTY, one.at(hidden))


def _open(one: Shown, kept: Iterable[Path]) -> tuple[Path, ...]:
    """Leave out what is hidden anyway; for a link, on which nothing can be mounted, give what it leads to in there."""
    real = (path.resolve() if path.is_symlink() else path for path in kept)
    seen = {path for path in real if path.is_relative_to(one.source) and path != one.source and path.exists()}
    return tuple(path for path in sorted(seen) if not any(path.is_relative_to(hidden) for hidden in one.hidden))


def _covers(one: Shown) -> Iterator[str]:
    """Give the places of the folders that `_show` covers; they become read-only when all else stands."""
    return (one.at(hidden) for hidden in one.hidden if hidden.is_dir())


def _between(outer: Path, inner: Path) -> Iterator[Path]:
    return (path for path in inner.parents if path != outer and path.is_relative_to(outer))
