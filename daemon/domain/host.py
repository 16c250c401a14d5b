"""What the terminal is given: the parts of the house, each built when it is first asked for."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from daemon.domain.catalogue import ListedModel
from daemon.domain.effect import Labels
from daemon.domain.key import ListedKey
from daemon.domain.plugin import ListedTool, PluginProblem
from daemon.domain.profile import ListedAgent
from daemon.domain.rules import Judged, Policy
from daemon.domain.run import Run
from daemon.domain.sandbox import Completed
from daemon.domain.skill import Skill


class Worker(Protocol):
    """Does runs in this process."""

    def run(self, run_id: int | None, watch: Callable[[], None] | None = None) -> Run | None:
        """Do one run (the next pending one, also of tasks on hold, for None) until it ends, waits or is paused.

        Gives None when nothing is pending. Ctrl-C pauses the run cleanly and raises KeyboardInterrupt.
        `watch` is called in this process whenever something of the run was recorded.
        """

    def serve(self) -> None:
        """Be the daemon in the foreground until SIGTERM or SIGINT."""

    def replay(self, task_id: int) -> str | None:
        """Re-execute the newest run with its recorded replies; says the first difference, or None."""


class Finding(Protocol):
    """One thing that the doctor looked at."""

    @property
    def name(self) -> str:
        """Give what was looked at."""

    @property
    def ok(self) -> bool:
        """Say whether it is right."""

    @property
    def text(self) -> str:
        """Give what was found."""

    @property
    def fix(self) -> str:
        """Give what to do where it is not right."""


class Machine(Protocol):
    """What stands around the house: sandbox, skills, configuration, the machine's health."""

    def doctor(self) -> Sequence[Finding]:
        """Check everything; takes at most half a minute."""

    def sandbox(self, argv: Sequence[str], workspace: Path | None) -> Completed:
        """Run a command exactly as a run would, with output passed on as it comes."""

    def skills(self) -> Sequence[Skill]:
        """Give every skill that loads."""

    def skill_problems(self) -> Sequence[tuple[str, str]]:
        """Give the skill folders that do not load, each with the reason."""

    def tools(self) -> Sequence[ListedTool]:
        """Give every tool, on or off, with where it comes from."""

    def models(self) -> Sequence[ListedModel]:
        """Give every model that is configured; own servers are asked whether they answer, for two seconds at most."""

    def policy(self) -> Policy:
        """Give the preset and the rules that count: of answers, of agents, of the policy file, in that order."""

    def judged(self, call: str, labels: Labels, agent: str, goal: str) -> Judged:
        """Give the verdict on a call as a run of `agent` with these labels would get it, asked by these words.

        The call is the tool, a colon, and its first argument or all of them as JSON. Raises BadInput.
        """

    def keys(self) -> Sequence[ListedKey]:
        """Give the keys that models need and those that are kept, without their values."""

    def set_key(self, name: str, value: str, by: str) -> ListedKey:
        """Keep a key under a variable's name or a provider's, and let every daemon take it up.

        Raises BadInput for what cannot be a name or a key, and repeats neither.
        """

    def drop_key(self, name: str, by: str) -> ListedKey:
        """Forget a key that was kept, and let every daemon take that up; raises NotFound where none was."""

    def agents(self) -> Sequence[ListedAgent]:
        """Give every agent that works with a model, and what keeps it from working."""

    def plugin_problems(self) -> Sequence[PluginProblem]:
        """Give what packages add and could not be taken: tools, agents, channels."""

    def config(self) -> Sequence[tuple[str, Any, str]]:
        """Give every setting: dotted key, value, where it comes from."""

    def config_init(self) -> Sequence[Path]:
        """Write the commented defaults where there are none; gives the paths."""

    def backups(self) -> Sequence[Path]:
        """Give the backups of the database, newest first."""

    def restore(self, source: Path) -> Path | None:
        """Put a backup in the place of the database; gives where the present one was moved.

        Raises InvalidState while a worker lives, BadInput when the backup is damaged. Opens nothing before.
        """

    def update(self, say: Callable[[str], None]) -> None:
        """Bring this installation to the newest version; `say` is told each step."""

    def reload(self) -> int:
        """Check the configuration, then ask every daemon to read it again; gives how many were asked."""
