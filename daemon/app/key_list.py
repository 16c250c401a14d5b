"""The keys that models need and those that are kept, as the owner sees them: where each comes from, no values."""

import re
from collections.abc import Sequence

from daemon.domain.catalogue import Catalogue
from daemon.domain.errors import BadInput, ConfigError
from daemon.domain.key import ListedKey
from daemon.domain.reference import names_in
from daemon.settings.keystore import is_name, kept_names
from daemon.settings.models import USUAL
from daemon.settings.secret import sources_of


def listed_keys(catalogue: Catalogue) -> Sequence[ListedKey]:
    """Give the keys that models need, then others that are kept, then those of the usual providers."""
    names = [name for one in catalogue.deployments for name in names_in(one.parameters)]
    names += [*kept_names(), *(variable for variable, _ in USUAL)]
    return [listed_key(name, catalogue) for name in dict.fromkeys(names)]


def listed_key(name: str, catalogue: Catalogue) -> ListedKey:
    """Give one key."""
    models = tuple(dict.fromkeys(one.name for one in catalogue.deployments if name in names_in(one.parameters)))
    kept_at = kept_names().get(name)
    try:
        return ListedKey(name, sources_of(name), models, kept_at)
    except ConfigError as problem:
        return ListedKey(name, (), models, kept_at, f"{problem.message} {problem.fix}")


def key_called(typed: str) -> str:
    """Give the name of a key as it is typed: itself, or the provider's that has it in its usual variable.

    Raises BadInput for what cannot be a name; it is not repeated, since it may be the key itself.
    """
    by_provider = {model.partition("/")[0]: variable for variable, model in USUAL}
    name = by_provider.get(typed.lower(), typed)
    if not is_name(name) or _looks_like_a_key(name):
        raise BadInput(
            "That cannot be the name of a key, which has letters, digits and _ as OPENAI_API_KEY has.",
            f"Name a variable or one of {', '.join(by_provider)}; if you typed the key itself, make a new one there.",
        )
    return name


def _looks_like_a_key(name: str) -> bool:
    """Say whether a name is more likely a key that was typed in its place; names are written into the log."""
    if re.match(r"(?:gsk|hf|ghp|gho|ghs|github_pat|sk|pk|rk|xai|npm|glpat|AIza)_?[A-Za-z0-9]{8}", name):
        return True
    kinds = (any(map(str.islower, name)), any(map(str.isupper, name)), any(map(str.isdigit, name)))
    return len(name) >= 20 and all(kinds)
