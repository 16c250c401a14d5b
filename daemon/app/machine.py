"""What stands around the house: the sandbox, the skills, the configuration and the machine's health."""

import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from daemon.app.checkup import checks
from daemon.app.compose import build_registry, build_sandbox, build_skills, checked_agents
from daemon.app.key_list import key_called, listed_key, listed_keys
from daemon.app.model_list import listed_models
from daemon.app.plugins import load_agents, load_channels
from daemon.app.policy_trial import judged
from daemon.app.update import update
from daemon.domain.catalogue import Catalogue, ListedModel
from daemon.domain.effect import Labels
from daemon.domain.errors import BadInput, ConfigError, InvalidState, NotFound
from daemon.domain.key import ListedKey
from daemon.domain.plugin import ListedTool, PluginProblem
from daemon.domain.profile import ListedAgent, Profile
from daemon.domain.rules import Judged, Policy
from daemon.domain.sandbox import Box, Command, Completed
from daemon.domain.skill import Skill
from daemon.engine import own_rules, workers
from daemon.health import Finding, examine
from daemon.settings.defaults import write_default
from daemon.settings.keystore import drop_key, keep_key
from daemon.settings.loader import explain, load
from daemon.settings.models import load_catalogue
from daemon.settings.places import config_folder, shipped, state_folder
from daemon.settings.policy import load_policy
from daemon.settings.profiles import asked_first, load_profiles
from daemon.settings.secret import secret, sources_of
from daemon.store import audit, backup, database
from daemon.store.home import Home


class OwnMachine:
    """The port `Machine`."""

    def __init__(self, home: Callable[[], Home], redact: Callable[[str], str]) -> None:
        """Look after this machine; `home` opens the state folder when it is needed, `redact` takes secrets out."""
        self._home = home
        self._redact = redact

    def doctor(self) -> Sequence[Finding]:
        """Check everything; what is found is said without secrets."""
        return [
            replace(found, text=self._redact(found.text), fix=self._redact(found.fix))
            for found in examine(checks(self._home))
        ]

    def sandbox(self, argv: Sequence[str], workspace: Path | None) -> Completed:
        """Run a command exactly as a run would; output is passed on as it comes."""
        sandbox = build_sandbox(self._home())
        with tempfile.TemporaryDirectory(prefix="agent-sandbox-") as scratch:
            folder = (workspace or Path(scratch)).resolve()
            if not folder.is_dir():
                raise BadInput(f"{folder} is no folder.", "Name a folder with --workspace.")
            box = Box(workspace=folder, limits=replace(load().sandbox))
            return asyncio.run(sandbox.run(Command(tuple(argv)), box, _pass_on))

    def skills(self) -> Sequence[Skill]:
        """Give every skill that loads."""
        return build_skills().all()

    def skill_problems(self) -> Sequence[tuple[str, str]]:
        """Give the skill folders that do not load, each with the reason."""
        return [(problem.path, problem.reason) for problem in build_skills().problems()]

    def tools(self) -> Sequence[ListedTool]:
        """Give every tool, on or off."""
        return build_registry().listed()

    def models(self) -> Sequence[ListedModel]:
        """Give every model that is configured, and whether it answers."""
        return listed_models(load_catalogue(), secret)

    def policy(self) -> Policy:
        """Give the rules of agents and of the policy file."""
        policy, registry = load_policy(), build_registry()
        names = {entry.tool.name: entry.tool.aliases for entry in registry.entries}
        return Policy(policy.preset, (*asked_first(load_profiles(), names), *policy.rules))

    def judged(self, call: str, labels: Labels, agent: str, goal: str) -> Judged:
        """Judge a call as a run would get it, by the rules that count now."""
        self._home()
        tools = {name: tool for tool in build_registry().tools for name in (tool.name, *tool.aliases)}
        policy = self.policy()
        policy = Policy(policy.preset, (*own_rules.active(), *policy.rules))
        return judged(call, tools, policy, labels, agent, goal)

    def keys(self) -> Sequence[ListedKey]:
        """Give the keys that models need and those that are kept."""
        return listed_keys(load_catalogue())

    def set_key(self, name: str, value: str, by: str) -> ListedKey:
        """Keep a key, write into the log that it was kept, and tell the daemons."""
        name = key_called(name)
        keep_key(name, value)
        return self._changed("key kept", name, by)

    def drop_key(self, name: str, by: str) -> ListedKey:
        """Forget a key that was kept."""
        name = key_called(name)
        if not drop_key(name):
            elsewhere = sources_of(name)
            where = f" It comes from {elsewhere[0]}: remove it there." if elsewhere else ""
            raise NotFound(f"No key is kept as {name}.{where}", "agent auth status shows the keys that there are.")
        return self._changed("key dropped", name, by)

    def _changed(self, what: str, name: str, by: str) -> ListedKey:
        home = self._home()
        with database.transaction():
            audit.add(what, by, {"key": name}, time.time())
        self._tell_daemons(home)
        return listed_key(name, self._catalogue())

    @staticmethod
    def _catalogue() -> Catalogue:
        """Give the models, none where their file is wrong: a key can be kept all the same."""
        try:
            return load_catalogue()
        except ConfigError:
            return Catalogue()

    def agents(self) -> Sequence[ListedAgent]:
        """Give every agent that works with a model."""
        catalogue = load_catalogue()
        profiles = load_profiles()
        checked_agents(profiles, build_registry())
        return [ListedAgent(profile, _lacking(profile, catalogue)) for profile in profiles]

    def plugin_problems(self) -> Sequence[PluginProblem]:
        """Give what packages add and could not be taken."""
        return [*build_registry().problems, *load_agents().problems, *load_channels().problems]

    def config(self) -> Sequence[tuple[str, str, str]]:
        """Give every setting with its source."""
        return explain()

    def config_init(self) -> Sequence[Path]:
        """Write the commented defaults where there are none."""
        return write_default(config_folder())

    def backups(self) -> Sequence[Path]:
        """Give the backups of the database, newest first."""
        return backup.backups(self._home())

    def restore(self, source: Path) -> Path | None:
        """Put a backup in the place of the database; gives where the present one was moved.

        Opens nothing, so that it also helps where the present database is damaged.
        """
        home = Home(state_folder())
        home.prepare()
        living = workers.living(home.workers)
        if living:
            raise InvalidState(
                f"A worker (process {living[0].pid}) has the database open.", "Stop it first: agent workers shows it."
            )
        return backup.restore(home, source)

    def update(self, say: Callable[[str], None]) -> None:
        """Bring this installation to the newest version; `say` is told each step."""
        update(self._home(), shipped("config").parent, say)

    def reload(self) -> int:
        """Check the configuration, then ask every daemon to read it again; gives how many were asked."""
        load()
        load_policy()
        load_catalogue()
        checked_agents(load_profiles(), build_registry())
        return self._tell_daemons(self._home())

    @staticmethod
    def _tell_daemons(home: Home) -> int:
        daemons = [worker for worker in workers.living(home.workers) if worker.kind == "daemon"]
        for daemon in daemons:
            os.kill(daemon.pid, signal.SIGHUP)
        return len(daemons)


def _lacking(profile: Profile, catalogue: Catalogue) -> str:
    if not catalogue.talking:
        return "no model is configured"
    if profile.model and not catalogue.names(profile.model, private=False):
        return f"there is no model {profile.model}"
    return ""


def _pass_on(stream: str, piece: bytes) -> None:
    target = sys.stdout.buffer if stream == "stdout" else sys.stderr.buffer
    target.write(piece)
    target.flush()
