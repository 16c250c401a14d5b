"""A planted secret is in no row, no file but the owner's own, no log line, no message and no request to a model."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agents.tools.builtin import Builtin
from agents.tools.read_file import read_file
from agents.tools.search_files import search_files
from agents.tools.write_file import write_file
from daemon.app.logs import logger
from daemon.domain.blob import Blob
from daemon.domain.call import Note, Outcome, Progress, Send, ToolCall
from daemon.domain.effect import Effect
from daemon.domain.ended import Ended, Failed, Finished
from daemon.domain.errors import AgentError, ModelUnavailable, ToolError
from daemon.domain.limits import Usage
from daemon.domain.message import Incoming, Outgoing
from daemon.domain.model import ModelReply, ModelRequest
from daemon.domain.ports import Agent, Circumstances, Plan, Unready, Work
from daemon.domain.run import Run, RunStatus
from daemon.domain.task import Task
from daemon.domain.turn import Turn
from daemon.engine.deliver import Delivery
from daemon.engine.replay import replay
from daemon.engine.undo import undo
from daemon.settings.sections import LogSettings
from tests.daemon.engine.canary import KNOWN, LEAK, PLANTED, SHAPED, found_below, holds, written
from tests.daemon.engine.workbench import (
    OWNER,
    OneAgent,
    ProbeTool,
    Reply,
    ScriptModel,
    Workbench,
    calling,
    ending,
    taken,
)

FILE = f"line one\nthe thing is {KNOWN}\nremote {SHAPED}\n".encode()
Bench = Callable[..., Workbench]


class LeakyTool(Builtin):
    """Lets the secret out in every way that a tool has."""

    name = "leak"
    description = "For tests."
    schema: Mapping[str, Any] = {"type": "object", "properties": {"text": {"type": "string"}}}
    effect_class = Effect.COMPUTE

    async def invoke(self, arguments: Mapping[str, Any], at: Circumstances) -> Outcome:
        at.report(50, LEAK)
        emits = (Send(LEAK), Note(LEAK), Note(LEAK, key=KNOWN), Progress(60, text=LEAK))
        return Outcome(LEAK, emits=emits)


class BreakingTool(LeakyTool):
    """Breaks off with the secret in its error."""

    def __init__(self, problem: Exception) -> None:
        self._problem = problem

    async def invoke(self, arguments: Mapping[str, Any], at: Circumstances) -> Outcome:
        raise self._problem


class BrokenModel(ScriptModel):
    """Answers with an error."""

    def __init__(self, problem: Exception) -> None:
        super().__init__(())
        self._problem = problem

    async def complete(
        self, request: ModelRequest, most: Usage, on_text: Callable[[str], None] | None = None
    ) -> ModelReply:
        raise self._problem


class FailingAgent:
    """An agent of somebody else's that ends with the secret in its words, or breaks."""

    def __init__(self, problem: Exception | None = None) -> None:
        self._problem = problem

    async def run(self, work: Work) -> Ended:
        if self._problem is not None:
            raise self._problem
        return Failed(LEAK)


class CallingAgent:
    """An agent of somebody else's that makes a call with the secret in it by itself."""

    async def run(self, work: Work) -> Ended:
        ended = await work.call([ToolCall("mine", "note", {"text": LEAK})])
        return ended or Finished(LEAK)


class OtherAgents(OneAgent):
    """Chooses with the secret in the prompt, or not at all."""

    def __init__(self, agent: Agent | None = None, unready: str = "") -> None:
        self._agent = agent
        self._unready = unready

    def plan(self, task: Task, run: Run, earlier: Sequence[Turn] = ()) -> Plan | Unready:
        if self._unready:
            return Unready(self._unready)
        return Plan("general", {"kind": "loop", "prompt": LEAK, "goal": LEAK, "tier": "fast", "tools": []}, "fast")

    def build(self, plan: Plan) -> Agent:
        return self._agent or super().build(plan)


class LeakyChannel:
    """Cannot send, and says why with its token."""

    name = "leaky"

    async def send(self, message: Outgoing) -> str:
        assert not holds(message.text.encode())
        raise AgentError(f"https://api.example.com/bot{LEAK}/send answered 500.")

    async def sent_before(self, message: Outgoing) -> str | None:
        return None


