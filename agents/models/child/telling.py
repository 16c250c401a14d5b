"""Tools told and called in words, for models that have no tool calls of their own (M3)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

_HOW = (
    "\n\nTools, each with the JSON Schema of its arguments:\n{tools}\n\n"
    "To call one, write on lines of its own:\n"
    '<tool_call>\n{{"name": "NAME", "arguments": {{…}}}}\n</tool_call>\n'
    "Then stop; the result comes in <tool_response>."
)


def in_words(messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give messages that say in words what the chat-completions form says in fields; the same for the same input."""
    names: dict[str, str] = {}
    told = [_told(message, names) for message in messages]
    if tools and told and told[0]["role"] == "system":
        told[0]["content"] += _HOW.format(tools="\n".join(_line(tool["function"]) for tool in tools))
    return _joined(told)


def _told(message: Mapping[str, Any], names: dict[str, str]) -> dict[str, Any]:
    content = message.get("content") or ""
    if message["role"] == "assistant" and message.get("tool_calls"):
        for call in message["tool_calls"]:
            names[call["id"]] = call["function"]["name"]
        calls = "\n".join(_call(call["function"]) for call in message["tool_calls"])
        return {"role": "assistant", "content": f"{content}\n{calls}".strip()}
    if message["role"] == "tool":
        name = names.get(message["tool_call_id"], "")
        return {"role": "user", "content": f'<tool_response name="{name}">\n{content}\n</tool_response>'}
    return {"role": message["role"], "content": content}


def _call(function: Mapping[str, Any]) -> str:
    return (
        f'<tool_call>\n{{"name": {json.dumps(function["name"])}, "arguments": {function["arguments"]}}}\n</tool_call>'
    )


def _line(function: Mapping[str, Any]) -> str:
    return f"{function['name']}: {function['description']} {json.dumps(function['parameters'], ensure_ascii=False)}"


def _joined(messages: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join messages of one speaker that follow each other: many chat templates want them to take turns."""
    joined: list[dict[str, Any]] = []
    for message in messages:
        if joined and joined[-1]["role"] == message["role"]:
            joined[-1]["content"] += f"\n{message['content']}"
        else:
            joined.append(dict(message))
    return joined
