"""The models that the owner has: `models.yaml`, or the one that AGENT_MODEL names, or those that set keys give."""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from daemon.domain.catalogue import TIERS, Catalogue, Deployment, Patience, Speaks
from daemon.domain.limits import MICROS
from daemon.settings.loader import load
from daemon.settings.mistakes import Mistakes
from daemon.settings.modelsfile import TRANSCRIBES, Listed, ModelsFile
from daemon.settings.own import is_own
from daemon.settings.places import config_folder
from daemon.settings.secret import secret
from daemon.settings.sections import ModelSettings
from daemon.settings.textfile import read_text

NAME = "models.yaml"
OLDER = "litellm.yaml"
OLLAMA = "http://127.0.0.1:11434"
USUAL = (
    ("ANTHROPIC_API_KEY", "anthropic/claude-sonnet-4-5"),
    ("OPENAI_API_KEY", "openai/gpt-5-mini"),
    ("GEMINI_API_KEY", "gemini/gemini-2.5-flash"),
    ("OPENROUTER_API_KEY", "openrouter/openai/gpt-4o-mini"),
    ("MISTRAL_API_KEY", "mistral/mistral-medium-latest"),
    ("DEEPSEEK_API_KEY", "deepseek/deepseek-chat"),
    ("GROQ_API_KEY", "groq/openai/gpt-oss-120b"),
)
"""The variables in which keys are usually set, with a model of the provider that can do an agent's work."""
USUAL_TRANSCRIBING = (("GROQ_API_KEY", "groq/whisper-large-v3-turbo"), ("OPENAI_API_KEY", "openai/whisper-1"))
"""The same for models that write down speech."""


def load_catalogue() -> Catalogue:
    """Give all models. Raises one ConfigError for all mistakes, with file and line."""
    file = _read()
    if file is not None:
        return _of_file(file)
    return _together(_single(load().model) + _of_keys(secret))


def _read() -> ModelsFile | None:
    folder = config_folder()
    for name in (NAME, OLDER):
        text = read_text(folder / name)
        if text is None:
            continue
        mistakes = Mistakes()
        file = ModelsFile(name, mistakes)
        # Loaded here, so that a house without the file pays nothing for the YAML library.
        from daemon.settings.document import parse

        file.read(parse(text, name, mistakes))
        mistakes.raise_any(f"Correct {folder / name}.")
        if file.models or file.tiers:
            return file
    return None


def _of_file(file: ModelsFile) -> Catalogue:
    deployments = tuple(_deployment(listed, file.own) for listed in file.models)
    tiers = file.tiers if file.tiers is not None else _tiers(deployments)
    for name in file.fallbacks:
        tiers = {tier: (*names, name) if name not in names else names for tier, names in tiers.items()}
    router = dict(file.router)
    return Catalogue(
        deployments,
        {tier: tiers.get(tier, ()) for tier in TIERS},
        local_only=file.local_only,
        retries=int(router.pop("num_retries", 2)),
        allowed_fails=int(router.pop("allowed_fails", 3)),
        cooldown=float(router.pop("cooldown_time", 30)),
        patience=Patience(**file.timeouts),
        router=router,
    )


def _deployment(listed: Listed, own: Sequence[str]) -> Deployment:
    parameters = dict(listed.parameters)
    parameters["model"] = _chatting(str(parameters["model"]))
    if parameters["model"].startswith("ollama_chat/") and not _has_address(parameters):
        parameters["api_base"] = os.environ.get("OLLAMA_API_BASE") or OLLAMA
    info = listed.info
    return Deployment(
        listed.name,
        parameters,
        own=_answers_at_home(parameters, own) if listed.own is None else listed.own and _has_address(parameters),
        speaks=Speaks(listed.tools),
        window=_whole(info.get("max_input_tokens") or info.get("context_window")),
        output=_whole(info.get("max_output_tokens") or parameters.get("max_tokens")),
        input_price=_price(info, parameters, "input_cost_per_token"),
        output_price=_price(info, parameters, "output_cost_per_token"),
        transcribes=info.get("mode") == TRANSCRIBES,
        second_price=_price(info, parameters, "input_cost_per_second"),
    )


