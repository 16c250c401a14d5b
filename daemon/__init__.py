"""The house: what was asked, what happened, what happens next.

`from daemon import Orchestrator, TaskDatabase` is the Python API; both are loaded when they are first named.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from daemon.app.orchestrator import Orchestrator, TaskDatabase

__all__ = ["Orchestrator", "TaskDatabase"]


def __getattr__(name: str) -> object:
    if name in __all__:
        from daemon.app import orchestrator

        return getattr(orchestrator, name)
    raise AttributeError(f"module 'daemon' has no attribute {name!r}")
