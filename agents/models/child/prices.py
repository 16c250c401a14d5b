"""What a model costs and how much it can read: from the owner's models file, else from LiteLLM's tables.

Prices are micro-dollars for a million tokens.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import litellm

from daemon.domain.catalogue import Deployment
from daemon.domain.limits import MICROS, Usage

_OUTPUT = 4096
"""Tokens of an answer that are asked for where nothing else is known."""
_WINDOW = 8192
_OLLAMA_WINDOW = 16_384
"""Ollama cuts requests silently at its own default, so a window is always asked for."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Tokens that go into a model, tokens that are asked for, and the price of both; None where nobody knows it.

    `cached_price` is for tokens that the provider had in its cache, `kept_price` for those that it puts there; None
    where they cost what others do.
    """

    window: int
    output: int
    input_price: int | None
    output_price: int | None
    cached_price: int | None = None
    kept_price: int | None = None

    def most(self, prompt: int) -> Usage:
        """Give what a request of so many tokens can take at most."""
        if self.input_price is None or self.output_price is None:
            return Usage(tokens=prompt + self.output)
        money = prompt * max(self.input_price, self.kept_price or 0) + self.output * self.output_price
        return Usage(tokens=prompt + self.output, money=math.ceil(money / 1_000_000))


def measures_of(deployment: Deployment) -> Measures:
    """Give the measures of a model."""
    known = _known(deployment)
    prices = _prices(deployment, known)
    local = _OLLAMA_WINDOW if is_ollama(deployment) else _WINDOW
    window = deployment.window or known.get("max_input_tokens") or known.get("max_tokens") or local
    output = deployment.output or min(int(known.get("max_output_tokens") or _OUTPUT), _OUTPUT)
    return Measures(int(window), min(output, max(256, int(window) // 4)), *prices, *_cache_prices(deployment, known))


def second_price_of(deployment: Deployment) -> int | None:
    """Give the micro-dollars for a million seconds of speech; None where nobody knows them."""
    if deployment.own:
        return 0
    if deployment.second_price is not None:
        return deployment.second_price
    known = _known(deployment)
    prices = [_price(known, f"{side}_cost_per_second") for side in ("input", "output")]
    return max((price for price in prices if price is not None), default=None)


def is_ollama(deployment: Deployment) -> bool:
    """Say whether it is served by Ollama."""
    return str(deployment.parameters.get("model", "")).startswith("ollama")


def taken(deployment: Deployment, measures: Measures, usage: Any) -> Usage:
    """Give what an answer took, from the usage that came with it."""
    prompt, completion = int(usage.prompt_tokens or 0), int(usage.completion_tokens or 0)
    total = max(int(getattr(usage, "total_tokens", 0) or 0), prompt + completion)
    return Usage(tokens=total, money=_money(deployment, measures, usage, prompt, completion))


def _money(deployment: Deployment, measures: Measures, usage: Any, prompt: int, completion: int) -> int:
    if deployment.own:
        return 0
    # OpenRouter says what it charged; of others LiteLLM writes there what its tables say, whatever the owner wrote.
    charged = getattr(usage, "cost", None) if _is_openrouter(deployment) else None
    if isinstance(charged, int | float) and not isinstance(charged, bool) and charged >= 0:
        return math.ceil(charged * MICROS)
    if deployment.input_price is None and deployment.output_price is None:
        parts = litellm.cost_per_token(
            model=deployment.parameters["model"],
            custom_llm_provider=deployment.parameters.get("custom_llm_provider"),
            usage_object=usage,
        )
        return math.ceil(sum(parts) * MICROS)
    full = measures.input_price or 0
    cached, kept = _of_cache(usage, prompt)
    money = (prompt - cached - kept) * full + completion * (measures.output_price or 0)
    money += cached * (full if measures.cached_price is None else min(full, measures.cached_price))
    money += kept * (full if measures.kept_price is None else measures.kept_price)
    return math.ceil(money / 1_000_000)


def _is_openrouter(deployment: Deployment) -> bool:
    return "openrouter" in f"{deployment.parameters.get('model', '')} {deployment.address}"


def _of_cache(usage: Any, prompt: int) -> tuple[int, int]:
    """Give how many tokens of the prompt came from the provider's cache, and how many went there."""
    details = getattr(usage, "prompt_tokens_details", None)
    cached = min(prompt, int(getattr(details, "cached_tokens", 0) or 0))
    return cached, min(prompt - cached, int(getattr(details, "cache_write_tokens", 0) or 0))


def _known(deployment: Deployment) -> Mapping[str, Any]:
    """Give what LiteLLM's tables say of a model; nothing where it is not in them."""
    try:
        return dict(litellm.model_cost.get(_key(deployment)) or {})
    except (TypeError, ValueError):
        return {}


def _key(deployment: Deployment) -> str:
    """Give the name under which the tables have a model: with its provider or without."""
    model = str(deployment.parameters.get("model", ""))
    if model in litellm.model_cost:
        return model
    provider = deployment.parameters.get("custom_llm_provider") or model.partition("/")[0]
    bare = model.removeprefix(f"{provider}/")
    # A server of one's own that speaks the OpenAI API is not OpenAI, whatever its model is called.
    elsewhere = provider == "openai" and deployment.parameters.get("api_base")
    return model if elsewhere else next((key for key in (f"{provider}/{bare}", bare) if key in litellm.model_cost), "")


def _prices(deployment: Deployment, known: Mapping[str, Any]) -> tuple[int | None, int | None]:
    if deployment.own:
        return 0, 0
    written = deployment.input_price, deployment.output_price
    if written != (None, None):
        return written[0] or 0, written[1] or 0
    return _price(known, "input_cost_per_token"), _price(known, "output_cost_per_token")


def _cache_prices(deployment: Deployment, known: Mapping[str, Any]) -> tuple[int | None, int | None]:
    if deployment.own:
        return None, None
    return _price(known, "cache_read_input_token_cost"), _price(known, "cache_creation_input_token_cost") or None


def _price(known: Mapping[str, Any], name: str) -> int | None:
    price = known.get(name)
    return None if price is None else math.ceil(round(price * MICROS * 1_000_000, 3))