def _chatting(model: str) -> str:
    """Give `ollama/NAME` as `ollama_chat/NAME`: only that can be told of tools."""
    return f"ollama_chat/{model.removeprefix('ollama/')}" if model.startswith("ollama/") else model


def _answers_at_home(parameters: Mapping[str, Any], own: Sequence[str]) -> bool:
    """Say whether a model answers on a machine of the owner's."""
    model = str(parameters["model"])
    if "mock_response" in parameters:
        return True
    base = str(parameters.get("api_base") or parameters.get("base_url") or "")
    # Ollama hands models of this name on to its maker's machines.
    if model.startswith("ollama_chat/") and (model.rpartition(":")[2].endswith("cloud") or model.endswith("-cloud")):
        return False
    return bool(base) and is_own(base, own)


def _has_address(parameters: Mapping[str, Any]) -> bool:
    """Say whether the owner's word that a model is an own one can be true: a provider's own address is not."""
    return bool(parameters.get("api_base") or parameters.get("base_url"))


def _price(info: Mapping[str, Any], parameters: Mapping[str, Any], name: str) -> int | None:
    """Give micro-dollars for a million tokens or seconds."""
    value = info.get(name, parameters.get(name))
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        return None
    return round(value * MICROS * 1_000_000)


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _single(settings: ModelSettings) -> tuple[Deployment, ...]:
    """Give the one model of those who need no file."""
    if settings.name is None:
        return ()
    if settings.name == "dummy":
        return (dummy(),)
    provider, slash, _ = settings.name.partition("/")
    model = (
        settings.name if slash and provider in ("openai", "ollama", "ollama_chat") else f"ollama_chat/{settings.name}"
    )
    parameters: dict[str, Any] = {"model": _chatting(model), "api_base": settings.url}
    if model.startswith("openai/"):
        parameters["api_key"] = "none"
        parameters["api_base"] = settings.url if settings.url.endswith("/v1") else f"{settings.url}/v1"
    if settings.temperature is not None:
        parameters["temperature"] = settings.temperature
    return (Deployment(settings.name, parameters, own=_answers_at_home(parameters, ()), input_price=0, output_price=0),)


def dummy() -> Deployment:
    """Give a model that answers by itself, for trying things."""
    answer = "This is the dummy model: it says this to everything. Name a real one in models.yaml."
    return Deployment("dummy", {"model": "openai/dummy", "api_key": "none", "mock_response": answer}, own=True)


def _of_keys(given: Callable[[str], str | None]) -> tuple[Deployment, ...]:
    """Give a model for each provider whose key is set in the usual variable."""
    asked = [(variable, model, model.partition("/")[0], False) for variable, model in USUAL]
    asked += [(variable, model, model.rpartition("/")[2], True) for variable, model in USUAL_TRANSCRIBING]
    return tuple(
        Deployment(name, {"model": model, "api_key": f"secret/{variable}"}, transcribes=transcribes)
        for variable, model, name, transcribes in asked
        if given(variable)
    )


def _together(deployments: Sequence[Deployment]) -> Catalogue:
    return Catalogue(tuple(deployments), _tiers(deployments) if deployments else {})


def _tiers(deployments: Sequence[Deployment]) -> dict[str, tuple[str, ...]]:
    """Give tiers where nobody wrote any: own models first, and for hard work those that come last in the file first."""
    talking = [one for one in deployments if not one.transcribes]
    own = list(dict.fromkeys(one.name for one in talking if one.own))
    others = [name for name in dict.fromkeys(one.name for one in talking) if name not in own]
    return {"fast": (*own, *others), "smart": (*reversed(own), *others), "cloud": tuple(others)}
