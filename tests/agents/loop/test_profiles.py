"""What an agent's file says holds for its runs: what is asked before, its limits, and why it was chosen."""

import json
from pathlib import Path

import pytest

from daemon.domain.errors import ConfigError
from daemon.domain.limits import Limits
from daemon.domain.run import RunStatus, WaitingFor
from daemon.domain.task import Task
from tests.agents.loop.house import OWNER, House, house
from tests.rigs.model_server import Asked, Call, ModelServer, Said

FINISH = Call("finish", {"result": "That is it."})


def _agent(folder: Path, text: str) -> None:
    (folder / "agents").mkdir(exist_ok=True)
    (folder / "agents" / "careful.yaml").write_text(f"name: careful\ndescription: Careful\nprompt: Ask.\n{text}")


def _writes_two(asked: Asked) -> Said:
    return (Call("write_file", {"path": f"{asked.turn}.txt", "content": "x"}),) if asked.turn < 3 else FINISH


async def test_a_call_that_the_agent_asks_before_is_made_after_the_yes_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ModelServer("openai", _writes_two) as server, house(tmp_path, monkeypatch, server) as h:
        _agent(tmp_path / "config", "approval_required: ['write_*']\n")
        task = h.submit("write", agent="careful")
        run = await h.done(task)
        assert (run.status, run.waiting_for) == (RunStatus.WAITING, WaitingFor.OWNER)
        assert not list(h.home.run_folder(task.id, 1).rglob("1.txt"))
        (asked,) = h.service.reads.approvals()
        assert "the agent careful asks before it" in asked.shown
        h.service.decide(asked.id, True, "", OWNER)
        run = await h.done(task)
        assert [path.name for path in h.home.run_folder(task.id, 1).rglob("?.txt")] == ["1.txt"]
        assert run.status is RunStatus.WAITING  # for the second file
        other = h.submit("write", agent="general")
        assert (await h.done(other)).status is RunStatus.DONE


async def test_the_agents_limits_hold_where_the_task_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ModelServer("openai", _writes_two) as server, house(tmp_path, monkeypatch, server) as h:
        _agent(tmp_path / "config", "max_iterations: 3\n")
        run = await h.done(h.submit("write", agent="careful"))
        assert (run.status, run.waiting_for) == (RunStatus.WAITING, WaitingFor.BUDGET)
        assert run.limits.steps == 3
        run = await h.done(h.submit("write", agent="careful", limits=Limits(steps=50)))
        assert (run.status, run.limits.steps) == (RunStatus.DONE, 50)


async def test_the_books_say_why_an_agent_was_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ModelServer("openai", "Done.") as server, house(tmp_path, monkeypatch, server) as h:
        tasks = [
            h.submit("hello", agent="code", tier="smart"),
            h.submit("fix the bug in my script"),
            h.submit("say it"),
        ]
        async with h.worker() as runner:
            for task in tasks:
                await runner.do_one(task.run_id)
        assert [_why(h, task) for task in tasks] == [
            "you named it; complexity 1 of 10, model: smart, which you named",
            "its words and files are those of the task; complexity 1 of 10, model: fast",
            "no other agent fits better; complexity 1 of 10, model: fast",
        ]


def _why(h: House, task: Task) -> str:
    (planned,) = [entry for entry in h.service.reads.audit(task.id, 100) if entry.kind == "planned"]
    return str(json.loads(planned.detail or "{}")["why"])


async def test_a_skill_takes_no_task_from_the_agent_that_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ModelServer("openai", "Done.") as server, house(tmp_path, monkeypatch, server) as h:
        named = h.submit("disk report", agent="general")
        await h.done(named)
        assert h.service.reads.plan(named.run_id) == "general"
        by_name = h.submit("/disk-report", agent="general")
        await h.done(by_name)
        assert h.service.reads.plan(by_name.run_id) == "skill:disk-report"


@pytest.mark.parametrize("line", ["[shel]", "[write_file, Shell]", "shell; write_file"])
async def test_an_agent_that_asks_before_no_tool_does_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    with ModelServer("openai", "Done.") as server, house(tmp_path, monkeypatch, server) as h:
        _agent(tmp_path / "config", f"approval_required: {line}\n")
        with pytest.raises(ConfigError, match="agents: careful: 'approval_required' names"):
            await h.done(h.submit("write", agent="careful"))


async def test_the_other_name_of_a_tool_is_asked_before_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ModelServer("openai", _writes_two) as server, house(tmp_path, monkeypatch, server) as h:
        _agent(tmp_path / "config", "approval_required: [file_write]\n")
        run = await h.done(h.submit("write", agent="careful"))
        assert (run.status, run.waiting_for) == (RunStatus.WAITING, WaitingFor.OWNER)
