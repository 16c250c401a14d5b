"""Loading the policy file.

The owner's `policy.yaml` takes the place of the shipped one as a whole, so that what stands in it is all that applies;
only where it has no `rules` key do the shipped rules stay.
"""

from daemon.domain.rules import Policy, Preset
from daemon.settings.mistakes import Mistakes
from daemon.settings.places import config_folder, shipped
from daemon.settings.policyfile import PolicyFile
from daemon.settings.textfile import read_text

NAME = "policy.yaml"


def load_policy() -> Policy:
    """Give the owner's policy, or the shipped one. Raises one ConfigError for all mistakes, with file and line."""
    path = config_folder() / NAME
    own = _parsed(read_text(path) or "", NAME, f"Correct {path}.")
    if own.rules is not None:
        return Policy(own.preset or Preset.CAREFUL, own.rules)
    path = shipped(f"config/{NAME}")
    ours = _parsed(path.read_text("utf-8"), f"the shipped {NAME}", f"Correct {path}, or install personal-agent again.")
    return Policy(own.preset or ours.preset or Preset.CAREFUL, ours.rules or ())


def _parsed(text: str, name: str, fix: str) -> PolicyFile:
    mistakes = Mistakes()
    file = PolicyFile(name, mistakes)
    if text:
        # Loaded here, so that the types of the policy can be had without the YAML library.
        from daemon.settings.document import parse

        file.read(parse(text, name, mistakes))
    mistakes.raise_any(fix)
    return file
