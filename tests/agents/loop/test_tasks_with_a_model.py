"""A free-form task is done by a model: the first request is small, what was sent stays, an 8k window is enough."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from daemon.app.orchestrator import Orchestrator, TaskDatabase
from daemon.domain.run import RunStatus, WaitingFor
from daemon.engine.replay import replay
from tests.agents.loop.house import OWNER, House, house
from tests.rigs.model_server import Asked, Call, Failure, ModelServer, Reply, Said, Text, Usage, redirect
from tests.rigs.waiting import wait_until

FINISH = Call("finish", {"result": "That is it."})


def story(rounds: int, what: Any) -> Any:
    """Make one call a turn, then end; by the turn, so that a restart changes nothing."""

    def say(asked: Asked) -> Said:
        return (Text(f"Turn {asked.turn}."), what(asked.turn)) if asked.turn <= rounds else FINISH

    return say


def by_number(rounds: int, what: Any) -> Any:
    """Make one call for each request, then end; for runs whose earlier turns are shortened away."""

    def say(asked: Asked) -> Said:
        return (Text(f"Turn {asked.number}."), what(asked.number)) if asked.number <= rounds else FINISH

    return say


def note(turn: int) -> Call:
    return Call("note", {"text": f"found {turn}", "key": f"part {turn % 5}"})


async def test_hello_with_every_tool_is_at_most_eight_kilobytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ModelServer("openai", "Hello!") as server, house(tmp_path, monkeypatch, server) as h:
        task = h.submit("hello")
        run = await h.done(task)
        assert (run.status, run.result) == (RunStatus.DONE, "Hello!")
        (request,) = server.calls
        names = {tool["function"]["name"] for tool in request.json["tools"]}
        assert {"shell", "python", "read_file", "make_pdf", "make_chart", "data_view", "finish", "ask_owner"} <= names
        assert request.size <= 8192


async def test_a_haiku_is_written_and_a_tier_can_be_forced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    haiku = Reply((Text("Lines of code…"),), Usage(40, 12))
    with ModelServer("openai", haiku) as server, house(tmp_path, monkeypatch, server) as h:
        db = TaskDatabase(h.home.path)
        result = await Orchestrator(db=db).execute_task(user_input="Write a haiku about coding", force_tier="smart")
        assert (result.output, result.model, result.tokens, result.cost) == ("Lines of code…", "local", 52, 0.0)


async def test_tools_work_and_the_result_has_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def say(asked: Asked) -> Said:
        calls: list[Said] = [
            (Call("write_file", {"path": "src/a.txt", "content": "3\n4\n"}), Call("list_files", {})),
            Call("shell", {"command": "sort -r src/a.txt > output/b.txt; cat output/b.txt"}),
            Call("python", {"code": "x = [int(n) for n in open('output/b.txt')]\nsum(x)"}),
            Call("finish", {"result": f"The sum is {asked.last}.", "files": ["b.txt"]}),
        ]
        return calls[asked.turn - 1]

    with ModelServer("openai", say) as server, house(tmp_path, monkeypatch, server) as h:
        task = h.submit("add up")
        run = await h.done(task)
        assert (run.status, run.result) == (RunStatus.DONE, "The sum is 7.")
        assert [blob.name for blob in run.files] == ["b.txt"]
        async with h.worker():
            assert await replay(h.parts[-1], task.id) is None


async def test_what_was_sent_stays_byte_by_byte_through_kills_reloads_and_approvals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def what(turn: int) -> Call:
        return Call("ask_owner", {"question": f"on {turn}?"}) if turn in (20, 40) else note(turn)

    with ModelServer("openai", story(60, what)) as server, house(tmp_path, monkeypatch, server) as h:
        task = h.submit("a long one")
        with _process("daemon") as daemon:
            _wait_for_steps(h, task.run_id, 8)
            # What is configured from now on is for runs that begin from now on.
            (tmp_path / "config" / "tools.yaml").write_text("disabled: [make_pdf, data_view]\n")
            (tmp_path / "config" / "agents").mkdir()
            (tmp_path / "config" / "agents" / "general.yaml").write_text("description: Other\nprompt: Another one.\n")
            daemon.send_signal(signal.SIGHUP)
            _wait_for_steps(h, task.run_id, 16)
            daemon.kill()
        with _process("run", "--task", str(task.id)) as terminal:
            _wait_for_steps(h, task.run_id, 28)
            terminal.kill()
        for end in (40, 60):  # the model process dies in the middle
            await _until_turn(h, task.run_id, end)
        for _ in range(8):
            run = await h.done(task)
            for question in h.service.reads.approvals():
                h.service.decide(question.id, True, "yes", OWNER)
            if run.status is RunStatus.DONE:
                break
        assert run.status is RunStatus.DONE, run
        bodies = [request.json for request in server.calls]
        assert len(bodies) >= 61
        before: list[str] = []
        for body in bodies:
            messages = [json.dumps(message) for message in body["messages"]]
            common = min(len(messages), len(before))
            assert messages[:common] == before[:common]
            before = messages
        assert len({json.dumps(body["tools"]) for body in bodies}) == 1


@contextmanager
def _process(*argv: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Let the agent work in a process of its own, which is dead afterwards."""
    command = [sys.executable, "-m", "daemon.main", *argv]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _wait_for_steps(h: House, run_id: int, count: int) -> None:
    assert wait_until(lambda: len(h.service.reads.steps(run_id)) >= count, 60)


