"""LiteLLM as a client, in a process of its own since it is slow to load: a question on each line, an answer on each."""

import json
import os
import sys
from typing import Any

from tests.rigs.lifeline import say
from tests.rigs.model_server.request import MODEL

PREFIXES = {
    "openai": "openai",
    "openrouter": "openrouter",
    "anthropic": "anthropic",
    "gemini": "gemini",
    "ollama": "ollama_chat",
    "ollama-earlier": "ollama_chat",
}
"""What LiteLLM calls the providers (LiteLLM docs, "Providers")."""

_TOOL = {"type": "function", "function": {"name": "read_file", "parameters": {"type": "object", "properties": {}}}}


def main() -> None:
    """Answer until standard input ends."""
    os.environ |= {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_MODE": "PRODUCTION"}
    import litellm

    litellm.suppress_debug_info = True
    litellm.disable_token_counter = True
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            say(**_hear(litellm, asked["form"], asked["url"], stream=asked["stream"]))
        except Exception as error:  # noqa: BLE001 - whatever LiteLLM raises is what the test wants to see
            say(error=type(error).__name__, status=getattr(error, "status_code", None), told=str(error))


def _hear(litellm: Any, form: str, url: str, *, stream: bool) -> dict[str, Any]:
    answer = litellm.completion(
        model=f"{PREFIXES[form]}/{MODEL}",
        api_base=url,
        api_key="sk-test",
        messages=[{"role": "user", "content": "Hello"}],
        tools=[_TOOL],
        stream=stream,
        stream_options={"include_usage": True} if stream else None,
        max_retries=0,
        timeout=20,
    )
    if stream:
        answer = litellm.stream_chunk_builder(list(answer))
    choice = answer.choices[0]
    calls = [(call.function.name, call.function.arguments) for call in choice.message.tool_calls or ()]
    return {
        "text": choice.message.content or "",
        "thoughts": getattr(choice.message, "reasoning_content", None) or "",
        "calls": calls,
        "finish": choice.finish_reason,
        "tokens": [answer.usage.prompt_tokens, answer.usage.completion_tokens],
    }


if __name__ == "__main__":
    main()
