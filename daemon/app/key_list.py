"""The keys that models need and those that are kept, as the owner sees them: where each comes from, no values."""

from collections.abc import Sequence

from daemon.domain.catalogue import Catalogue
from daemon.domain.errors import BadInput
from daemon.domain.key import ListedKey
from daemon.domain.reference import names_in
from daemon.settings.keystore import kept_names
from daemon.settings.models import USUAL
from daemon.settings.secret import is_name, sources_of


def listed_keys(catalogue: Catalogue) -> Sequence[ListedKey]:
    """Give the keys that models need, then others that are kept, then those of the usual providers."""
    names = [name for one in catalogue.deployments for name in names_in(one.parameters)]
    names += [*kept_names(), *(variable for variable, _ in USUAL)]
    return [listed_key(name, catalogue) for name in dict.fromkeys(names)]


def listed_key(name: str, catalogue: Catalogue) -> ListedKey:
    """Give one key."""
    models = dict.fromkeys(one.name for one in catalogue.deployments if name in names_in(one.parameters))
    return ListedKey(name, sources_of(name), tuple(models), kept_names().get(name))


def key_called(typed: str) -> str:
    """Give the name of a key as it is typed: itself, or the provider's that has it in its usual variable.

    Raises BadInput for what cannot be a name; it is not repeated, since it may be the key itself.
    """
    by_provider = {model.partition("/")[0]: variable for variable, model in USUAL}
    name = by_provider.get(typed.lower(), typed)
    if not is_name(name):
        raise BadInput(
            "That cannot be the name of a key, which has letters, digits and _ as OPENAI_API_KEY has.",
            f"Name a variable or one of {', '.join(by_provider)}; if you typed the key itself, make a new one there.",
        )
    return name
