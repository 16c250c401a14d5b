"""The models that the owner has configured, as facts; secrets in them are names and never values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

TIERS = ("fast", "smart", "cloud")
"""The names for lists of models that tasks and profiles ask for (M1)."""


class Speaks(StrEnum):
    """How a model is told of tools and calls them (M3).

    `native`: by the provider's own calls alone, so that no text is ever read as one; `text`: in words; `auto`:
    natively, and in words where it cannot, and calls in its texts are read too.
    """

    NATIVE = "native"
    TEXT = "text"
    AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Deployment:
    """One entry of `model_list`: a model at one provider. Several with one `name` share its requests.

    `parameters` are LiteLLM's `litellm_params` as they were written: keys stand there as `secret/NAME`,
    `os.environ/NAME` or `${NAME}`, which only the model process resolves. `own` says that it answers on a machine of
    the owner's, so that private tasks may reach it (M2); such a model costs nothing. Prices are micro-dollars for a
    million tokens; window and output count tokens; None leaves it to what LiteLLM knows of the model. `transcribes`: it
    writes down speech and does nothing else; `second_price` is what a million seconds of that cost, in micro-dollars.
    """

    name: str
    parameters: Mapping[str, Any]
    own: bool = False
    speaks: Speaks = Speaks.AUTO
    window: int | None = None
    output: int | None = None
    input_price: int | None = None
    output_price: int | None = None
    transcribes: bool = False
    second_price: int | None = None

    @property
    def address(self) -> str:
        """Give where it answers, or "" where that is the provider's own address."""
        return str(self.parameters.get("api_base") or self.parameters.get("base_url") or "")


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model as the owner sees it: where it answers, for which tiers, and whether it does.

    `reachable` is None where that was not tried: a provider is not asked without need. `problem` says what is missing.
    """

    name: str
    model: str
    address: str
    own: bool
    tiers: tuple[str, ...]
    reachable: bool | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Patience:
    """For how many seconds the model process waits: for a connection, for the first piece, between pieces, in all."""

    connect: float = 10.0
    first: float = 300.0
    between: float = 120.0
    whole: float = 1800.0


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All models, and by tier the names of models in the order in which they are tried.

    A model that failed `allowed_fails` times in a minute rests for `cooldown` seconds; an attempt that failed for a
    passing reason is made again `retries` times. `local_only` keeps every task on own models. `router` are further
    settings of LiteLLM's Router.
    """

    deployments: tuple[Deployment, ...] = ()
    tiers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    local_only: bool = False
    retries: int = 2
    allowed_fails: int = 3
    cooldown: float = 30.0
    patience: Patience = Patience()
    router: Mapping[str, Any] = field(default_factory=dict)

    def names(self, tier: str, *, private: bool) -> tuple[str, ...]:
        """Give the names to try for a tier or the name of a model, those alone that a private task may reach."""
        asked = self.tiers.get(tier) or ((tier,) if any(one.name == tier for one in self.talking) else ())
        return tuple(name for name in asked if self.of(name, private=private))

    @property
    def talking(self) -> tuple[Deployment, ...]:
        """Give the models that do tasks."""
        return tuple(one for one in self.deployments if not one.transcribes)

    def transcribing(self, *, private: bool) -> tuple[str, ...]:
        """Give the models that write down speech, in the order in which they are tried: own ones first."""
        names = [one.name for own in (True, False) for one in self.deployments if one.transcribes and one.own is own]
        return tuple(name for name in dict.fromkeys(names) if self.of(name, private=private))

    def of(self, name: str, *, private: bool) -> tuple[Deployment, ...]:
        """Give the deployments of a model that a task may reach."""
        only_own = private or self.local_only
        return tuple(one for one in self.deployments if one.name == name and (one.own or not only_own))
