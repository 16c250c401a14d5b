"""What a model says is seen while it says it, without secrets, and is gone afterwards."""

import asyncio
from collections.abc import Callable

from daemon.domain.limits import Usage
from daemon.domain.model import ModelReply, ModelRequest
from daemon.engine.live import live_path, spoken_now
from tests.agents.sandbox.test_endings import until
from tests.daemon.engine.workbench import Reply, ScriptModel, Workbench

SECRET = "sk-live-Zp4kQ9vT7wXe2LmB"  # noqa: S105 - planted
Make = Callable[..., Workbench]


class SlowModel(ScriptModel):
    """Says its words one by one and waits for the test in between."""

    def __init__(self, words: list[str]) -> None:
        super().__init__([Reply(text="".join(words))])
        self.words = words
        self.go_on = asyncio.Event()
        self.spoken = asyncio.Event()

    async def complete(
        self, request: ModelRequest, most: Usage, on_text: Callable[[str], None] | None = None
    ) -> ModelReply:
        assert on_text is not None
        for word in self.words:
            on_text(word)
        self.spoken.set()
        await self.go_on.wait()
        return await super().complete(request, most)


async def test_words_are_seen_while_they_come_and_gone_afterwards(bench: Make) -> None:
    model = SlowModel(["Hello ", "my ", "friend, ", f"{SECRET[:9]}", f"{SECRET[9:]} ", "is ", "se"])
    b = bench([], secrets=[SECRET])
    object.__setattr__(b.parts, "model", model)
    task = b.submit()
    doing = asyncio.create_task(b.run())
    run = b.service.reads.run(task.run_id)
    await until(lambda: "friend" in spoken_now(b.home, run, 0)[0])
    await until(model.spoken.is_set)
    said, at = spoken_now(b.home, run, 0)
    assert said.startswith("Hello my friend, ")
    assert SECRET not in said
    assert spoken_now(b.home, run, at)[0] == ""
    model.go_on.set()
    await doing
    assert not live_path(b.home, run).exists()
    assert spoken_now(b.home, run, at) == ("", 0)
