"""Whatever arguments a model makes up for whatever tool there is: one line comes back, and nothing happens."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from agents.tools.registry import Registry
from daemon.domain.limits import Limits
from daemon.domain.ports import Tool
from daemon.domain.run import Run
from daemon.domain.step import Step, StepKind
from daemon.engine import workspace
from daemon.engine.schema import mistake
from daemon.settings.sections import LimitSettings, RunSettings
from daemon.store import database
from tests.agents.tools.conftest import contents
from tests.daemon.engine import workbench
from tests.daemon.engine.workbench import Reply, Workbench

TOOLS = Registry((), (), lambda _: (True, "")).tools
EACH, TIMES = 25, 8  # 200 for each tool
MANY = settings(
    max_examples=TIMES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],  # making 25 calls smaller takes minutes, and the first one that is wrong says enough
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)

HOSTILE = (
    *("", " ", ".", "..", "/", "/etc/passwd", "../../../../etc/passwd", "/work/../etc/passwd", "~/.ssh/id", "a\0b"),
    *("x" * 5000, "-rf", "--help", "$(id)", "`id`", "a\nb", "\x1b[31m", "%s%n", "{0.__class__}", "null", "é" * 300),
    *(
        "/proc/self/environ",
        "/dev/stdin",
        "input/",
        "output/../../../x",
        "con",
        "\u202e",
        "\U000e0041",
        "[",
        "*" * 500,
        "\ud800",
    ),
)
TEXT = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40))
LEAF = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXT)
WILD = st.recursive(
    LEAF, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)), max_leaves=6
)
BY_TYPE: Mapping[str, st.SearchStrategy[Any]] = {
    "string": TEXT,
    "integer": st.one_of(st.integers(), st.sampled_from([0, -1, 1, 2**63, -(2**63), 10**30])),
    "number": st.floats(allow_nan=False, allow_infinity=False),
    "boolean": st.booleans(),
    "object": st.dictionaries(TEXT, LEAF, max_size=3),
}


def fitting(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Values of the right shape, and as hostile as the shape allows."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema.get("type") == "array":
        return st.lists(fitting(schema.get("items", {})), max_size=3)
    if "properties" in schema:
        required = {name: fitting(schema["properties"][name]) for name in schema.get("required", ())}
        others = {name: fitting(part) for name, part in schema["properties"].items() if name not in required}
        return st.fixed_dictionaries(required, optional=others)
    return BY_TYPE.get(schema.get("type", ""), WILD)


@st.composite
def bent(draw: st.DrawFn, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments of the right shape with one or more things wrong."""
    arguments = dict(draw(fitting(schema)))
    names = [*schema.get("properties", {}), "pth", "command"]
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(names))
        if draw(st.booleans()):
            arguments.pop(name, None)
        else:
            arguments[name] = draw(WILD)
    return arguments


def wrong(tool: Tool) -> st.SearchStrategy[dict[str, Any]]:
    """Arguments that the schema does not take."""
    made = st.one_of(bent(tool.schema), st.dictionaries(TEXT, WILD, max_size=4))
    return made.filter(lambda arguments: mistake(tool.schema, arguments) is not None)


@contextmanager
def made(tool: Tool, calls: list[dict[str, Any]]) -> Iterator[tuple[Workbench, Run, list[Step]]]:
    """Do a run whose model makes these calls in one reply; every call is allowed by a rule."""
    with TemporaryDirectory() as folder:
        bench = workbench.make(
            Path(folder).resolve() / "home",
            [Reply(*((tool.name, arguments) for arguments in calls)), Reply(text="the end")],
            [tool],
            rules=[workbench.allow(tool.name)],
            limits=LimitSettings(run=Limits(), day=Limits(), month=Limits()),
            runs=RunSettings(calls_in_one_reply=10_000, repeats=10_000),
        )
        try:
            task = bench.submit()
            asyncio.run(bench.run(task.run_id))
            run = bench.service.reads.run(task.run_id)
            yield bench, run, [step for step in bench.steps(task) if step.kind is StepKind.TOOL]
        finally:
            bench.parts.thread.close()
            database.close()


class Alarmed:
    """The tool itself, but it must not be invoked."""

    def __init__(self, tool: Tool) -> None:
        self._tool = tool
        self.invoked = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tool, name)

    async def invoke(self, *_: Any) -> Any:
        self.invoked += 1
        raise AssertionError("invoked")


@pytest.mark.parametrize("tool", TOOLS, ids=[tool.name for tool in TOOLS])
def test_wrong_arguments_are_answered_in_one_line_and_nothing_happens(tool: Tool) -> None:
    seen = 0

    @MANY
    @given(st.lists(wrong(tool), min_size=EACH, max_size=EACH))
    def check(calls: list[dict[str, Any]]) -> None:
        nonlocal seen
        alarmed: Any = Alarmed(tool)
        with made(alarmed, calls) as (bench, run, steps):
            assert run.status == "done", run.error
            assert len(steps) == EACH
            assert alarmed.invoked == 0
            folder = bench.home.run_folder(run.task_id, run.number)
            assert workspace.outputs(folder) == []
            assert sorted(contents(folder)) == ["README.md", "input", "output", "research", "src"]
        for step in steps:
            text = step.output["text"]
            assert step.status == "failed"
            assert text.startswith(f"Wrong arguments for {tool.name}: "), text
            assert len(text.splitlines()) == 1, text
            assert len(text) < 1000, text
        seen += len(steps)

    check()
    assert seen >= EACH * TIMES


@pytest.mark.parametrize("tool", TOOLS, ids=[tool.name for tool in TOOLS])
def test_hostile_arguments_of_the_right_shape_stay_inside_and_fail_with_words(tool: Tool) -> None:
    @settings(MANY, max_examples=TIMES // 2)  # each runs programs
    @given(st.lists(fitting(tool.schema), min_size=EACH, max_size=EACH))
    def check(calls: list[dict[str, Any]]) -> None:
        with made(tool, calls) as (bench, run, steps):
            assert "agent itself failed" not in (run.error or ""), run.error
            beside = {path.name for path in bench.home.path.parent.iterdir()}
        assert beside == {"home"}
        assert steps
        for step in steps:
            text = (step.output or {}).get("text", "")
            assert "failed inside" not in text, (text, step.input)
            assert "Traceback" not in text

    check()
