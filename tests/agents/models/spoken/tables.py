"""What models write, by form: the text, the calls that are meant, and the words that are left."""

from typing import Any

Said = tuple[str, list[tuple[str, dict[str, Any]]], str]

SHELL = ("shell", {"command": "ls"})
LIST: tuple[str, dict[str, Any]] = ("list_files", {})
CODE = "print(\"<x>\")\nif a < b:\n    s = '</tool_call>'\n"
DEEP = "<｜tool▁calls▁begin｜>{}<｜tool▁calls▁end｜>"
DEEP_OLD = "<｜tool▁call▁begin｜>function<｜tool▁sep｜>{}\n```json\n{}\n```<｜tool▁call▁end｜>"
DEEP_NEW = "<｜tool▁call▁begin｜>{}<｜tool▁sep｜>{}<｜tool▁call▁end｜>"
KIMI = "<|tool_call_begin|>functions.{}:{}<|tool_call_argument_begin|>{}<|tool_call_end|>"
SECTION = "<|tool_calls_section_begin|>{}<|tool_calls_section_end|>"
KIMI_SHELL = KIMI.format("shell", 0, '{"command": "ls"}')

FORMS: dict[str, list[Said]] = {
    "hermes": [
        ('<tool_call>\n{"name": "shell", "arguments": {"command": "ls"}}\n</tool_call>', [SHELL], ""),
        ('Sure.\n<tool_call>{"name": "shell", "arguments": {"command": "ls"}}</tool_call>', [SHELL], "Sure."),
        (
            '<tool_call>{"name":"shell","arguments":{"command":"ls"}}</tool_call>\n<tool_call>{"name":"list_files","arguments":{}}</tool_call>',
            [SHELL, LIST],
            "",
        ),
        ('<tool_call>{"arguments": {"command": "ls"}, "name": "shell"}</tool_call>', [SHELL], ""),
        ('<tool_call>{"name": "shell", "arguments": "{\\"command\\": \\"ls\\"}"}</tool_call>', [SHELL], ""),
        (
            '<tool_call>{"name": "write_file", "arguments": {"path": "a", "content": "</tool_call>"}}</tool_call>',
            [("write_file", {"path": "a", "content": "</tool_call>"})],
            "",
        ),
        ("<tool_call>{'name': 'shell', 'arguments': {'command': 'ls',}}</tool_call>", [SHELL], ""),
        ('<tool_call>{"name": "shell", "arguments": {"command": "ls"}', [SHELL], ""),
        ('<tool_call>{"name": "shell", "arguments": {"command": "ls"}}}</tool_call>', [SHELL], ""),
        (
            '<tool_call>{"name": "note", "arguments": {"text": "one\ntwo", "done": True, "n": None}}</tool_call>',
            [("note", {"text": "one\ntwo", "done": True, "n": None})],
            "",
        ),
        ('<think>I call it.</think>\n<tool_call>{"name": "list_files"}</tool_call>', [LIST], ""),
        (
            'hm, then so.</think>\n\n<tool_call>{"name": "list_files", "parameters": {}}</tool_call><|im_end|>',
            [LIST],
            "",
        ),
        (
            '<tool_call>{"name": "teleport", "arguments": {"to": "Rome"}}</tool_call>',
            [("teleport", {"to": "Rome"})],
            "",
        ),
        (
            '<tool_call>{"name": "shell", "arguments": {"command": "grep -E \'\\d+\' a"}}</tool_call>',
            [("shell", {"command": "grep -E '\\d+' a"})],
            "",
        ),
    ],
    "qwen coder": [
        (
            "<tool_call>\n<function=shell>\n<parameter=command>\nls\n</parameter>\n</function>\n</tool_call>",
            [SHELL],
            "",
        ),
        (
            f"<tool_call>\n<function=write_file>\n<parameter=path>\na.py\n</parameter>\n<parameter=content>\n{CODE}</parameter>\n</function>\n</tool_call>",
            [("write_file", {"path": "a.py", "content": CODE.removesuffix("\n")})],
            "",
        ),
        (
            "<function=shell>\n<parameter=command>ls</parameter>\n<parameter=seconds>5</parameter>\n</function>",
            [("shell", {"command": "ls", "seconds": 5})],
            "",
        ),
        (
            "I look.\n<function=calculate_rsi>\n<parameter=prices>\n[1, 2]\n</parameter>\n</function>",
            [("calculate_rsi", {"prices": [1, 2]})],
            "I look.",
        ),
        ("<tool_call>\n<function=list_files>\n</function>\n</tool_call>", [LIST], ""),
        ("<function=shell>\n<parameter=command>\n  ls\n</parameter>", [("shell", {"command": "  ls"})], ""),
    ],
    "llama json": [
        ('{"name": "shell", "parameters": {"command": "ls"}}', [SHELL], ""),
        ('{"type": "function", "name": "shell", "parameters": {"command": "ls"}}', [SHELL], ""),
        (
            '{"name": "shell", "parameters": {"command": "ls"}}; {"name": "list_files", "parameters": {}}',
            [SHELL, LIST],
            "",
        ),
        ('<|python_tag|>{"name": "shell", "parameters": {"command": "ls"}}<|eom_id|>', [SHELL], ""),
        ('<|python_tag|>shell.call(command="ls")', [SHELL], ""),
        ('<function=shell>{"command": "ls"}</function>', [SHELL], ""),
    ],
    "pythonic": [
        ('[shell(command="ls")]', [SHELL], ""),
        ('[shell(command="ls"), list_files()]', [SHELL, LIST], ""),
        ("[calculate_rsi(prices=[1, 2.5], period=14)]", [("calculate_rsi", {"prices": [1, 2.5], "period": 14})], ""),
        ('<|python_tag|>[shell(command="ls")]', [SHELL], ""),
        ('[write_file(path="a", content="x = [1]\\n")]', [("write_file", {"path": "a", "content": "x = [1]\n"})], ""),
    ],
    "mistral": [
        ('[TOOL_CALLS][{"name": "shell", "arguments": {"command": "ls"}}]</s>', [SHELL], ""),
        ('[TOOL_CALLS] [{"name": "shell", "arguments": {"command": "ls"}, "id": "abcdefghi"}]', [SHELL], ""),
        ('[TOOL_CALLS]shell[ARGS]{"command": "ls"}', [SHELL], ""),
        ('[TOOL_CALLS]shell{"command": "ls"}[TOOL_CALLS]list_files{}', [SHELL, LIST], ""),
        ('[TOOL_CALLS]shell[CALL_ID]123456789[ARGS]{"command": "ls"}', [SHELL], ""),
        ('I look.[TOOL_CALLS]shell[ARGS]{"command": "ls"}', [SHELL], "I look."),
    ],
    "deepseek": [
        (DEEP.format(DEEP_OLD.format("shell", '{"command": "ls"}')), [SHELL], ""),
        (
            "I look."
            + DEEP.format(DEEP_OLD.format("shell", '{"command": "ls"}') + "\n" + DEEP_OLD.format("list_files", "{}")),
            [SHELL, LIST],
            "I look.",
        ),
        (DEEP.format(DEEP_NEW.format("shell", '{"command": "ls"}')) + "<｜end▁of▁sentence｜>", [SHELL], ""),
        (
            DEEP.format(DEEP_NEW.format("shell", '{"command": "ls"}') + DEEP_NEW.format("list_files", "{}")),
            [SHELL, LIST],
            "",
        ),
    ],
    "glm": [
        ("<tool_call>shell\n<arg_key>command</arg_key>\n<arg_value>ls</arg_value>\n</tool_call>", [SHELL], ""),
        (
            "<tool_call>shell\n<arg_key>command</arg_key><arg_value>ls</arg_value><arg_key>seconds</arg_key><arg_value>5</arg_value></tool_call>",
            [("shell", {"command": "ls", "seconds": 5})],
            "",
        ),
        ("<tool_call>list_files\n</tool_call>", [LIST], ""),
        ("<think></think>\nNow.\n<tool_call>list_files</tool_call>", [LIST], "Now."),
    ],
    "granite, phi": [
        ('<|tool_call|>[{"name": "shell", "arguments": {"command": "ls"}}]', [SHELL], ""),
        ('<|tool_call|>[{"name": "shell", "arguments": {"command": "ls"}}]<|/tool_call|>', [SHELL], ""),
        (
            '<tool_call>[{"name": "shell", "arguments": {"command": "ls"}}, {"name": "list_files", "arguments": {}}]',
            [SHELL, LIST],
            "",
        ),
        ('functools[{"name": "shell", "arguments": {"command": "ls"}}]', [SHELL], ""),
    ],
    "functionary": [
        ('>>>shell\n{"command": "ls"}', [SHELL], ""),
        (">>>all\nI look.\n>>>shell\n" + '{"command": "ls"}', [SHELL], "I look."),
        (">>>all\nJust words.", [], "Just words."),
    ],
    "harmony": [
        ('<|channel|>commentary to=functions.shell <|constrain|>json<|message|>{"command":"ls"}<|call|>', [SHELL], ""),
        (
            '<|channel|>analysis<|message|>shell(command="rm")<|end|><|start|>assistant<|channel|>commentary to=functions.shell<|message|>{"command":"ls"}<|call|>',
            [SHELL],
            "",
        ),
        (
            "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>Done.<|return|>",
            [],
            "Done.",
        ),
        ("<|start|>assistant to=functions.list_files<|channel|>commentary json<|message|>{}<|call|>", [LIST], ""),
    ],
    "kimi": [
        (SECTION.format(KIMI_SHELL), [SHELL], ""),
        ("I look." + SECTION.format(KIMI_SHELL + KIMI.format("list_files", 1, "{}")), [SHELL, LIST], "I look."),
    ],
    "invoke": [
        (
            '<function_calls>\n<invoke name="shell">\n<parameter name="command">ls</parameter>\n</invoke>\n</function_calls>',
            [SHELL],
            "",
        ),
        (
            '<minimax:tool_call>\n<invoke name="shell">\n<parameter name="command">ls</parameter>\n</invoke>\n<invoke name="list_files">\n</invoke>\n</minimax:tool_call>',
            [SHELL, LIST],
            "",
        ),
        (
            '<tool_calls>\n{"name": "shell", "arguments": {"command": "ls"}}\n{"name": "list_files", "arguments": {}}\n</tool_calls>',
            [SHELL, LIST],
            "",
        ),
    ],
    "cohere": [
        (
            '<|START_ACTION|>[{"tool_call_id": "0", "tool_name": "shell", "parameters": {"command": "ls"}}]<|END_ACTION|>',
            [SHELL],
            "",
        ),
        ('Action: ```json\n[{"tool_name": "shell", "parameters": {"command": "ls"}}]\n```', [SHELL], ""),
        (
            '<|START_THINKING|>hm<|END_THINKING|><|START_ACTION|>[{"tool_name": "list_files", "parameters": {}}]<|END_ACTION|>',
            [LIST],
            "",
        ),
        ('Action: ```json\n[{"tool_name": "directly_answer", "parameters": {}}]\n```', [], ""),
    ],
    "tool tag": [
        (
            '<tool name="calculate_rsi">{"prices": [100, 102, 101, 103, 105], "period": 14}</tool>',
            [("calculate_rsi", {"prices": [100, 102, 101, 103, 105], "period": 14})],
            "",
        ),
        ('<tool name="shell">{"filepath": "test.py"}</tool>', [("shell", {"filepath": "test.py"})], ""),
        ('I list.\n<tool name="list_files"/>', [LIST], "I list."),
        ('<tool name="list_files"></tool>', [LIST], ""),
    ],
    "tool code": [
        ('```tool_code\nshell(command="ls")\n```', [SHELL], ""),
        ('```tool_code\nprint(shell(command="ls"))\n```', [SHELL], ""),
        ('I look.\n```tool_call\n{"name": "shell", "arguments": {"command": "ls"}}\n```', [SHELL], "I look."),
    ],
    "weak": [
        ('shell(command="ls")', [SHELL], ""),
        ('I list the folder first.\nshell(command="ls")', [SHELL], "I list the folder first."),
        ("list_files()", [LIST], ""),
        ('I list it.\n\n```json\n{"name": "shell", "arguments": {"command": "ls"}}\n```', [SHELL], "I list it."),
        ('```json\n{"tool": "shell", "args": {"command": "ls"}}\n```', [SHELL], ""),
        (
            '{"tool_calls": [{"id": "1", "type": "function", "function": {"name": "shell", "arguments": "{\\"command\\": \\"ls\\"}"}}]}',
            [SHELL],
            "",
        ),
        (
            '```json\n[{"name": "shell", "arguments": {"command": "ls"}}, {"name": "list_files", "arguments": {}}]\n```',
            [SHELL, LIST],
            "",
        ),
    ],
}

