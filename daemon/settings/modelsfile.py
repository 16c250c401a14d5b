"""How `models.yaml` is written, and what is wrong with one: LiteLLM's own form, with tiers beside it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from daemon.settings.kinds import Duration, Whole
from daemon.settings.mistakes import Mistakes, quoted, suggestion
from daemon.settings.nodes import Entries, Items, Node, Text

_KEYS = (
    "model_list",
    "tiers",
    "own",
    "local_only",
    "timeouts",
    "router_settings",
    "fallback_models",
    "litellm_settings",
)
_MODEL_KEYS = ("model_name", "litellm_params", "model_info", "own", "tools")
_TIERS = ("fast", "smart", "cloud")
_TIMEOUTS = {"connect": "connect", "first_token": "first", "between_tokens": "between", "whole": "whole"}
_NUMBERS = {"num_retries": Whole(0, 10), "allowed_fails": Whole(0, 1000), "cooldown_time": Whole(0, 86_400)}
_TEXTS = frozenset({"model", "api_key", "api_base", "base_url", "api_version", "organization", "custom_llm_provider"})
_REFERENCE = re.compile(
    r"(?:secret|os\.environ)/[A-Za-z_]\w*|.*\$\{[A-Za-z_]\w*\}.*|none|dummy|ollama|x|sk-none|EMPTY", re.I
)
_MOST = 200
TRANSCRIBES = "audio_transcription"
"""What `model_info.mode` says of a model that writes down speech (LiteLLM, "Model Info")."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of `model_list`, with its place: "models.yaml, line 3"."""

    source: str
    name: str
    parameters: Mapping[str, Any]
    info: Mapping[str, Any] = field(default_factory=dict)
    own: bool | None = None
    tools: str = "auto"


