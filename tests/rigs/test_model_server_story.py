"""A story says what is answered: in Python, in a file, and in a process that is killed and started again."""

import http.client
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.rigs.model_server import MODEL, Asked, Call, ModelServer, Prices, Reply, Story, Text, Usage
from tests.rigs.model_server.story_file import load
from tests.rigs.process import RigProcess


def _say(port: int, *messages: Mapping[str, Any] | str, **more: Any) -> dict[str, Any]:
    told = [{"role": "user", "content": one} if isinstance(one, str) else one for one in messages]
    body = json.dumps({"model": MODEL, "messages": told} | more)
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("POST", "/v1/chat/completions", body)
        answer: dict[str, Any] = json.loads(connection.getresponse().read())
        return answer


def _text(answer: Mapping[str, Any]) -> str:
    return str(answer["choices"][0]["message"]["content"] if "choices" in answer else answer["error"]["message"])


def test_a_list_is_told_in_its_order_and_then_is_over() -> None:
    story: Story = ["One.", Call("now"), (Text("Two, "), Text("three.")), Reply((Text("Four."),))]
    with ModelServer("openai", story) as server:
        told = [_text(_say(server.port, "Hi")) for _ in range(5)]
    assert told == ["One.", "None", "Two, three.", "Four.", "The story is over: this is request 5 of 4"]


def test_a_function_sees_what_is_asked() -> None:
    seen: list[Asked] = []

    def tell(asked: Asked) -> str:
        seen.append(asked)
        return f"{asked.number} {asked.turn} {asked.last}"

    tools = [{"type": "function", "function": {"name": "now", "parameters": {}}}]
    with ModelServer("openai", tell) as server:
        _say(server.port, "Hi")
        answer = _say(server.port, "Hi", {"role": "assistant", "content": "Hello"}, "Again", tools=tools)
    assert _text(answer) == "2 2 Again"
    assert [(asked.model, asked.tools, asked.stream) for asked in seen] == [
        (MODEL, (), False),
        (MODEL, ("now",), False),
    ]


def test_what_answers_cost_is_counted_for_models_that_have_a_price() -> None:
    usage = Usage(prompt=1_000_000, completion=500_000, cached=400_000)
    prices = {MODEL: Prices(prompt=3.0, completion=15.0, cached=0.3)}
    with ModelServer("openai", Reply((Text("Hi"),), usage), models=(MODEL, "free"), prices=prices) as server:
        _say(server.port, "Hi")
        _say(server.port, "Hi", model="free")
    assert server.cost == pytest.approx(0.6 * 3.0 + 0.4 * 0.3 + 0.5 * 15.0)
    assert [call.cost for call in server.calls][1] == 0.0


def _in_file(folder: Path, text: str) -> ModelServer:
    path = folder / "story.yaml"
    path.write_text(text)
    story = load(path)
    return ModelServer(
        story.form, story.teller(), models=story.models, key=story.key, window=story.window, prices=story.prices
    )


FILE = """
prices:
  test-model: {prompt: 1.0, completion: 2.0}
steps:
  - when: /weather in (?P<city>\\w+)/
    think: I have to look.
    say: Looking.
    call:
      - {name: weather, arguments: {city: "${city}", days: [1, "${1}"]}}
      - {name: now}
    usage: {prompt: 100, completion: 50}
  - turn: 2
    say: It rains, says "${last}".
  - fault: {status: 429, retry_after: 2}
    times: 2
  - say: "la "
    repeat: 3
    finish: length
  - request: 6
    fault: too_long
  - say: Bye.
"""