async def _until_turn(h: House, run_id: int, turn: int) -> None:
    """Work until so many steps are recorded, then kill the model process and stop."""
    async with h.worker() as runner:

        def look() -> None:
            if len(h.service.reads.steps(run_id)) >= turn:
                h.kill_the_model_process()

        runner.watch = look
        await runner.do_one(run_id)
    if h.service.reads.run(run_id).status is RunStatus.WAITING and not h.service.reads.approvals():
        h.service.resume(h.service.reads.run(run_id).task_id, OWNER)


async def test_a_window_of_eight_thousand_tokens_is_enough_for_two_hundred_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def what(turn: int) -> Call:
        if turn % 10 == 0:
            return note(turn)
        return Call("read_file", {"path": "input/log.txt", "first_line": turn, "last_line": turn + 40})

    with ExitStack() as stack:
        server = stack.enter_context(ModelServer("openai", by_number(99, what), window=8192))
        small = {"max_input_tokens": 8192, "max_output_tokens": 1024}
        with house(tmp_path, monkeypatch, server, **small) as h:
            log = tmp_path / "log.txt"
            log.write_text("".join(f"line {number} of the log says something\n" for number in range(500)))
            monkeypatch.setenv("AGENT_LIMITS_RUN_STEPS", "1000")
            task = h.submit("read it all", files=(h.service.keep_file(log),))
            run = await h.done(task)
            assert (run.status, run.result) == (RunStatus.DONE, "That is it."), run.error
            steps = h.steps(task)
            assert len(steps) >= 200
            compactions = sum(step.name == "compact" for step in steps)
            assert compactions >= 2
            last = json.dumps(server.calls[-1].json["messages"])
            assert "read it all" in last
            assert "found 90" in last
            stays, total = 0, 0
            before: list[str] = []
            for request in server.calls:
                messages = [json.dumps(message) for message in request.json["messages"]]
                same = next((n for n, (a, b) in enumerate(zip(messages, before, strict=False)) if a != b), len(before))
                stays += sum(map(len, messages[:same]))
                total += sum(map(len, before))
                before = messages
            with capsys.disabled():
                share = f"{stays / total:.1%} of the prefix stays"
                print(f"\n8k window: {len(steps)} steps, {compactions} compactions, {share}")
            async with h.worker():
                assert await replay(h.parts[-1], task.id) is None


async def test_a_request_that_the_server_finds_too_long_is_made_again_shorter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def what(turn: int) -> Call:
        return Call("read_file", {"path": "input/log.txt", "first_line": turn})

    with ExitStack() as stack:
        server = stack.enter_context(ModelServer("openai", by_number(12, what), window=9000))
        with house(tmp_path, monkeypatch, server) as h:  # the models file says 32k
            log = tmp_path / "log.txt"
            log.write_text("".join(f"{number} words and words and words\n" for number in range(120)))
            task = h.submit("read", files=(h.service.keep_file(log),))
            run = await h.done(task)
            assert run.status is RunStatus.DONE, run.error
            assert any(step.output and step.output.get("why") == "too long" for step in h.steps(task))


async def test_a_call_that_alone_fills_the_window_does_not_end_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = "a line that is written\n" * 2000
    huge = Call("write_file", {"path": "output/long.txt", "content": content})
    end = Call("finish", {"result": "Written.", "files": ["long.txt"]})
    with ExitStack() as stack:
        server = stack.enter_context(ModelServer("openai", [note(1), huge, end], window=8192))
        small = {"max_input_tokens": 8192, "max_output_tokens": 1024}
        with house(tmp_path, monkeypatch, server, **small) as h:
            task = h.submit("write much")
            run = await h.done(task)
            assert (run.status, run.result) == (RunStatus.DONE, "Written."), run.error
            assert [blob.size for blob in run.files] == [len(content)]
            told = server.calls[-1].json["messages"][-1]["content"]
            assert "output/long.txt: 2,000 lines" in told
            async with h.worker():
                assert await replay(h.parts[-1], task.id) is None


