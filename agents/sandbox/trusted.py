"""Paths that programs outside act on by themselves: hooks and settings of git, of editors, agents and shells.

In a folder of the owner's that a command may write to, those that are there are shown read-only. Those that are not
there can be made, since a place for each would have to be left in the owner's folder; what was made is put out of
action before the command's result is given, by another name that nothing acts on.
"""

import os
import re
import stat
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path

_NAMES = """
.vscode .idea .fleet .zed .vs .devcontainer .devcontainer.json .exrc .nvimrc .nvim.lua .vimrc .vim
.dir-locals.el .lvimrc .sublime-project .claude .cursor .cursorrules .mcp.json .codex .gemini .aider.conf.yml
.continue .windsurf .windsurfrules .roo .opencode .goosehints .envrc .direnv .autoenv .autoenv.zsh .mise.toml
mise.toml .mise .tool-versions .rtx.toml .bashrc .bash_profile .bash_login .bash_logout .bash_aliases .profile .zshrc
.zshenv .zprofile .zlogin .zlogout .cshrc .tcshrc .kshrc .inputrc .xprofile .xinitrc .xsession .xsessionrc
.pam_environment .gitconfig .gitmodules .hg .husky .pre-commit-config.yaml .npmrc .yarnrc .yarnrc.yml .pnpmfile.cjs
.pypirc .pythonrc .pdbrc .gdbinit .lldbinit .tmux.conf .screenrc .wgetrc .curlrc .netrc .ssh
"""
NAMES = frozenset(_NAMES.split())
_PATHS = ((".config", "fish"), (".config", "autostart"), (".config", "systemd"), (".config", "git"), (".local", "bin"))
_IN_GIT = ("hooks", "config", "config.worktree", "info/attributes", "commondir", "gitdir", "modules", "worktrees")
_MARKS_OF_GIT = frozenset({"HEAD", "objects", "refs"})
_SUFFIX = ".made-in-sandbox"
_MOST_FOLDERS = 20_000
_SAFE_CONFIG = re.compile(
    rb"\s*(?:[#;].*|\[(?:core|user|remote \"[\w./-]+\"|branch \"[\w./-]+\"|init|extensions)\]"
    rb"|(?:repositoryformatversion|filemode|bare|logallrefupdates|ignorecase|precomposeunicode|symlinks|name|email"
    rb"|remote|merge|rebase|defaultbranch|fetch)\s*=[^\\]*|url\s*=\s*(?:https?|ssh|git)://[^\\]*)?\s*",
    re.IGNORECASE,
)
_MOST_CONFIG = 65536


def trusted_in(folder: Path) -> dict[Path, str]:
    """Find, in a folder and below, what programs outside act on; outer folders first, up to 20,000 of them.

    Each path has a word that changes when a link does, or begins to lead somewhere; empty for what is no link.
    """
    return {path: _link(path) for path in _walk(folder)}


def disarm(folder: Path, before: Mapping[Path, str]) -> tuple[str, ...]:
    """Put out of action what is in `folder` now and was not `before`; gives what was done, in words."""
    said = []
    for path, link in trusted_in(folder).items():
        is_old = before.get(path) == link or any(before.get(parent) == "" for parent in path.parents)
        if is_old or _is_harmless(path):
            continue
        away = path.with_name(path.name + _SUFFIX)
        number = 1
        while os.path.lexists(away):
            number += 1
            away = path.with_name(f"{path.name}{_SUFFIX}-{number}")
        try:
            path.rename(away)
        except OSError as error:
            said.append(f"{path} may be acted on by programs outside, and could not be renamed: {error.strerror}")
        else:
            said.append(f"{path} is called {away.name} now: programs outside would act on it")
    return tuple(said)


def _link(path: Path) -> str:
    return f"{path.readlink()} {path.exists()}" if path.is_symlink() else ""


def _walk(folder: Path) -> Iterator[Path]:
    waiting = deque([str(folder)])
    for _ in range(_MOST_FOLDERS):
        if not waiting:
            return
        here = waiting.popleft()
        try:
            entries = list(os.scandir(here))
        except OSError:
            continue  # it went, or neither we nor the command may look into it
        names = {entry.name for entry in entries}
        if names >= _MARKS_OF_GIT:
            yield from (Path(here, part) for part in _IN_GIT if os.path.lexists(f"{here}/{part}"))
            continue
        for entry in entries:
            if _is_trusted(entry):
                yield Path(entry.path)
            elif entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
        yield from (
            Path(here, *two) for two in _PATHS if two[0] in names and os.path.lexists(f"{here}/{'/'.join(two)}")
        )


def _is_trusted(entry: "os.DirEntry[str]") -> bool:
    is_link_to_git = entry.name == ".git" and not entry.is_dir(follow_symlinks=False)
    return entry.name in NAMES or is_link_to_git


def _is_harmless(path: Path) -> bool:
    """Say whether what git made of itself is all there is: samples of hooks, a configuration that starts nothing."""
    about = path.lstat()
    if path.name == "hooks" and stat.S_ISDIR(about.st_mode):
        return all(name.name.endswith(".sample") for name in path.iterdir())
    if path.name == "config" and stat.S_ISREG(about.st_mode) and about.st_size <= _MOST_CONFIG:
        return all(_SAFE_CONFIG.fullmatch(line) for line in path.read_bytes().splitlines())
    return False
