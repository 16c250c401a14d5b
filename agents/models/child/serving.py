"""The model process itself: reads operations from its socket until that closes, and does them side by side."""

import asyncio
import gc
import os
import socket
from collections.abc import Callable, Mapping
from typing import Any

from agents.models.wire import frame, frames

_SWITCHES = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # else it fetches its table of prices
    "LITELLM_MODE": "PRODUCTION",  # else it reads any .env above the working folder
    "HF_HUB_OFFLINE": "1",  # else it may look for tokenizers
    "LITELLM_TELEMETRY": "False",
    "REPEATED_STREAMING_CHUNK_LIMIT": "100000",  # else a table of equal cells is an error; length is limited anyway
}


def main(number: int, secret: Callable[[str], str | None]) -> None:
    """Serve at the socket with this descriptor; `secret` gives the value of a name."""
    os.environ.update(_SWITCHES)
    with socket.socket(fileno=number) as ours:
        asyncio.run(_serve(ours, secret))


async def _serve(ours: socket.socket, secret: Callable[[str], str | None]) -> None:
    reader, writer = await asyncio.open_connection(sock=ours)
    messages = frames(reader)
    configured = await anext(messages, None)
    if configured is None:
        return
    _load()
    from agents.models.child.service import Service

    service = Service(configured["catalogue"], secret)
    doing: dict[int, asyncio.Task[None]] = {}

    async def do(what: Mapping[str, Any]) -> None:
        try:
            writer.write(frame({"id": what["id"], **await service.do(what, lambda text: _say(writer, what, text))}))
            await writer.drain()
        finally:
            doing.pop(what["id"], None)

    try:
        async for what in messages:
            if what["do"] == "cancel":
                if what["id"] in doing:
                    doing[what["id"]].cancel()
            else:
                doing[what["id"]] = asyncio.create_task(do(what))
    finally:
        # Nobody hears any more: what is under way is left at once.
        os._exit(0)


def _say(writer: asyncio.StreamWriter, what: Mapping[str, Any], text: str) -> None:
    writer.write(frame({"id": what["id"], "text": text}))


def _load() -> None:
    """Import LiteLLM; without the collector of garbage that takes a third less."""
    gc.disable()
    import litellm

    from agents.models.child.door import guard

    gc.enable()
    gc.freeze()
    litellm.disable_aiohttp_transport = True  # so that all of it goes by httpx, and by the door
    litellm.disable_token_counter = True
    litellm.disable_hf_tokenizer_download = True
    litellm.suppress_debug_info = True
    litellm.drop_params = True
    litellm.telemetry = False
    guard()
