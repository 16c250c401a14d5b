"""How each family of models writes calls, after the public documentation of its form.

A form gives the text for some calls, what servers may leave at the end of it, and whether text may stand before it.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.agents.models.spoken.corpus.scenario import Call


@dataclass(frozen=True, slots=True)
class Form:
    """`write` gives the text; `end` is the token that may follow; `strong` says that it has marks of its own.

    `several` says that more than one call can stand in one answer, `plain` that values are written without a type, so
    that an empty one, or one that begins or ends with white space, cannot be told.
    """

    write: Callable[[Sequence[Call]], str]
    source: str
    end: str = ""
    strong: bool = True
    several: bool = True
    plain: bool = False


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _named(call: Call, name: str = "name", arguments: str = "arguments") -> dict[str, Any]:
    return {name: call[0], arguments: call[1]}


def _raw(value: Any) -> str:
    return value if isinstance(value, str) else _json(value)


def _python(value: Any) -> str:
    """Give a value as Python writes it."""
    return repr(value)


def _arguments(call: Call, write: Callable[[Any], str]) -> str:
    return f"{call[0]}({', '.join(f'{name}={write(value)}' for name, value in call[1].items())})"


def hermes(calls: Sequence[Call]) -> str:
    return "\n".join(f"<tool_call>\n{_json(_named(call))}\n</tool_call>" for call in calls)


def qwen_coder(calls: Sequence[Call]) -> str:
    def one(call: Call) -> str:
        values = "".join(f"<parameter={name}>\n{_raw(value)}\n</parameter>\n" for name, value in call[1].items())
        return f"<tool_call>\n<function={call[0]}>\n{values}</function>\n</tool_call>"

    return "\n".join(map(one, calls))


def llama_tag(calls: Sequence[Call]) -> str:
    return "<|python_tag|>" + "; ".join(_json(_named(call, "name", "parameters")) for call in calls)


def llama_bare(calls: Sequence[Call]) -> str:
    return _json(_named(calls[0], "name", "parameters"))


def function_tag(calls: Sequence[Call]) -> str:
    return "".join(f"<function={name}>{_json(arguments)}</function>" for name, arguments in calls)


def pythonic(calls: Sequence[Call]) -> str:
    return f"[{', '.join(_arguments(call, _python) for call in calls)}]"


def pythonic_tag(calls: Sequence[Call]) -> str:
    return f"<|python_start|>{pythonic(calls)}<|python_end|>"


def mistral(calls: Sequence[Call]) -> str:
    return f"[TOOL_CALLS]{_json([_named(call) for call in calls])}"


def mistral_args(calls: Sequence[Call]) -> str:
    return "".join(f"[TOOL_CALLS]{name}[ARGS]{_json(arguments)}" for name, arguments in calls)


def deepseek_v3(calls: Sequence[Call]) -> str:
    each = (
        f"<｜tool▁call▁begin｜>function<｜tool▁sep｜>{name}\n```json\n{_json(arguments)}\n```<｜tool▁call▁end｜>"
        for name, arguments in calls
    )
    return "<｜tool▁calls▁begin｜>" + "\n".join(each) + "<｜tool▁calls▁end｜>"


def deepseek_v31(calls: Sequence[Call]) -> str:
    each = (f"<｜tool▁call▁begin｜>{n}<｜tool▁sep｜>{_json(a)}<｜tool▁call▁end｜>" for n, a in calls)
    return "<｜tool▁calls▁begin｜>" + "".join(each) + "<｜tool▁calls▁end｜>"


def glm(calls: Sequence[Call]) -> str:
    def one(call: Call) -> str:
        values = (
            f"<arg_key>{name}</arg_key>\n<arg_value>{_raw(value)}</arg_value>\n" for name, value in call[1].items()
        )
        return f"<tool_call>{call[0]}\n{''.join(values)}</tool_call>"

    return "\n".join(map(one, calls))


def granite(calls: Sequence[Call]) -> str:
    return f"<|tool_call|>{_json([_named(call) for call in calls])}"


def harmony(calls: Sequence[Call]) -> str:
    name, arguments = calls[0]
    return (
        f"<|channel|>analysis<|message|>The user wants {name}.<|end|><|start|>assistant<|channel|>commentary"
        f" to=functions.{name} <|constrain|>json<|message|>{_json(arguments)}<|call|>"
    )


def functionary(calls: Sequence[Call]) -> str:
    return "\n".join(f">>>{name}\n{_json(arguments)}" for name, arguments in calls)


def functionary_v2(calls: Sequence[Call]) -> str:
    each = (f"<|from|>assistant\n<|recipient|>{name}\n<|content|>{_json(arguments)}" for name, arguments in calls)
    return "\n".join(each)


def kimi(calls: Sequence[Call]) -> str:
    each = (
        f"<|tool_call_begin|>functions.{name}:{number}<|tool_call_argument_begin|>{_json(arguments)}<|tool_call_end|>"
        for number, (name, arguments) in enumerate(calls)
    )
    return f"<|tool_calls_section_begin|>{''.join(each)}<|tool_calls_section_end|>"


def functools(calls: Sequence[Call]) -> str:
    return f"functools{_json([_named(call) for call in calls])}"


def tool_tag(calls: Sequence[Call]) -> str:
    return "\n".join(f'<tool name="{name}">\n{_json(arguments)}\n</tool>' for name, arguments in calls)


def fenced(calls: Sequence[Call]) -> str:
    return "\n".join(f"```json\n{json.dumps(_named(c), ensure_ascii=False, indent=2)}\n```" for c in calls)


def fenced_tool(calls: Sequence[Call]) -> str:
    return f"```json\n{json.dumps(_named(calls[0], 'tool', 'args'), ensure_ascii=False, indent=2)}\n```"


def call_line(calls: Sequence[Call]) -> str:
    return "\n".join(_arguments(call, _python) for call in calls)


def invoke(calls: Sequence[Call]) -> str:
    def one(call: Call) -> str:
        values = "".join(f'<parameter name="{name}">{_raw(value)}</parameter>\n' for name, value in call[1].items())
        return f'<invoke name="{call[0]}">\n{values}</invoke>\n'

    return f"<function_calls>\n{''.join(map(one, calls))}</function_calls>"


def minimax(calls: Sequence[Call]) -> str:
    return invoke(calls).replace("function_calls>", "minimax:tool_call>")


def command_r(calls: Sequence[Call]) -> str:
    each = [_named(call, "tool_name", "parameters") for call in calls]
    return f"Action: ```json\n{json.dumps(each, ensure_ascii=False, indent=4)}\n```"


def command_r7b(calls: Sequence[Call]) -> str:
    each = [{"tool_call_id": str(n), **_named(call, "tool_name", "parameters")} for n, call in enumerate(calls)]
    return f"<|START_ACTION|>{json.dumps(each, ensure_ascii=False, indent=4)}<|END_ACTION|>"


FORMS: dict[str, Form] = {
    "hermes": Form(hermes, "Hermes 2 Pro, Qwen 2.5 and 3: chat templates", "<|im_end|>"),
    "qwen_coder": Form(qwen_coder, "Qwen3-Coder: chat template, vLLM's parser", "<|im_end|>", plain=True),
    "llama_tag": Form(llama_tag, "Llama 3.1: prompt format", "<|eom_id|>"),
    "llama_bare": Form(llama_bare, "Llama 3.2: prompt format", "<|eot_id|>", strong=False, several=False),
    "function_tag": Form(function_tag, "Llama 3.1: custom tools", "<|eot_id|>"),
    "pythonic": Form(pythonic, "Llama 3.2, ToolACE: prompt format", "<|eot_id|>", strong=False),
    "pythonic_tag": Form(pythonic_tag, "Llama 4: prompt format", "<|eot|>"),
    "mistral": Form(mistral, "Mistral 7B v0.3: tokenizer v3", "</s>"),
    "mistral_args": Form(mistral_args, "Mistral Small 3.2, Magistral: tokenizer v11", "</s>"),
    "deepseek_v3": Form(deepseek_v3, "DeepSeek V3, R1: chat template", "<｜end▁of▁sentence｜>"),
    "deepseek_v31": Form(deepseek_v31, "DeepSeek V3.1: chat template", "<｜end▁of▁sentence｜>"),
    "glm": Form(glm, "GLM 4.5: chat template", "<|observation|>", plain=True),
    "granite": Form(granite, "Granite 3: chat template", "<|end_of_text|>"),
    "harmony": Form(harmony, "gpt-oss: harmony response format", several=False),
    "functionary": Form(functionary, "Functionary v3.2: prompt format", "<|eot_id|>"),
    "functionary_v2": Form(functionary_v2, "Functionary v2: prompt format", "<|stop|>"),
    "kimi": Form(kimi, "Kimi K2: tool call guide", "<|im_end|>"),
    "functools": Form(functools, "Phi-4-mini: function calling", "<|end|>"),
    "tool_tag": Form(tool_tag, "what small models make of a prompt about tools"),
    "fenced": Form(fenced, "what small models make of a prompt about tools", strong=False),
    "fenced_tool": Form(fenced_tool, "what small models make of a prompt about tools", strong=False, several=False),
    "call_line": Form(call_line, "Gemma and others: calls as Python", strong=False),
    "invoke": Form(invoke, "function calls in XML", plain=True),
    "minimax": Form(minimax, "MiniMax M2: tool calling guide", plain=True),
    "command_r": Form(command_r, "Command R+: prompt format", "<|END_OF_TURN_TOKEN|>"),
    "command_r7b": Form(command_r7b, "Command R7B: chat template"),
}
