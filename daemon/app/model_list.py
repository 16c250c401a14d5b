"""The models of a catalogue as the owner sees them: which keys are missing, and which of their own servers answer."""

import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from daemon.domain.catalogue import Catalogue, Deployment, ListedModel
from daemon.domain.reference import names_in

_SECONDS = 2.0
_AT_ONCE = 16


def listed_models(catalogue: Catalogue, secret: Callable[[str], str | None]) -> Sequence[ListedModel]:
    """Give the models in the order of the file; own servers are tried at the same time."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return tuple(pool.map(lambda one: _listed(one, catalogue, secret), catalogue.deployments))


def _listed(one: Deployment, catalogue: Catalogue, secret: Callable[[str], str | None]) -> ListedModel:
    address = one.address
    missing = [name for name in names_in(one.parameters) if not secret(name)]
    problem = f"{missing[0]} is not set: agent auth set {missing[0]}" if missing else ""
    reachable = _answers(address) if one.own and address else None
    if reachable is False:
        problem = f"nothing answers at {address}"
    tiers = tuple(tier for tier, names in catalogue.tiers.items() if one.name in names)
    tiers = ("speech",) if one.transcribes else tiers
    return ListedModel(one.name, str(one.parameters.get("model", "")), address, one.own, tiers, reachable, problem)


def _answers(address: str) -> bool:
    """Say whether somebody takes connections there; nothing is sent."""
    parts = urlsplit(address)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 80)
    try:
        with socket.create_connection((parts.hostname or "", port), _SECONDS):
            return True
    except OSError:
        return False
