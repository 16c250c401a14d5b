"""An error that nobody foresaw: its details go to a log, or to the screen of whoever debugs."""

from __future__ import annotations

import os
import traceback
from typing import TYPE_CHECKING

from channels.cli import moments
from channels.cli.text import block, line

if TYPE_CHECKING:
    from channels.cli.host import Host
    from channels.cli.screen import Screen


def keep(problem: Exception, host: Host, screen: Screen) -> str:
    """Write the traceback down and say in brackets where it is."""
    details = host.redact("".join(traceback.format_exception(problem)))
    if os.environ.get("AGENT_LOG_LEVEL", "").lower() == "debug":
        screen.tell(block(details))
        return ""
    try:
        path = host.service.home.path / "errors.log"
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{moments.utc(moments.now())}\n{details}\n")
    except Exception:  # noqa: BLE001 - the edge: what went wrong may well be the house itself
        return " (AGENT_LOG_LEVEL=debug shows the details)"
    return f" (the details are in {line(str(path))})"
