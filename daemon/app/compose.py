"""Builds every part and hands each only what it needs."""

import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from daemon.domain.errors import ConfigError
from daemon.domain.plugin import TOOLS, PluginProblem
from daemon.engine.service import Service
from daemon.engine.wake import Bell
from daemon.settings.places import config_folder, state_folder
from daemon.store import database
from daemon.store.home import Home

if TYPE_CHECKING:
    from agents.tools.registry import Registry
    from daemon.domain.catalogue import Catalogue
    from daemon.domain.host import Machine
    from daemon.domain.plugin import OwnAgent
    from daemon.domain.ports import Channel, Model, Sandbox, Speech, Tool
    from daemon.domain.profile import Profile
    from daemon.engine.parts import Parts
    from daemon.engine.redaction.redactor import Redactor
    from skills.library import Library

TELEGRAM_TOKEN = "TELEGRAM_BOT_TOKEN"  # noqa: S105 - the name under which it is kept
_DAY = 86_400.0


class SystemClock:
    """The port `Clock` by the machine's clock."""

    def now(self) -> float:
        """Give the seconds since the epoch."""
        return time.time()


def open_home(path: Path | None = None) -> Home:
    """Open the database in the state folder, or in `path`."""
    home = Home(path or state_folder())
    database.open_at(home)
    return home


def open_service(home: Home) -> Service:
    """Give the verbs; settings are read only by those that need them."""
    return Service(
        home, SystemClock(), Bell(home.wake), _max_input, _most_snapshots, redactor=lambda: build_redactor(home)
    )


def build_redactor(home: Home) -> "Redactor":
    """Give what takes secrets out of texts: those that are set now, and whatever looks like one."""
    from daemon.engine.redaction.redactor import Redactor
    from daemon.settings.secret import known_secrets
    from daemon.store.tag_key import tag_key

    return Redactor(known_secrets(), tag_key(home))


def build_sandbox(home: Home) -> "Sandbox":
    """Give the sandbox, which never shows the agent's own folders."""
    from agents.sandbox.bubblewrap import Bubblewrap

    return Bubblewrap(secret=(home.path, config_folder()), scratch=home.sandbox)


def build_skills() -> "Library":
    """Give the library of bundled and the owner's skills."""
    from daemon.settings.loader import load
    from skills.library import Library, bundled_folder

    own = [("owner", Path(folder)) for folder in load().skills.folders]
    return Library([("bundled", bundled_folder()), ("owner", config_folder() / "skills"), *own])


def build_parts(home: Home, model: "Model | None" = None, more_tools: "Iterable[Tool]" = ()) -> "Parts":
    """Give what a worker works with; raises ConfigError where the configuration is wrong."""
    from agents.chooser import Chooser
    from daemon.app.logs import logger
    from daemon.app.plugins import load_agents
    from daemon.domain.rules import Policy
    from daemon.engine.parts import Parts
    from daemon.settings.loader import load
    from daemon.settings.models import load_catalogue
    from daemon.settings.policy import load_policy
    from daemon.settings.profiles import asked_first, load_profiles
    from daemon.store.thread import StoreThread
    from skills.frozen import keep

    settings = load()
    redactor = build_redactor(home)
    log = logger(settings.log, redactor)
    registry, own = build_registry(), load_agents()
    for problem in (*registry.problems, *own.problems):
        log.warning("plug-in left out", source=problem.source, why=problem.reason)
    tools = [*registry.tools, *more_tools]
    agents = [cast("OwnAgent", agent.value) for agent in own.values]
    copied = partial(keep, folder=home.path / "skills")
    catalogue = load_catalogue() if model is None else _one_for_all_tiers()
    profiles, policy = load_profiles(), load_policy()
    by_name = {tool.name: tool.aliases for tool in tools}
    for source, reason in checked_agents(profiles, registry, by_name):
        log.warning("an agent asks before a tool that is not there", source=source, why=reason)
    models, speech = (model, None) if model is not None else build_models(catalogue)
    chooser = Chooser(build_skills(), copied, tools, agents, profiles, catalogue)
    return Parts(
        home=home,
        clock=SystemClock(),
        thread=StoreThread(),
        wake=Bell(home.wake),
        agents=chooser,
        tools={name: tool for tool in tools for name in (tool.name, *tool.aliases)},
        model=models,
        speech=speech,
        sandbox=build_sandbox(home),
        box=settings.sandbox,
        policy=Policy(policy.preset, (*asked_first(profiles, by_name), *policy.rules)),
        limits=settings.limits,
        runs=settings.runs,
        lifetime=settings.approvals.expire_days * _DAY,
        snapshots=settings.files.snapshots,
        retention=None if settings.retention.days is None else settings.retention.days * _DAY,
        redact=redactor,
        log=log,
    )


