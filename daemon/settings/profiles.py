"""The agents that work with a model: those of `config/agents/`, and the owner's, which take their place by name."""

from collections.abc import Collection, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from daemon.domain.effect import Effect
from daemon.domain.profile import Profile
from daemon.settings.mistakes import Mistakes
from daemon.settings.places import config_folder, shipped
from daemon.settings.profilesfile import ProfileFile
from daemon.settings.rules import Rule, Verdict
from daemon.settings.textfile import read_text

FOLDER = "agents"
_ITS_OWN = frozenset({"finish", "ask_owner", "note", "progress"})
"""Tools with which an agent speaks to its owner and to itself: a pattern does not mean them, their names do."""
_ACTS = frozenset(Effect) - {Effect.READ}


def load_profiles() -> tuple[Profile, ...]:
    """Give all profiles by name, the bundled ones first. Raises one ConfigError for all mistakes."""
    mistakes = Mistakes()
    own = config_folder() / FOLDER
    found = {
        profile.name: profile for folder in (shipped(f"config/{FOLDER}"), own) for profile in _of(folder, mistakes)
    }
    mistakes.raise_any(f"Correct the files in {own}.")
    return tuple(found.values())


def asked_first(profiles: Sequence[Profile], tools: Collection[str]) -> tuple[Rule, ...]:
    """Give the rules that ask before the tools which agents name in `approval_required`.

    A name means every call; a pattern means the calls that do something: neither what only reads, nor the agent's own
    notes, questions and end.
    """
    return tuple(
        Rule(
            Verdict.ASK,
            tool=tool,
            effect=frozenset() if tool in profile.approval_required else _ACTS,
            agent=profile.name,
            reason=f"the agent {profile.name} asks before it",
            source=f"{FOLDER}: {profile.name}",
        )
        for profile in profiles
        for tool in sorted(tools)
        if _asks_before(profile, tool)
    )


def _asks_before(profile: Profile, tool: str) -> bool:
    if tool in profile.approval_required:
        return True
    return tool not in _ITS_OWN and any(fnmatchcase(tool, pattern) for pattern in profile.approval_required)


def _of(folder: Path, mistakes: Mistakes) -> list[Profile]:
    # Loaded here, so that light commands do without the YAML library.
    from daemon.settings.document import parse

    profiles = []
    for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
        name = f"{FOLDER}/{path.name}"
        text = read_text(path) or ""
        profile = ProfileFile(name, mistakes).read(parse(text, name, mistakes), path.stem)
        if profile is not None:
            profiles.append(profile)
    return profiles
