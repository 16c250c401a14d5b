"""The agents that work with a model: those of `config/agents/`, and the owner's, which take their place by name."""

from pathlib import Path

from daemon.domain.profile import Profile
from daemon.settings.mistakes import Mistakes
from daemon.settings.places import config_folder, shipped
from daemon.settings.profilesfile import ProfileFile
from daemon.settings.textfile import read_text

FOLDER = "agents"


def load_profiles() -> tuple[Profile, ...]:
    """Give all profiles by name, the bundled ones first. Raises one ConfigError for all mistakes."""
    mistakes = Mistakes()
    own = config_folder() / FOLDER
    found = {
        profile.name: profile for folder in (shipped(f"config/{FOLDER}"), own) for profile in _of(folder, mistakes)
    }
    mistakes.raise_any(f"Correct the files in {own}.")
    return tuple(found.values())


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
