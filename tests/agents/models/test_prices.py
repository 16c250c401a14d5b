"""What an answer costs: tokens of a cache, tokens that nobody counted, and what is reserved."""

import pytest

from daemon.domain.model import ModelRequest
from tests.agents.models.stage import Stage
from tests.rigs.model_server import Raw, Reply, Story, Text
from tests.rigs.model_server import Usage as Tokens

pytestmark = pytest.mark.asyncio(loop_scope="module")

OUT = 100
PRICES = {  # micro-dollars a token: fresh, out of the cache, into it, answered
    "claude": (3.0, 0.3, 3.75, 15.0),
    "written": (2.0, 0.3, 3.75, 10.0),
    "cloud": (3.0, 3.0, 3.0, 15.0),
}
COUNTS = [(10_000, 0, 0), (10_000, 8_000, 0), (10_000, 0, 8_000), (10_000, 8_000, 1_000), (10_000, 10_000, 0)]


@pytest.mark.parametrize("name", PRICES)
async def test_tokens_of_a_cache_cost_what_the_table_says_and_else_what_others_do(play: Stage, name: str) -> None:
    fresh, cached, kept, answered = PRICES[name]
    server = "cloud" if name == "cloud" else "anthropic"
    story: Story = [Reply((Text("ok"),), Tokens(each[0], OUT, each[1], each[2])) for each in COUNTS]
    play.plays(**{server: story})
    for prompt, read, written in COUNTS:
        used = (await play.ask(name)).usage
        plain = (prompt - read - written) * fresh + OUT * answered
        assert used.tokens == prompt + OUT
        assert used.money == pytest.approx(plain + read * cached + written * kept, abs=1), (read, written)


async def test_the_dearest_that_a_token_can_cost_is_reserved(play: Stage) -> None:
    messages = ({"role": "user", "content": "much text " * 1000},)
    most = await play.models.price(ModelRequest("claude", messages))
    tries = 2
    prompt = most.tokens // tries - 500
    assert most.money == pytest.approx(tries * (prompt * 3.75 + 500 * 15), abs=tries)
    cloud = await play.models.price(ModelRequest("cloud", messages))
    assert cloud.money == pytest.approx(tries * (prompt * 3 + 500 * 15), abs=tries)


UNCOUNTED = b"".join(
    b'data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"test-model","choices":[{"index":0,'
    + piece
    + b"}]}\n\n"
    for piece in (
        b'"delta":{"role":"assistant","reasoning_content":"' + b"think " * 50 + b'"},"finish_reason":null',
        b'"delta":{"content":"' + b"word " * 100 + b'"},"finish_reason":null',
        b'"delta":{},"finish_reason":"stop"',
    )
) + (b"data: [DONE]\n\n")


async def test_what_an_own_server_does_not_count_is_estimated(play: Stage) -> None:
    play.plays(local=Raw(UNCOUNTED, media="text/event-stream"))
    reply = await play.ask("local", "many words " * 100)
    assert reply.text.startswith("word word")
    asked, said = 1100 / 4, 800 / 5
    assert asked + said < reply.usage.tokens < 2 * (asked + said)
    assert [attempt.estimated for attempt in reply.attempts] == [True]
    assert reply.usage.money == 0


@pytest.mark.parametrize("name", ["local", "ollama", "old"])
async def test_of_a_count_only_what_is_missing_is_estimated(play: Stage, name: str) -> None:
    story: Story = [Reply((Text("word " * 100),), Tokens(*counts)) for counts in ((0, 7), (5000, 0), (5000, 7))]
    play.plays(**{name: story})
    replies = [await play.ask(name) for _ in range(3)]
    used = [reply.usage.tokens for reply in replies]
    assert 7 < used[0] < 400
    assert 5000 + 100 < used[1] < 5000 + 400
    assert used[2] == 5007
    assert [reply.attempts[0].estimated for reply in replies] == [True, True, False]
