"""The models of the catalogue as LiteLLM has them: one Router for all, one for the owner's own alone (M1, M2)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from litellm.router import Router

from agents.models.child.door import origin_of
from agents.models.child.keys import Keys, MissingKeyError
from agents.models.child.prices import Measures, is_ollama, measures_of
from daemon.domain.catalogue import Catalogue, Deployment, Speaks

_ROUTER = ("routing_strategy", "routing_strategy_args", "model_group_alias", "enable_pre_call_checks")
"""Settings of the Router that do not take away from us what is retried, and by which model."""


class Fleet:
    """All models that can be asked, by the names of the catalogue."""

    def __init__(self, catalogue: Catalogue, secret: Callable[[str], str | None]) -> None:
        """Resolve the keys and build the routers; a model whose key is not set is left out."""
        self.catalogue = catalogue
        self.keys = Keys(secret)
        self.missing: dict[str, str] = {}
        self.without_tools: set[str] = set()
        self.failed: dict[str, str] = {}
        self._by_id: dict[str, Deployment] = {}
        self._addresses: dict[int, str] = {}
        self._measures: dict[str, Measures] = {}
        self._entered = [
            entry for number, one in enumerate(catalogue.deployments) for entry in self._entries(number, one)
        ]
        self._own_entered = [entry for entry in self._entered if self._by_id[entry["model_info"]["id"]].own]

    def router(self, *, private: bool) -> Router | None:
        """Give the router for a task; the one for private tasks knows no model but the owner's own."""
        return self._own if private or self.catalogue.local_only else self._all

    @cached_property
    def _all(self) -> Router | None:
        return self._own if len(self._own_entered) == len(self._entered) else self._router(self._entered)

    @cached_property
    def _own(self) -> Router | None:
        # Every Router hears of every call of this process, so that one more makes each call slower by milliseconds.
        return self._router(self._own_entered)

    def deployment(self, model_id: str) -> Deployment:
        """Give the deployment that a router chose."""
        return self._by_id[model_id]

    def measures(self, deployment: Deployment) -> Measures:
        """Give window, output and prices of a deployment."""
        key = f"{deployment.name}/{deployment.parameters.get('model')}/{deployment.address}"
        if key not in self._measures:
            self._measures[key] = measures_of(deployment)
        return self._measures[key]

    def able(self, name: str, *, private: bool) -> tuple[Deployment, ...]:
        """Give the deployments of a name that have their keys."""
        there = set(map(id, self._by_id.values()))
        return tuple(one for one in self.catalogue.of(name, private=private) if id(one) in there)

    def origins(self, deployments: Sequence[Deployment]) -> frozenset[str]:
        """Give where requests to these go; nothing where a provider's own address is meant."""
        addresses = [self._addresses.get(id(one), "") for one in deployments]
        return frozenset(origin_of(address) for address in addresses if address) if all(addresses) else frozenset()

    def speaks_in_words(self, name: str, deployments: Sequence[Deployment]) -> bool:
        """Say whether a model is told of tools in words."""
        return name in self.without_tools or any(one.speaks is Speaks.TEXT for one in deployments)

    def _entries(self, number: int, one: Deployment) -> list[dict[str, Any]]:
        try:
            parameters = self.keys.resolved(one.parameters)
        except MissingKeyError as name:
            self.missing[one.name] = f"{name} is not set. Set it by agent auth set {name}."
            return []
        if is_ollama(one):
            parameters.setdefault("num_ctx", measures_of(one).window)
        self._by_id[str(number)] = one
        # Also an address may be a reference, which leads somewhere only now.
        self._addresses[id(one)] = replace(one, parameters=parameters).address
        return [{"model_name": one.name, "litellm_params": parameters, "model_info": {"id": str(number)}}]

    def _router(self, entries: list[dict[str, Any]]) -> Router | None:
        if not entries:
            return None
        catalogue = self.catalogue
        more = {name: catalogue.router[name] for name in _ROUTER if name in catalogue.router}
        return Router(
            model_list=entries,
            num_retries=0,
            allowed_fails=catalogue.allowed_fails,
            cooldown_time=catalogue.cooldown,
            disable_cooldowns=catalogue.cooldown == 0,
            **more,
        )
