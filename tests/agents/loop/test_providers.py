"""Whole tasks by each provider's protocol: what is called is done, results reach the model, and bills are right."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from daemon.domain.limits import MICROS
from daemon.domain.run import RunStatus
from daemon.domain.step import StepKind
from tests.agents.loop.house import House, entry, house, models_yaml
from tests.rigs.model_server import (
    Asked,
    Call,
    Executed,
    Failure,
    ModelServer,
    Prices,
    Reply,
    Said,
    Story,
    Text,
    TooLong,
    Transit,
    Usage,
    inside_characters,
    page,
)

PROVIDERS = {
    "openai": "openai",
    "anthropic": "anthropic",
    "gemini": "gemini",
    "openrouter": "openrouter",
    "ollama": "ollama_chat",
    "ollama-earlier": "ollama_chat",
}
CONTENT = 'Größe: 3 "x" \\ {a}\n\t</tool_call> 日本 🎉\n'
PRICES = Prices(3.0, 15.0)
INFO = {"input_cost_per_token": 3e-6, "output_cost_per_token": 15e-6}


@contextmanager
def houses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, story: Story) -> Iterator[tuple[House, dict[str, Any]]]:
    """Open a house whose models speak all protocols; each tells the same story, to a task that names it."""
    with ExitStack() as stack:
        prices = {"test-model": PRICES}
        servers = {form: stack.enter_context(ModelServer(form, story, prices=prices)) for form in PROVIDERS}
        h = stack.enter_context(house(tmp_path, monkeypatch, servers["openai"]))
        models = [
            entry(form, servers[form].url, provider, **INFO) | {"own": False} for form, provider in PROVIDERS.items()
        ]
        models_yaml(tmp_path / "config", models, router_settings={"cooldown_time": 0})
        yield h, servers


async def test_a_task_is_done_by_every_protocol(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def tell(asked: Asked) -> Said:
        turns: list[Said] = [
            Reply(
                (Text("Ich schreibe: ü🙂."), Call("write_file", {"path": "output/größe.txt", "content": CONTENT})),
                Usage(1000, 50),
                transit=Transit(cut=inside_characters),
            ),
            Reply((Call("read_file", {"path": "output/größe.txt"}), Call("list_files", {})), Usage(1100, 20)),
            Reply((Call("finish", {"result": "It is written.", "files": ["größe.txt"]}),), Usage(900, 9)),
        ]
        return turns[asked.turn - 1]

    with houses(tmp_path, monkeypatch, tell) as (h, servers):
        async with h.worker() as runner:
            for form, server in servers.items():
                task = h.submit("write it", tier=form)
                await runner.do_one(task.run_id)
                run = h.service.reads.run(task.run_id)
                assert run.status is RunStatus.DONE, (form, run.error)
                written = h.home.run_folder(task.id, 1) / "output" / "größe.txt"
                assert written.read_text() == CONTENT, form
                assert run.result == "It is written.", form
                asked = [step for step in h.steps(task) if step.kind is StepKind.MODEL]
                assert [step.usage.tokens for step in asked] == [1050, 1120, 909], form
                assert run.usage.money == round(server.cost * MICROS) == 10_185, form
                assert asked[0].output["text"] == "Ich schreibe: ü🙂.", form
                last = json.dumps(json.loads(server.calls[2].body), ensure_ascii=False)
                assert "Größe: 3" in last, "the result of the call is in the next request"


async def test_what_goes_wrong_is_told_to_the_model_and_the_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[Said] = [
        Call("teleport", {"to": "Rome"}),
        Call("write_file", {"path": "a.txt"}),
        Call("write_file", {"path": "a.txt", "content": "x", "colour": "red"}),
        Call("write_file", {"path": ["a.txt"], "content": 7}),
        Reply((), finish="stop"),
        Text("All that was wrong. Done."),
    ]
    told = ("There is no tool 'teleport'", "Wrong arguments for write_file", "Wrong arguments", "Wrong arguments")
    with houses(tmp_path, monkeypatch, lambda asked: turns[min(asked.number, len(turns)) - 1]) as (h, servers):
        async with h.worker() as runner:
            for form in servers:
                task = h.submit("do it", tier=form)
                await runner.do_one(task.run_id)
                run = h.service.reads.run(task.run_id)
                assert (run.status, run.result) == (RunStatus.DONE, "All that was wrong. Done."), (form, run.error)
                refused = [step.output["text"] for step in h.steps(task) if step.kind is StepKind.TOOL]
                assert all(words in text for words, text in zip(told, refused, strict=True)), (form, refused)
                assert not list(h.home.run_folder(task.id, 1).rglob("a.txt")), form


async def test_failures_are_waited_out_or_another_model_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By every protocol: a page, an error, then the answer; and a key that is wrong, with another model beside it."""
    passing: list[Said] = [page(502, "Bad Gateway"), Failure(429, retry_after=0.01), Text("At last.")]
    with houses(tmp_path, monkeypatch, lambda asked: passing[min(asked.number, 3) - 1]) as (h, servers):
        async with h.worker() as runner:
            for form in servers:
                task = h.submit("do it", tier=form)
                await runner.do_one(task.run_id)
                run = h.service.reads.run(task.run_id)
                assert (run.status, run.result) == (RunStatus.DONE, "At last."), (form, run.error)
                (step,) = [step for step in h.steps(task) if step.kind is StepKind.MODEL]
                assert [bool(one["problem"]) for one in step.output["attempts"]] == [True, True, False], form


@pytest.mark.parametrize("form", PROVIDERS)
async def test_a_wrong_key_a_missing_model_and_too_much_text_go_to_the_next_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    bad: list[Said] = [Failure(401), Failure(404), TooLong()]
    with (
        ModelServer(form, lambda asked: bad[min(asked.number, 3) - 1]) as first,
        ModelServer("openai", "From the second.") as second,
        house(tmp_path, monkeypatch, second) as h,
    ):
        models = [entry("first", first.url, PROVIDERS[form]), entry("second", second.url, max_input_tokens=100_000)]
        models_yaml(tmp_path / "config", models, router_settings={"cooldown_time": 0})
        async with h.worker() as runner:
            for words in ("does not accept its key", "is not there", "longer than first can read"):
                task = h.submit("do it", tier="fast")
                await runner.do_one(task.run_id)
                run = h.service.reads.run(task.run_id)
                assert (run.status, run.result) == (RunStatus.DONE, "From the second."), (words, run.error)
                (step,) = [step for step in h.steps(task) if step.kind is StepKind.MODEL]
                assert words in step.output["attempts"][0]["problem"]


async def test_what_a_provider_did_itself_is_recorded_and_never_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Executed("rm -rf", [("A page", "https://example.org/a")])
    story: Story = [(Text("I look."), found, Call("note", {"text": "seen", "key": "k"})), "Done."]
    with ModelServer("anthropic", story) as server, house(tmp_path, monkeypatch, server) as h:
        models_yaml(tmp_path / "config", [entry("local", server.url, "anthropic")])
        task = h.submit("look")
        run = await h.done(task)
        assert run.status is RunStatus.DONE, run.error
        first, *rest = h.steps(task)
        assert [call["tool"] for call in first.output["elsewhere"]] == ["web_search"]
        assert [step.name for step in rest if step.kind is StepKind.TOOL] == ["note"]
        assert "untrusted" in {str(label) for label in run.labels}
        assert json.loads(server.calls[1].body)["messages"][-2]["role"] == "assistant"