@dataclass(slots=True)
class ModelsFile:
    """What a file says; tiers are None where it says nothing about them."""

    name: str
    mistakes: Mistakes
    models: list[Listed] = field(default_factory=list)
    tiers: dict[str, tuple[str, ...]] | None = None
    own: tuple[str, ...] = ()
    local_only: bool = False
    timeouts: dict[str, float] = field(default_factory=dict)
    router: dict[str, Any] = field(default_factory=dict)
    fallbacks: tuple[str, ...] = ()

    def read(self, entries: Entries) -> None:
        """Take the keys of the file."""
        for key, node in entries.entries:
            reader = getattr(self, f"_{key.text}", None) if key.text in _KEYS else None
            if reader is None:
                self._wrong(key, f"unknown key {quoted(key.text)}. {suggestion(key.text, _KEYS)}")
            elif not (isinstance(node, Text) and node.missing):
                reader(node)
        self._check_names(entries)

    def _model_list(self, node: Node) -> None:
        if not isinstance(node, Items) or len(node.items) > _MOST:
            self._wrong(
                node, f"'model_list' must be a list of at most {_MOST} models: each begins with '- model_name: '."
            )
            return
        for item in node.items:
            if isinstance(item, Entries):
                self._model(item)
            else:
                self._wrong(item, "a model must have keys: model_name and litellm_params.")

    def _model(self, entries: Entries) -> None:
        found: dict[str, Any] = {}
        for key, node in entries.entries:
            if key.text not in _MODEL_KEYS:
                self._wrong(key, f"unknown key {quoted(key.text)} of a model. {suggestion(key.text, _MODEL_KEYS)}")
                continue
            found[key.text] = self._plain(node, key.text)
        name, parameters = found.get("model_name"), found.get("litellm_params")
        if not isinstance(name, str) or not name:
            self._wrong(entries, "a model needs a 'model_name', by which tiers name it.")
            return
        if not isinstance(parameters, dict) or not isinstance(parameters.get("model"), str):
            self._wrong(
                entries, f"the model {quoted(name)} needs 'litellm_params' with a 'model', as ollama_chat/qwen3:8b."
            )
            return
        self._check_key(entries, name, parameters)
        own, tools = found.get("own"), str(found.get("tools", "auto"))
        if tools not in ("auto", "native", "text"):
            self._wrong(entries, "'tools' must be one of auto, native, text.")
            tools = "auto"
        info = found.get("model_info")
        listed = Listed(
            f"{self.name}, line {entries.line}",
            name,
            parameters,
            info if isinstance(info, dict) else {},
            own if isinstance(own, bool) else None,
            tools,
        )
        self.models.append(listed)

    def _check_key(self, entries: Entries, name: str, parameters: Mapping[str, Any]) -> None:
        """A key does not stand in a file that people show to each other."""
        for key, value in parameters.items():
            if key.endswith(("api_key", "_token", "_secret")) and not _REFERENCE.fullmatch(str(value)):
                self._wrong(
                    entries,
                    f"{key} of {quoted(name)} is the key itself. Store it by `agent auth set NAME`, and write "
                    f"{key}: secret/NAME.",
                )

    def _tiers(self, node: Node) -> None:
        if not isinstance(node, Entries):
            self._wrong(node, "'tiers' must have keys: fast, smart, cloud, each with a list of model names.")
            return
        self.tiers = {}
        for key, below in node.entries:
            if key.text not in _TIERS:
                self._wrong(key, f"unknown tier {quoted(key.text)}. {suggestion(key.text, _TIERS)}")
                continue
            self.tiers[key.text] = self._names(f"tiers.{key.text}", below)

    def _own(self, node: Node) -> None:
        self.own = self._names("own", node)

    def _fallback_models(self, node: Node) -> None:
        self.fallbacks = self._names("fallback_models", node)

    def _local_only(self, node: Node) -> None:
        value = self._plain(node, "local_only")
        if isinstance(value, bool):
            self.local_only = value
        else:
            self._wrong(node, "'local_only' must be true or false.")

    def _timeouts(self, node: Node) -> None:
        for key, below in node.entries if isinstance(node, Entries) else ():
            name = _TIMEOUTS.get(key.text)
            if name is None:
                self._wrong(key, f"unknown timeout {quoted(key.text)}. {suggestion(key.text, _TIMEOUTS)}")
                continue
            try:
                self.timeouts[name] = float(Duration(1, 86_400).read(below.text if isinstance(below, Text) else ""))
            except ValueError as error:
                self._wrong(key, f"'timeouts.{key.text}' {error}.")

    def _router_settings(self, node: Node) -> None:
        if not isinstance(node, Entries):
            self._wrong(node, "'router_settings' must have keys.")
            return
        for key, below in node.entries:
            if key.text == "fallback_models":
                self._fallback_models(below)
            elif key.text in _NUMBERS:
                try:
                    self.router[key.text] = _NUMBERS[key.text].read(below.text if isinstance(below, Text) else "")
                except ValueError as error:
                    self._wrong(key, f"'router_settings.{key.text}' {error}.")
            else:
                self.router[key.text] = self._plain(below, key.text)

    def _litellm_settings(self, node: Node) -> None:
        """Is read, so that a file of LiteLLM's own can be used; its switches are set by the model process."""

    def _names(self, what: str, node: Node) -> tuple[str, ...]:
        items = node.items if isinstance(node, Items) else (node,)
        names = tuple(item.text for item in items if isinstance(item, Text) and 0 < len(item.text) <= _MOST)
        if len(names) < len(items):
            self._wrong(node, f"{what!r} must be a list of names, like [a, b].")
        return names

    def _check_names(self, entries: Entries) -> None:
        known = [model.name for model in self.models]
        transcribing = {model.name for model in self.models if model.info.get("mode") == TRANSCRIBES}
        for key, node in entries.entries:
            if key.text == "tiers" and isinstance(node, Entries):
                for tier, below in node.entries:
                    for item in below.items if isinstance(below, Items) else (below,):
                        if isinstance(item, Text) and item.text and item.text not in known:
                            where = f"'tiers.{tier.text}' names {quoted(item.text)}, which is not in model_list."
                            self._wrong(item, f"{where} {suggestion(item.text, known)}")
                        elif isinstance(item, Text) and item.text in transcribing:
                            what = f"'tiers.{tier.text}' names {quoted(item.text)}, which writes down speech"
                            self._wrong(item, f"{what} and does no tasks: it needs no tier.")

    def _plain(self, node: Node, key: str) -> Any:
        """Give a node as the JSON value that a person means."""
        if isinstance(node, Items):
            return [self._plain(item, key) for item in node.items]
        if isinstance(node, Entries):
            return {below.text: self._plain(value, below.text) for below, value in node.entries}
        return node.text if key in _TEXTS or key == "model_name" else _scalar(node)

    def _wrong(self, node: Node, what: str) -> None:
        self.mistakes.add(f"{self.name}, line {node.line}", what)


def _scalar(node: Text) -> Any:
    text = node.text
    if node.missing or text in ("null", "~"):
        return None
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    if re.fullmatch(r"[-+]?\d{1,18}", text):
        return int(text)
    if re.fullmatch(r"[-+]?(\d+\.\d*|\.\d+|\d+)([eE][-+]?\d{1,3})?", text):
        return float(text)
    return text
