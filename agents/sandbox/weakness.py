"""What of the sandbox holds less on this machine than it could, and how to mend it."""

import os
from collections.abc import Sequence

from agents.sandbox.hierarchy import Hierarchy

_DELEGATE = (
    "Add Delegate=yes to the unit of the agent; in a container, mount /sys/fs/cgroup so that the agent may write to it."
)


def weaknesses(places: Sequence[Hierarchy], numbered: bool) -> list[tuple[str, str]]:
    """Give each weakness as a sentence, with the fix; `numbered` is whether process numbers can be limited."""
    controllers = {name for place in places for name in place.controllers}
    is_root = os.geteuid() == 0
    found = []
    if "memory" not in controllers:
        found.append(
            ("No control group for memory: it is measured, and can be above its limit for moments.", _DELEGATE)
        )
    if "pids" not in controllers and is_root and not numbered:
        found.append(
            (
                "No control group for processes, and root's are not counted: a fork bomb is stopped by looking for it.",
                f"Run the agent as an ordinary user, or on Linux 6.14 or newer. Or: {_DELEGATE}",
            )
        )
    if is_root:
        found.append(
            (
                "The agent runs as root: what breaks out of the sandbox is root.",
                "Run it as an ordinary user, by its systemd user service.",
            )
        )
    return found