def build_channels(parts: "Parts") -> "list[Channel]":
    """Give the channels that are configured: those that have their secret."""
    from daemon.settings.loader import load
    from daemon.settings.secret import secret

    token = secret(TELEGRAM_TOKEN)
    if token is None:
        return []
    from channels.talk.desk import Desk
    from channels.telegram.channel import TelegramChannel
    from daemon.engine.transcribing import Transcribing
    from daemon.settings.words import load_words

    settings = load()
    transcriber = None if parts.speech is None else Transcribing(parts, parts.speech)
    words = load_words(settings.owner.language)
    # The worker's own redactor: it knows the secrets, and learns those that a reload brings.
    service = Service(parts.home, SystemClock(), parts.wake, _max_input, _most_snapshots, redactor=lambda: parts.redact)
    desk = Desk(service, words, build_skills(), float(settings.telegram.follow), partial(_machine, parts))
    return [TelegramChannel(token, settings.telegram.api, desk, transcriber, parts.thread, parts.log)]


def _machine(parts: "Parts") -> "Machine":
    from daemon.app.machine import OwnMachine

    return OwnMachine(lambda: parts.home, parts.redact.text)


def _one_for_all_tiers() -> "Catalogue":
    """Give a catalogue for a model that was handed in: it answers for every tier, here."""
    from daemon.domain.catalogue import TIERS, Catalogue, Deployment

    return Catalogue((Deployment("given", {}, own=True),), dict.fromkeys(TIERS, ("given",)))


def build_models(catalogue: "Catalogue") -> "tuple[Model | None, Speech | None]":
    """Give the models of a catalogue; the process in which they live starts with the first request."""
    from agents.models.models import Models
    from agents.models.process import ModelProcess
    from agents.models.speech import Speech

    if not catalogue.deployments:
        return None, None
    # -P: where the agent was started must not be where the process with the keys finds its modules.
    program = (sys.executable, "-P", "-m", "daemon.app.model_process")
    process = ModelProcess(program, asdict(catalogue))
    models = Models(catalogue, process) if catalogue.talking else None
    speech = Speech(catalogue, process) if any(one.transcribes for one in catalogue.deployments) else None
    return models, speech


def build_registry() -> "Registry":
    """Give all tools with their switches; raises ConfigError where a switch is wrong or names no tool."""
    from agents.tools.registry import Registry
    from daemon.app.plugins import load_group
    from daemon.settings.tools import NAME, load_switches

    switches, loaded = load_switches(), load_group(TOOLS)

    def switched(tool: str) -> tuple[bool, str]:
        switch = switches.of(tool)
        return switch.on, switch.source

    registry = Registry(loaded.values, loaded.problems, switched)
    unknown = switches.unknown(registry.names)
    if unknown and not registry.problems:
        lines = "\n".join(f"{where}: {what}" for where, what in unknown)
        raise ConfigError(lines, f"Correct {NAME} in {config_folder()} or the variable; agent tools lists the names.")
    # The tool may be one of a package that could not be loaded: that is no mistake of the owner's.
    registry.problems += [PluginProblem(where, what) for where, what in unknown]
    return registry


def checked_agents(
    profiles: "Sequence[Profile]", registry: "Registry", more: "Mapping[str, Sequence[str]]" = MappingProxyType({})
) -> list[tuple[str, str]]:
    """Raise ConfigError where an agent asks before a tool that is not there, since nothing would be asked.

    Where a package could not be loaded the tool may be one of its: then that is given, to be told.
    """
    from daemon.settings.profiles import without_effect

    known = {entry.tool.name: entry.tool.aliases for entry in registry.entries} | dict(more)
    found = without_effect(profiles, {name for tool, others in known.items() for name in (tool, *others)})
    if found and not registry.problems:
        lines = "\n".join(f"{where}: {what}" for where, what in found)
        raise ConfigError(lines, f"Correct the files in {config_folder() / 'agents'}; agent tools lists the names.")
    return found


def _max_input() -> int | None:
    from daemon.settings.loader import load

    return load().files.max_input


def _most_snapshots() -> int | None:
    from daemon.settings.loader import load

    return load().files.snapshots