def test_the_first_step_that_fits_is_told(tmp_path: Path) -> None:
    with _in_file(tmp_path, FILE) as server:
        first = _say(server.port, "What is the weather in Paris?")["choices"][0]
        assert (first["message"]["content"], first["message"]["reasoning_content"]) == ("Looking.", "I have to look.")
        calls = first["message"]["tool_calls"]
        assert [call["function"]["name"] for call in calls] == ["weather", "now"]
        assert json.loads(calls[0]["function"]["arguments"]) == {"city": "Paris", "days": [1, "Paris"]}
        assert server.cost == pytest.approx(0.0002)
        results = [{"role": "tool", "tool_call_id": call["id"], "content": "12 mm"} for call in calls]
        assert _text(_say(server.port, "Hi", first["message"], *results)) == 'It rains, says "12 mm".'
        told = [_say(server.port, "Hi") for _ in range(6)]
    assert [answer.get("error", {}).get("code") for answer in told[:2]] == ["rate_limit_exceeded"] * 2
    assert (_text(told[2]), told[2]["choices"][0]["finish_reason"]) == ("la la la ", "length")
    assert told[3]["error"]["code"] == "context_length_exceeded"
    assert _text(told[4]) == "Bye."
    assert _text(told[5]).startswith("No step of the story fits request 8")


def test_a_step_with_a_condition_is_told_whenever_it_holds(tmp_path: Path) -> None:
    with _in_file(tmp_path, "steps: [{when: sum, say: '4'}, {say: once}, {when: bye, say: Bye, times: 1}]") as server:
        told = [_text(_say(server.port, words)) for words in ("the sum", "Hi", "a sum", "bye", "bye")]
    assert told[:4] == ["4", "once", "4", "Bye"]
    assert told[4].startswith("No step of the story fits request 5")


def test_a_file_can_say_how_an_answer_travels(tmp_path: Path) -> None:
    story = """
        steps:
          - {say: "One two", halt: {how: close, after: 20}, cut: every_byte, head: 0.01, between: 0.0001}
    """
    with _in_file(tmp_path, story) as server, pytest.raises(http.client.IncompleteRead) as raised:
        _say(server.port, "Hi")
    assert len(raised.value.partial) == 20


@pytest.mark.parametrize(
    ("steps", "wrong"),
    [
        ("[{sey: Hello}]", "sey"),
        ("[{say: 3}]", "say"),
        ("[{say: Hello, halt: {how: melt}}]", "halt.how"),
        ("[{say: Hello, cut: in_two}]", "cut"),
    ],
)
def test_a_file_with_a_mistake_is_refused_and_the_mistake_named(tmp_path: Path, steps: str, wrong: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=wrong):
        _in_file(tmp_path, f"steps: {steps}")


@pytest.fixture
def start(tmp_path: Path) -> Callable[[], RigProcess]:
    (tmp_path / "story.yaml").write_text(FILE)
    arguments = ["--story", str(tmp_path / "story.yaml"), "--record", str(tmp_path / "record")]
    return lambda: RigProcess("tests.rigs.model_server", arguments, {}, tmp_path / "log")


def test_a_process_can_be_killed_and_says_the_same_again(start: Callable[[], RigProcess], tmp_path: Path) -> None:
    told = []
    for _ in range(2):
        with start() as process:
            assert process.ready()
            told.append(_say(process.said[0]["port"], "What is the weather in Paris?")["choices"])
    assert told[0] == told[1]
    lines = [json.loads(line) for line in (tmp_path / "record").read_text().splitlines()]
    assert [line["billed"]["cost"] for line in lines if "billed" in line] == [pytest.approx(0.0002)] * 2
    bodies = [json.loads(line["request"]["body"]) for line in lines if "request" in line]
    assert bodies[0] == bodies[1]
    assert (tmp_path / "log").read_text() == ""


def test_a_process_ends_with_its_standard_input(tmp_path: Path) -> None:
    story = tmp_path / "story.yaml"
    story.write_text("steps: [{say: Hello}]")
    command = [sys.executable, "-m", "tests.rigs.model_server", "--form", "ollama", "--story", str(story)]
    ended = subprocess.run(command, input=b"", capture_output=True, cwd=Path(__file__).parents[2], check=True)
    said = json.loads(ended.stdout)
    assert said["url"] == f"http://127.0.0.1:{said['port']}"
