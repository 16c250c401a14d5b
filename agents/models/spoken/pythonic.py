"""Calls as Python writes them, `name(argument=value)`, without running anything."""

import ast
from typing import Any

from agents.models.spoken.reading import SpokenCall, UnreadableError

_LONGEST = 200_000
_WORDS = {"true": True, "false": False, "null": None}
"""How JSON writes what Python calls otherwise."""


def calls_in(source: str) -> tuple[SpokenCall, ...]:
    """Read one call, a list of calls, or calls one below the other; raises UnreadableError for anything else."""
    if len(source) > _LONGEST:
        raise UnreadableError("it is too long")
    try:
        tree = ast.parse(source.strip(), mode="exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        raise UnreadableError(f"it is no Python: {getattr(problem, 'msg', problem)}") from problem
    calls: list[SpokenCall] = []
    for statement in tree.body:
        if not isinstance(statement, ast.Expr):
            raise UnreadableError("it is a program, not a call")
        node = statement.value
        calls.extend(map(_call, node.elts if isinstance(node, ast.List | ast.Tuple) else [node]))
    return tuple(calls)


def _call(node: ast.expr) -> SpokenCall:
    if not isinstance(node, ast.Call):
        raise UnreadableError("it is no call")
    if node.args or any(keyword.arg is None for keyword in node.keywords):
        raise UnreadableError("every argument needs its name, as in name(argument=value)")
    return SpokenCall(_name(node.func), {str(keyword.arg): _value(keyword.value) for keyword in node.keywords})


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_name(node.value)}.{node.attr}"
    raise UnreadableError("it is no call of a tool")


def _value(node: ast.expr) -> Any:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, RecursionError, MemoryError) as problem:
        if isinstance(node, ast.Name) and node.id in _WORDS:
            return _WORDS[node.id]
        if isinstance(node, ast.List | ast.Tuple):
            return [_value(each) for each in node.elts]
        if isinstance(node, ast.Dict) and all(isinstance(key, ast.Constant) for key in node.keys):
            keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
            return {str(key): _value(each) for key, each in zip(keys, node.values, strict=True)}
        raise UnreadableError("an argument is no plain value") from problem
    return _plain(value)


def _plain(value: Any) -> Any:
    """Give a value as JSON has it."""
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise UnreadableError("an argument is no value that JSON has")
