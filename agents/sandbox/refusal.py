"""Why bwrap could not set up a sandbox, and what the owner can do."""

from pathlib import Path

from daemon.domain.errors import SandboxUnavailable

_DENIED = (
    "Operation not permitted",
    "Permission denied",
    "No permissions to create",
    "No space left on device",
)


def missing(program: str) -> SandboxUnavailable:
    """Give the error for a machine without bubblewrap."""
    return SandboxUnavailable(
        f"Nothing can be run: bubblewrap ({program}) is not installed.", "Install it: apt install bubblewrap."
    )


def explain(said: str) -> SandboxUnavailable:
    """Give the error for what bwrap said when it could not set up a sandbox."""
    last = said.strip().splitlines()[-1] if said.strip() else "it ended without a word"
    message = f"No sandbox can be set up here: {last}."
    if "nknown option" in said:
        return SandboxUnavailable(message, "Install bubblewrap 0.8 or newer.")
    if not any(word in said for word in _DENIED):
        return SandboxUnavailable(message, "Run `agent doctor`, which tries it step by step.")
    return SandboxUnavailable(message, _permission())


def _permission() -> str:
    """Find out who forbids namespaces here."""
    if _setting("user/max_user_namespaces") == "0":
        return "User namespaces are switched off: sudo sysctl -w user.max_user_namespaces=15000."
    if _setting("kernel/unprivileged_userns_clone") == "0":
        return "User namespaces are switched off: sudo sysctl -w kernel.unprivileged_userns_clone=1."
    if _setting("kernel/apparmor_restrict_unprivileged_userns") == "1":
        return (
            "AppArmor forbids user namespaces (Ubuntu 23.10 and later). Allow them for /usr/bin/bwrap: write a "
            "profile with the rule `userns,` to /etc/apparmor.d/bwrap (package apparmor-profiles has one in its "
            "extras), or for all: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0."
        )
    if any(Path(mark).exists() for mark in ("/.dockerenv", "/run/.containerenv")):
        return (
            "The container forbids it. Start it with --security-opt seccomp=unconfined --security-opt "
            "apparmor=unconfined --security-opt systempaths=unconfined, or run the agent outside."
        )
    return (
        "The system forbids namespaces to this process. In a systemd unit remove RestrictNamespaces=, "
        "SystemCallFilter= without @mount and RestrictAddressFamilies= without AF_NETLINK; else look for a "
        "security module that denies it, or you are in a chroot, where nobody may make them: leave it."
    )


def _setting(name: str) -> str:
    path = Path("/proc/sys", name)
    return path.read_text().strip() if path.exists() else ""
