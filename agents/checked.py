"""An agent of a package: its result counts only where the package itself finds it complete."""

from collections.abc import Mapping
from typing import Any

from daemon.domain.ended import Ended, Failed, Finished
from daemon.domain.plugin import OwnAgent
from daemon.domain.ports import Work


class CheckedAgent:
    """The port `Agent` over an agent that a package adds."""

    def __init__(self, own: OwnAgent, frozen: Mapping[str, Any]) -> None:
        """Do runs as `own` does, started with what it froze."""
        self._own = own
        self._frozen = frozen

    async def run(self, work: Work) -> Ended:
        """Go on to an end; one that lacks something is an error that says what."""
        ended = await self._own.build(self._frozen).run(work)
        if isinstance(ended, Finished):
            lacking = self._own.lacking(work, ended)
            if lacking is not None:
                return Failed(f"The result is not complete: {lacking}")
        return ended