@pytest.fixture
def leaky(bench: Bench, capsys: pytest.CaptureFixture[str]) -> Bench:
    """Give the maker of a workbench that knows the secret and logs as the product does."""

    capsys.readouterr()

    def make(*args: Any, **kwargs: Any) -> Workbench:
        made = bench(*args, secrets=(KNOWN,), **kwargs)
        made.use(log=logger(LogSettings(level="debug", form="json"), made.parts.redact))
        return made

    return make


def nothing_is_left(bench: Workbench, capsys: pytest.CaptureFixture[str]) -> None:
    model = bench.parts.model
    assert isinstance(model, ScriptModel)
    assert not holds(repr(model.requests).encode())
    printed = capsys.readouterr()
    assert not holds((printed.out + printed.err).encode())
    assert found_below(bench.home.path, {FILE}) == []


def given_file(bench: Workbench, tmp_path: Path) -> Blob:
    path = tmp_path / "given.txt"
    path.write_bytes(FILE)
    return bench.service.keep_file(path)


async def test_the_search_finds_what_is_planted(leaky: Bench) -> None:
    bench = leaky([])
    bench.parts.home.path.joinpath("x").write_text(f"x{written(KNOWN)[6]}")
    assert len(found_below(bench.home.path, set())) == 1
    assert all(holds(each.encode()) for secret in PLANTED for each in written(secret))