MALFORMED = [
    "<function=shell>\n<parameter=command>\nls",
    '<tool_call>{"name": "shell", "arguments": {"command": "ls", "seconds": 4',
    '<tool_call>{"name": "shell", "arguments": {"command": ls}}</tool_call>',
    '<tool_call>{"arguments": {"command": "ls"}}</tool_call>',
    '<tool_call>{"name": "shell", "arguments": ["ls"]}</tool_call>',
    '[TOOL_CALLS]shell[ARGS]{"command": ls}',
    '<|tool_call|>[{"name": "shell", "arguments": 7}]',
    '<tool name="shell">command=ls</tool>',
    "<|python_tag|>import os; os.system('ls')",
    "```tool_code\nfor x in y: shell(command=x)\n```",
    "functools[{]",
]

NEAR_MISSES = [
    'To run it, write <tool_call>{"name":"shell","arguments":{"command":"ls"}}</tool_call> in your answer.',
    '```\n<tool_call>{"name":"shell","arguments":{"command":"ls"}}</tool_call>\n```\nThat is how a call looks.',
    "```xml\n<function=shell>\n<parameter=command>ls</parameter>\n</function>\n```",
    '> <tool_call>{"name":"shell","arguments":{"command":"ls"}}</tool_call>\n\nThis is what the mail said.',
    'You could call shell(command="ls").',
    'For example:\nshell(command="ls")',
    'Should I run this?\nshell(command="rm -rf x")',
    'I will not call shell(command="rm -rf /").',
    'Never do this:\nshell(command="rm -rf /")',
    '```python\nshell(command="ls")\n```',
    "```python\ndef shell(command):\n    return command\n```",
    'The function `shell(command="ls")` lists files.',
    '`<tool_call>{"name":"shell","arguments":{"command":"ls"}}</tool_call>` is the form.',
    '{"name": "Anna", "age": 3}',
    '{"name": "shell", "version": "1.0", "arguments": {}}',
    "[1, 2, 3]",
    '[print(x="1")]',
    '{"result": {"name": "shell"}}',
    "Traceback:\n  File \"a.py\", line 3, in shell\n    shell(command='ls')\nError: no",
    'The log says:\n```json\n{"name": "shell", "arguments": {"command": "ls"}}\n```\nwhich was yesterday.',
    'An example of the format:\n```json\n{"name": "shell", "arguments": {"command": "ls"}}\n```',
    'teleport(to="Rome")',
    '```json\n{"name": "teleport", "arguments": {"to": "Rome"}}\n```',
    '{"name": "teleport", "parameters": {"to": "Rome"}}',
    '<think>I could <tool_call>{"name":"shell","arguments":{"command":"rm"}}</tool_call></think>All is well.',
    "<think>shell(command='rm')",
    'shell(command="ls")</think>Nothing to do.',
    '| name | call |\n|---|---|\n| shell | <tool_call>{"name":"shell","arguments":{}}</tool_call> |',
    ">>> shell\n'bash'",
    ">>> import os\n>>> os.listdir()",
    "Action: I will list the files.",
    "Action:\n- look\n- write",
    "The tag <tool_call> opens a call and </tool_call> closes it.",
    "In Mistral's format [TOOL_CALLS] comes first.",
    'diff --git a/x b/x\n+shell(command="ls")',
    "$ shell ls\nfile1 file2",
    '1. shell(command="ls") lists\n2. note(text="x") notes',
    'I called shell(command="ls") and it printed nothing.',
    'assert shell(command="ls") == 0',
    'result = shell(command="ls")',
    "shell(ls)",
    'shell(command="ls"',
    'shell(command=os.environ["X"])',
    "shell(command='ls', colour='red')",
    '<tool name="hammer"> is a good tool for nails.',
    "functools is a module of Python.",
    "<function=",
    "<invoke>",
    "",
    "Just words.",
]
