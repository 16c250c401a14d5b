"""A model process of the real kind, and servers for it on loopback whose stories a test sets."""

import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from agents.models.models import Models
from agents.models.process import ModelProcess
from daemon.domain.catalogue import Catalogue, Deployment, Patience, Speaks
from daemon.domain.errors import ModelUnavailable
from daemon.domain.limits import Usage
from daemon.domain.model import ModelReply, ModelRequest
from tests.rigs.model_server import MODEL, Asked, ModelServer, Said, Story
from tests.rigs.model_server.story import teller

PROGRAM = (sys.executable, "-P", "-m", "daemon.app.model_process")
_FORMS = {"ollama": "ollama", "old": "ollama-earlier", "anthropic": "anthropic", "gemini": "gemini"}
_FORMS |= {"openrouter": "openrouter"}
CLAUDE = "claude-sonnet-4-5"
"""A model whose prices LiteLLM knows, also those of its cache."""
NOTE = {
    "type": "function",
    "function": {
        "name": "note",
        "description": "Write a note.",
        "parameters": {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]},
    },
}
PLENTY = Usage(tokens=10_000_000, money=10_000_000)


@dataclass
class Player:
    """One server, whose story can be changed; it then begins anew."""

    story: Story = "hello"
    asked: int = 0
    _tell: Any = None

    def plays(self, story: Story) -> None:
        self.story, self._tell, self.asked = story, teller(story), 0

    def __call__(self, asked: Asked) -> Said:
        self.asked += 1
        if self._tell is None:
            self._tell = teller(self.story)
        said: Said = self._tell(replace(asked, number=self.asked))
        return said


@dataclass
class Stage:
    """The servers by name, and the models that are asked."""

    servers: Mapping[str, ModelServer]
    players: Mapping[str, Player]
    models: Models
    process: ModelProcess
    said: list[str] = field(default_factory=list)

    def plays(self, **stories: Story) -> None:
        for name, story in stories.items():
            self.players[name].plays(story)
        self.said.clear()

    async def ask(self, tier: str = "local", text: str = "hi", most: Usage = PLENTY, **more: Any) -> ModelReply:
        messages = ({"role": "system", "content": "be good"}, {"role": "user", "content": text})
        return await self.models.complete(ModelRequest(tier, messages, (NOTE,), **more), most, self.said.append)


def own(name: str, server: ModelServer, provider: str = "openai", **more: Any) -> Deployment:
    parameters: dict[str, Any] = {"model": f"{provider}/test-model", "api_base": server.url}
    if provider != "ollama_chat":
        parameters["api_key"] = "none"
    return Deployment(name, parameters, own=True, window=8192, output=500, **more)


def bought(name: str, server: ModelServer, model: str) -> Deployment:
    parameters = {"model": model, "api_base": server.url, "api_key": "none"}
    return Deployment(name, parameters, window=8192, output=500)


@asynccontextmanager
async def stage(**settings: Any) -> AsyncIterator[Stage]:
    """Open servers and the models over them.

    `local` and `second` speak OpenAI's protocol and are own, `cloud` is not ($3 and $15), nor are `claude` (priced by
    LiteLLM's table) and `written` (by the owner, $2 and $10); the others are own models that speak the protocol of
    their name, `old` an earlier Ollama's.
    """
    players = {name: Player() for name in ("local", "second", "cloud", *_FORMS)}
    with ExitStack() as stack:
        servers = {
            name: stack.enter_context(ModelServer(_FORMS.get(name, "openai"), player, models=(MODEL, CLAUDE)))
            for name, player in players.items()
        }
        ollama = own("ollama", servers["ollama"], "ollama_chat")
        cloud = replace(own("cloud", servers["cloud"]), own=False, input_price=3_000_000, output_price=15_000_000)
        cloud = replace(cloud, parameters={**cloud.parameters, "api_key": "secret/CANARY_API_KEY"})
        old = own("old", servers["old"], "ollama_chat")
        native = own("native", servers["local"], speaks=Speaks.NATIVE)
        others = [own(name, servers[name], name) for name in ("anthropic", "gemini", "openrouter")]
        claude = bought("claude", servers["anthropic"], f"anthropic/{CLAUDE}")
        written = replace(bought("written", servers["anthropic"], f"anthropic/{CLAUDE}"), input_price=2_000_000)
        others += [claude, replace(written, output_price=10_000_000)]
        two = (own("local", servers["local"]), own("second", servers["second"]))
        deployments = (*two, cloud, ollama, old, native, *others)
        catalogue = Catalogue(
            deployments,
            {"fast": ("local", "second"), "smart": ("local", "cloud"), "cloud": ("cloud",)},
            **{"retries": 1, "cooldown": 0.001, "patience": Patience(2.0, 1.0, 1.0, 4.0), **settings},
        )
        process = ModelProcess(PROGRAM, asdict(catalogue))
        models = Models(catalogue, process)
        try:
            ready = Stage(servers, players, models, process)
            # LiteLLM loads much with its first request; on a busy machine that is no model that says nothing.
            with suppress(ModelUnavailable):
                await ready.ask("local")
            yield ready
        finally:
            await models.close()