async def test_words_and_names_that_come_in(leaky: Bench, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    bench = leaky([Reply(("ask_owner", {"question": LEAK})), ending(LEAK)])
    file = given_file(bench, tmp_path)
    named = replace(file, name=f"{SHAPED}.txt")
    task = bench.submit(f"do {LEAK}", title=LEAK, project=LEAK, files=(named,))
    bench.service.steer(task.id, LEAK, OWNER)
    bench.service.note(task.id, "password", KNOWN)
    bench.service.note(task.id, LEAK, LEAK)
    waiting = await bench.done(task)
    assert waiting.status is RunStatus.WAITING
    bench.answer(text=LEAK)
    run = await bench.done(task)
    assert run.status is RunStatus.DONE
    nothing_is_left(bench, capsys)


async def test_messages_and_imports(leaky: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench = leaky([ending("fine")])
    message = Incoming("mail", "7", "thread", OWNER, f"do {LEAK}", quoted=LEAK, details={"name": LEAK})
    assert bench.service.post.receive(message)
    assert len(taken(bench.service, "mail")) == 1
    step = {"action": "shell", "result": LEAK}
    entry = {"id": 1, "goal": LEAK, "status": "done", "steps": [step], "memory": {KNOWN: LEAK}, "error": LEAK}
    assert bench.service.import_({"tasks": {"1": entry}}, OWNER)
    nothing_is_left(bench, capsys)


async def test_what_a_tool_reads_gives_and_reports(
    leaky: Bench, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    replies = [
        Reply(("read_file", {"path": "input/given.txt"}), ("search_files", {"pattern": "thing"})),
        Reply(("leak", {"text": LEAK}), text=LEAK),
        Reply(("write_file", {"path": "output/copy.txt", "content": f"it is {LEAK}"})),
        Reply(("nothing-of-the-name " + LEAK, {LEAK: LEAK})),
        ending(f"It is {LEAK}"),
    ]
    bench = leaky(replies, [LeakyTool(), read_file, search_files, write_file])
    task = bench.submit("read it", files=(given_file(bench, tmp_path),))
    run = await bench.done(task)
    assert run.status is RunStatus.DONE, run.error
    read = bench.steps(task)[1].output["text"]
    assert "line one" in read
    assert "[secret:known:" in read
    assert "[secret:github-token:" in read
    assert await replay(bench.parts, task.id) is None
    undo(bench.home, task.id, None, "cli", bench.clock.now(), None)
    nothing_is_left(bench, capsys)


async def test_the_owners_own_files_stay_as_they_are(leaky: Bench, tmp_path: Path) -> None:
    bench = leaky([ending("fine")])
    task = bench.submit("keep it", files=(given_file(bench, tmp_path),))
    await bench.done(task)
    assert (bench.home.run_folder(task.id, 1) / "input" / "given.txt").read_bytes() == FILE


@pytest.mark.parametrize("problem", [ToolError(LEAK, LEAK), RuntimeError(LEAK)])
@pytest.mark.parametrize("effect", [Effect.COMPUTE, Effect.READ])
async def test_errors_of_tools(
    leaky: Bench, capsys: pytest.CaptureFixture[str], problem: Exception, effect: Effect
) -> None:
    tool = BreakingTool(problem)
    tool.effect_class = effect
    bench = leaky([calling("leak"), ending("it broke")], [tool])
    run = await bench.done(bench.submit())
    assert run.status is RunStatus.DONE
    nothing_is_left(bench, capsys)


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (ModelUnavailable(LEAK), RunStatus.WAITING),
        (AgentError(LEAK), RunStatus.ERROR),
        (RuntimeError(LEAK), RunStatus.ERROR),
    ],
)
async def test_errors_of_models(
    leaky: Bench, capsys: pytest.CaptureFixture[str], problem: Exception, status: RunStatus
) -> None:
    bench = leaky([])
    bench.use(model=BrokenModel(problem))
    run = await bench.done(bench.submit())
    assert run.status is status
    nothing_is_left(bench, capsys)


@pytest.mark.parametrize(
    "agents",
    [
        OtherAgents(),
        OtherAgents(CallingAgent()),
        OtherAgents(FailingAgent()),
        OtherAgents(FailingAgent(AgentError(LEAK))),
        OtherAgents(FailingAgent(RuntimeError(LEAK))),
        OtherAgents(unready=LEAK),
    ],
)
async def test_plans_and_ends_of_agents(leaky: Bench, capsys: pytest.CaptureFixture[str], agents: OtherAgents) -> None:
    bench = leaky([ending("fine")])
    bench.use(agents=agents)
    await bench.done(bench.submit())
    nothing_is_left(bench, capsys)


async def test_what_is_asked_and_refused(leaky: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    sending = ProbeTool("mail", Effect.SEND)
    bench = leaky([calling("mail", LEAK, to="x@example.com"), ending("fine")], [sending])
    task = bench.submit()
    await bench.done(task)
    assert "[secret:known:" in bench.open_one().shown
    bench.answer(yes=False, text=LEAK)
    await bench.done(task)
    nothing_is_left(bench, capsys)


async def test_what_is_executed_is_what_was_recorded_and_shown(leaky: Bench) -> None:
    sending = ProbeTool("mail", Effect.SEND)
    bench = leaky([calling("mail", LEAK, to="x@example.com"), ending("fine")], [sending])
    task = bench.submit()
    await bench.done(task)
    bench.answer()
    await bench.done(task)
    (executed,) = sending.invoked
    assert executed == bench.steps(task)[1].input["arguments"]["text"]
    assert not holds(executed.encode())


async def test_errors_of_channels(leaky: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench = leaky([ending(LEAK)])
    await bench.done(bench.submit(channel="leaky", external_thread="x"))
    await Delivery(bench.parts, [LeakyChannel()]).send_due()
    nothing_is_left(bench, capsys)


def test_log_lines_whatever_they_are_given(capsys: pytest.CaptureFixture[str], leaky: Bench) -> None:
    bench = leaky([])
    for form in ("json", "console"):
        log = logger(LogSettings(level="debug", form=form), bench.parts.redact)
        log.info(
            LEAK,
            api_key="Xk92!jslq0A",
            path=Path(KNOWN),
            problem=ValueError(LEAK),
            more={"a": [LEAK], "token": ["Zx81kdk2kdlslq92kd"]},
        )
        log.error("it broke", exc_info=RuntimeError(LEAK))
    printed = capsys.readouterr().err
    assert "it broke" in printed
    assert "Xk92!jslq0A" not in printed
    assert "Zx81kdk2kdlslq92kd" not in printed
    assert not holds(printed.encode())
