"""The agents that work with a model: those of `config/agents/`, and the owner's, which take their place by name."""

from collections.abc import Collection, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from daemon.domain.effect import Effect
from daemon.domain.profile import Profile
from daemon.domain.rules import Rule, Verdict
from daemon.settings.mistakes import Mistakes, quoted, suggestion
from daemon.settings.places import config_folder, shipped
from daemon.settings.profilesfile import ProfileFile
from daemon.settings.textfile import read_text

FOLDER = "agents"
_ITS_OWN = frozenset({"finish", "ask_owner", "note", "progress"})
"""Tools with which an agent speaks to its owner and to itself: a pattern does not mean them, their names do."""
_ACTS = frozenset(Effect) - {Effect.READ}


def load_profiles() -> tuple[Profile, ...]:
    """Give all profiles by name, the bundled ones first. Raises one ConfigError for all mistakes."""
    mistakes = Mistakes()
    own = config_folder() / FOLDER
    found = {profile.name: profile for profile in _of(shipped(f"config/{FOLDER}"), mistakes)}
    found |= {profile.name: profile for profile in _of(own, mistakes)}
    mistakes.raise_any(f"Correct the files in {own}.")
    return tuple(found.values())


def asked_first(profiles: Sequence[Profile], tools: Mapping[str, Collection[str]]) -> tuple[Rule, ...]:
    """Give the rules that ask before the tools which agents name in `approval_required`.

    `tools` are the tools that there are, by name, with their other names. A name means every call; a pattern means the
    calls that do something: neither what only reads, nor the agent's own notes, questions and end.
    """
    return tuple(
        Rule(
            Verdict.ASK,
            tool=tool,
            effect=frozenset() if _is_named(profile, {tool, *others}) else _ACTS,
            agent=profile.name,
            reason=f"the agent {profile.name} asks before it",
            source=f"{FOLDER}: {profile.name}",
        )
        for profile in profiles
        for tool, others in sorted(tools.items())
        if _asks_before(profile, tool, {tool, *others})
    )


def without_effect(profiles: Sequence[Profile], names: Collection[str]) -> list[tuple[str, str]]:
    """Give what agents want to ask before and no tool is called, with the file; `names` are all names of all tools."""
    return [
        (f"{FOLDER}: {profile.name}", f"'approval_required' names {quoted(wanted)}. {suggestion(wanted, names)}")
        for profile in profiles
        for wanted in profile.approval_required
        if not any(fnmatchcase(name, wanted) for name in names)
    ]


def _is_named(profile: Profile, names: Collection[str]) -> bool:
    return not set(profile.approval_required).isdisjoint(names)


def _asks_before(profile: Profile, tool: str, names: Collection[str]) -> bool:
    if _is_named(profile, names):
        return True
    return tool not in _ITS_OWN and any(fnmatchcase(n, pattern) for pattern in profile.approval_required for n in names)


def _of(folder: Path, mistakes: Mistakes) -> list[Profile]:
    # Loaded here, so that light commands do without the YAML library.
    from daemon.settings.document import parse

    found: dict[str, Profile] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix not in (".yaml", ".yml") or path.name.startswith("."):
            continue
        name = f"{FOLDER}/{path.name}"
        profile = ProfileFile(name, mistakes).read(parse(read_text(path) or "", name, mistakes), path.stem)
        if profile is not None and profile.name in found:
            mistakes.add(name, f"another file is the agent {quoted(profile.name)} already.")
        elif profile is not None:
            found[profile.name] = profile
    return list(found.values())
