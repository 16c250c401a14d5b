"""A host over a real store and the real service; its worker does what a story says. Light as the house's own.

`python -m tests.fakes.hosts ARGUMENTS` is a terminal of its own: AGENT_HOME is its state, AGENT_TEST_STORY its story.
"""

from __future__ import annotations

import os
import sys
import time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from channels.cli.main import run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from daemon.domain.catalogue import ListedModel
    from daemon.domain.effect import Labels
    from daemon.domain.host import Finding
    from daemon.domain.key import ListedKey
    from daemon.domain.plugin import ListedTool, PluginProblem
    from daemon.domain.profile import ListedAgent
    from daemon.domain.rules import Judged, Policy
    from daemon.domain.sandbox import Completed
    from daemon.domain.skill import Skill
    from daemon.engine.service import Service
    from tests.fakes.stories import Story
    from tests.fakes.story_worker import StoryWorker


SECRETS = ("hush-of-the-tests",)
"""What is secret in the house of a story."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> float:
        return time.time()


def service_at(folder: Path) -> Service:
    """Open the state in a folder, as the house does."""
    from daemon.engine.redaction.redactor import Redactor
    from daemon.engine.service import Service
    from daemon.engine.wake import Bell
    from daemon.store.database import open_at
    from daemon.store.home import Home

    home = Home(folder)
    open_at(home)
    return Service(home, SystemClock(), Bell(home.wake), lambda: None, redactor=lambda: Redactor(SECRETS, b"of tests"))


class StoryMachine:
    """A machine that finds what a test put there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.news: list[str] = []
        self.daemons = 0
        self.kept: dict[str, str] = {}
        self.rules: Policy | None = None
        self.agents_there: list[ListedAgent] = []
        self.findings: list[Finding] = []
        self.library: list[Skill] = []
        self.problems: list[tuple[str, str]] = []
        self.toolbox: list[ListedTool] = []
        self.left_out: list[PluginProblem] = []
        self.settings: list[tuple[str, object, str]] = []
        self.written: list[Path] = []
        self.completed: Completed | None = None
        self.asked: tuple[Sequence[str], Path | None] | None = None

    def doctor(self) -> Sequence[Finding]:
        return self.findings

    def sandbox(self, argv: Sequence[str], workspace: Path | None) -> Completed:
        self.asked = (argv, workspace)
        assert self.completed is not None
        return self.completed

    def skills(self) -> Sequence[Skill]:
        return self.library

    def skill_problems(self) -> Sequence[tuple[str, str]]:
        return self.problems

    def tools(self) -> Sequence[ListedTool]:
        return self.toolbox

    def models(self) -> Sequence[ListedModel]:
        return ()

    def policy(self) -> Policy:
        assert self.rules is not None
        return self.rules

    def judged(self, call: str, labels: Labels, agent: str, goal: str) -> Judged:
        raise NotImplementedError

    def keys(self) -> Sequence[ListedKey]:
        return [ListedKey(name, ("agent auth set",)) for name in self.kept]

    def set_key(self, name: str, value: str, by: str) -> ListedKey:
        self.kept[name] = value
        return ListedKey(name, ("agent auth set",))

    def drop_key(self, name: str, by: str) -> ListedKey:
        del self.kept[name]
        return ListedKey(name)

    def agents(self) -> Sequence[ListedAgent]:
        return self.agents_there

    def plugin_problems(self) -> Sequence[PluginProblem]:
        return self.left_out

    def config(self) -> Sequence[tuple[str, object, str]]:
        return self.settings

    def config_init(self) -> Sequence[Path]:
        return self.written

    def backups(self) -> Sequence[Path]:
        from daemon.store.backup import backups
        from daemon.store.home import Home

        return backups(Home(self._folder))

    def restore(self, source: Path) -> Path | None:
        from daemon.store.backup import restore
        from daemon.store.home import Home

        return restore(Home(self._folder), source)

    def update(self, say: Callable[[str], None]) -> None:
        for said in self.news:
            say(said)

    def reload(self) -> int:
        return self.daemons


class StoryHost:
    """The port `Host` over a folder."""

    def __init__(self, folder: Path, story: Story | None = None) -> None:
        self._folder = folder
        self.story = story

    @cached_property
    def service(self) -> Service:
        return service_at(self._folder)

    @cached_property
    def worker(self) -> StoryWorker:
        from tests.fakes.story_worker import StoryWorker

        return StoryWorker(self.service, self.story)

    def redact(self, text: str) -> str:
        from daemon.engine.redaction.redactor import Redactor

        return Redactor(SECRETS, b"of tests").text(text)

    @cached_property
    def machine(self) -> StoryMachine:
        return StoryMachine(self._folder)


def _story() -> Story | None:
    name = os.environ.get("AGENT_TEST_STORY")
    if name is None:
        return None
    from tests.fakes.stories import STORIES

    return STORIES[name]


if __name__ == "__main__":
    sys.exit(run(StoryHost(Path(os.environ["AGENT_HOME"]), _story()), sys.argv[1:]))