BAD = {
    "unknown tool": (Call("teleport", {}), "There is no tool 'teleport'"),
    "wrong name of an argument": (Call("shell", {"filepath": "test.py"}), "command"),
    "not JSON": (Call("note", '{"text": '), "not JSON"),
    "an array": (Call("note", "[1]"), "one JSON object"),
    "missing": (Call("note", {}), "text"),
    "extra": (Call("note", {"text": "x", "colour": "red"}), "colour"),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_call_is_answered_in_words_and_the_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    call, words = BAD[name]
    with ModelServer("openai", [call, FINISH]) as server, house(tmp_path, monkeypatch, server) as h:
        run = await h.done(h.submit("try"))
        assert run.status is RunStatus.DONE
        assert words in server.calls[-1].json["messages"][-1]["content"]


async def test_of_a_server_that_counts_nothing_the_step_has_an_estimate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uncounted = Reply((Text("That is it."),), Usage(0, 0))
    with ModelServer("openai", uncounted) as server, house(tmp_path, monkeypatch, server) as h:
        task = h.submit("x")
        run = await h.done(task)
        (attempt,) = h.steps(task)[0].output["attempts"]
        assert attempt["estimated"]
        assert 500 < attempt["tokens"] == run.usage.tokens
        assert run.usage.money == 0


async def test_an_end_with_a_file_that_is_not_there_is_told_to_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Call("write_file", {"path": "output/a.txt", "content": "x"})
    ends = [Call("finish", {"result": "Made.", "files": files}) for files in (["b.txt"], ["a.txt"])]
    with ModelServer("openai", [write, *ends]) as server, house(tmp_path, monkeypatch, server) as h:
        task = h.submit("make a file")
        run = await h.done(task)
        assert (run.status, [blob.name for blob in run.files]) == (RunStatus.DONE, ["a.txt"]), run.error
        told = server.calls[-1].json["messages"][-1]["content"]
        assert "output/b.txt is not there. output/ holds: a.txt." in told
        async with h.worker():
            assert await replay(h.parts[-1], task.id) is None


async def test_a_model_that_says_the_same_for_ever_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    same = Call("shell", {"command": "true"})
    with ModelServer("openai", lambda _asked: same) as server, house(tmp_path, monkeypatch, server) as h:
        run = await h.done(h.submit("loop"))
        assert run.status is RunStatus.ERROR
        assert "same call" in str(run.error)
        assert len(server.calls) < 10


async def test_a_model_that_says_nothing_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ModelServer("openai", lambda _asked: Text(" ")) as server, house(tmp_path, monkeypatch, server) as h:
        run = await h.done(h.submit("x"))
        assert run.status is RunStatus.ERROR
        assert "3 times in a row" in str(run.error)


async def test_models_that_are_down_let_the_run_wait_and_say_so_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ModelServer("openai", Failure(401)) as server, house(tmp_path, monkeypatch, server) as h:
        task = h.submit("x")
        run = await h.done(task)
        assert (run.status, run.waiting_for) == (RunStatus.WAITING, WaitingFor.MODEL)
        messages = [message.text for message in h.service.reads.messages(task.run_id)]
        assert len(messages) == 1
        assert "does not accept its key" in messages[0]


async def test_a_model_elsewhere_is_not_reached_by_a_redirect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ExitStack() as stack:
        other = stack.enter_context(ModelServer("openai", "no"))
        server = stack.enter_context(ModelServer("openai", redirect(other.url)))
        h = stack.enter_context(house(tmp_path, monkeypatch, server))
        run = await h.done(h.submit("x", private=True))
        assert run.status is RunStatus.WAITING
        assert other.received == b""


async def test_words_during_a_run_reach_the_model_at_its_next_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    houses: list[House] = []

    def say(asked: Asked) -> Said:
        if asked.turn > 1:
            return Text(f"heard: {asked.last}")
        (h,) = houses
        h.service.steer(1, "make it short", OWNER)
        return note(1)

    with ModelServer("openai", say) as server, house(tmp_path, monkeypatch, server) as h:
        houses.append(h)
        run = await h.done(h.submit("x"))
        assert run.result == "heard: make it short"


async def test_a_follow_up_knows_what_was_said_and_has_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = Call("finish", {"result": "Made a.", "files": ["a.txt"]})
    made = [Call("write_file", {"path": "output/a.txt", "content": "x"}), end]
    with ModelServer("openai", [*made, "I see it."]) as server, house(tmp_path, monkeypatch, server) as h:
        first = h.submit("make a file")
        await h.done(first)
        second = h.submit("now another", follows=first.id)
        await h.done(second)
        opening = server.calls[-1].json["messages"][1]["content"]
        assert "Owner: make a file\nYou: Made a. (files: a.txt)" in opening
        assert "input/a.txt" in opening
        assert h.home.run_folder(second.id, 1).joinpath("input", "a.txt").read_text() == "x"
