"""Where secrets lie in the home folder, and how they are found within a folder that is shown."""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

# Relative to a home folder: keys and tokens, mail and browsers, wallets, what was typed.
_NAMES = """
.ssh .gnupg .pki .putty .password-store .vault-token .age .config/sops .config/op .config/Bitwarden .config/keepassxc
.local/share/keyrings .local/share/kwalletd .kde/share/apps/kwallet .dbus .Xauthority .ICEauthority
.aws .azure .boto .s3cfg .oci .config/gcloud .config/doctl .config/hcloud .config/rclone .config/filezilla
.docker .kube .config/containers .config/helm .terraform.d .terraformrc .ansible
.netrc .authinfo .authinfo.gpg .pgpass .my.cnf .mylogin.cnf .git-credentials .config/git/credentials .config/gh
.config/hub .config/glab-cli .npmrc .yarnrc .yarnrc.yml .pypirc .gem/credentials .cargo/credentials
.cargo/credentials.toml .m2/settings.xml .gradle/gradle.properties .cache/huggingface/token .huggingface
.mozilla .librewolf .zen .thunderbird .config/google-chrome .config/chromium .config/BraveSoftware
.config/microsoft-edge .config/vivaldi .config/opera .cache/mozilla .cache/google-chrome .cache/chromium .var/app
snap/firefox snap/chromium snap/thunderbird .evolution .config/evolution .local/share/evolution .mutt .msmtprc
.config/msmtp .offlineimaprc .mbsyncrc .fetchmailrc .config/Signal .config/Slack .config/discord .config/Element
.local/share/TelegramDesktop .bitcoin .ethereum .electrum .monero
.bash_history .zsh_history .python_history .node_repl_history .psql_history .mysql_history .sqlite_history .lesshst
.viminfo .local/share/fish/fish_history .config/Code .config/Cursor .claude .codex .config/systemd/user/secrets
"""
WELL_KNOWN = tuple(tuple(name.split("/")) for name in _NAMES.split())
_IN_A_PATH = re.compile("|".join(f"/{re.escape(name)}/" for name in _NAMES.split()))


def is_secret(path: Path) -> bool:
    """Say whether `path` is, or lies in, a well-known place of secrets, in whatever home folder."""
    return _IN_A_PATH.search(f"{path}/") is not None


def own_home() -> Path | None:
    """Give the home folder of this account; None where it has none."""
    home = os.path.expanduser("~")  # noqa: PTH111 - Path.home() raises for an account without a home
    return Path(home).resolve() if home.startswith("/") else None


def find_secrets(folder: Path, kept: Sequence[Path]) -> tuple[Path, ...]:
    """Give what must not be seen in `folder`: well-known secrets, and those of `kept` that lie in it.

    Looked at as home folders are `folder`, the folders in it, its parents and the home folder of this account. All
    paths are real ones; a link to a secret stands for what it leads to. A secret within another is not named.
    """
    found = {path for path in kept if path.is_relative_to(folder)}
    for home in _homes(folder):
        found.update(_in_home(home, folder))
    return tuple(
        path for path in sorted(found) if path.exists() and not any(parent in found for parent in path.parents)
    )


def _homes(folder: Path) -> Iterator[Path]:
    yield folder
    yield from folder.parents
    own = own_home()
    if own is not None and own.is_relative_to(folder):
        yield own
    try:
        with os.scandir(folder) as entries:
            yield from [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
    except PermissionError:
        return  # what we cannot list, the sandbox cannot either


def _in_home(home: Path, folder: Path) -> Iterator[Path]:
    try:
        names = {entry.name for entry in home.iterdir()}
    except (PermissionError, FileNotFoundError, NotADirectoryError):
        return
    for name in WELL_KNOWN:
        if name[0] in names:
            path = Path(os.path.realpath(home.joinpath(*name)))
            if path != folder and path.is_relative_to(folder):
                yield path
