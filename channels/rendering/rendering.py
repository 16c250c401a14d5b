"""Outgoing messages as every channel shows them, made from what is recorded when they are sent."""

from collections.abc import Mapping
from typing import Any

from channels.rendering import outcome, question
from channels.rendering.rendered import Block, BlockKind, Button, Rendered, words
from daemon.domain.errors import NotFound
from daemon.domain.message import Outgoing, OutgoingKind
from daemon.domain.words import Words
from daemon.engine.service import Service

_BY_SKILL = "skill:"


class Rendering:
    """Renders messages in the owner's words. It reads the store: call it in the store's thread."""

    def __init__(self, service: Service, say: Words) -> None:
        """Say it with these words."""
        self._reads = service.reads
        self.say = say

    def message(self, message: Outgoing) -> Rendered:
        """Give a message as it is now."""
        rendered = self._body(message)
        if not message.repeated:
            return rendered
        first = words(self.say.say("result.repeat"))
        return Rendered((first, *rendered.blocks), rendered.buttons, rendered.files)

    def progress(self, run_id: int) -> Rendered:
        """Give how far a run is."""
        run = self._reads.run(run_id)
        task = self._reads.task(run.task_id)
        return outcome.progress(self.say, task, run, self._reads.last_told(run), self._reads.newest_step(run.id))

    def answered(self, approval_id: str) -> Rendered:
        """Give a question that is no longer open."""
        return question.answered(self.say, self._reads.approval(approval_id))

    def _body(self, message: Outgoing) -> Rendered:
        if message.kind is OutgoingKind.PROGRESS and message.run_id is not None:
            return self.progress(message.run_id)
        if message.kind is OutgoingKind.RESULT and message.run_id is not None:
            return self._result(message, message.run_id)
        if message.kind is OutgoingKind.APPROVAL and message.approval_id is not None:
            return question.question(self.say, self._reads.approval(message.approval_id))
        if message.kind is OutgoingKind.MESSAGE:
            return Rendered((Block(BlockKind.MARKDOWN, message.text),), (), message.files)
        return self._notice(message)

    def _result(self, message: Outgoing, run_id: int) -> Rendered:
        try:
            run = self._reads.run(run_id)
            task = self._reads.task(run.task_id)
        except NotFound:
            return Rendered((words(message.text),))
        if not run.status.final:  # it was taken up again since
            return Rendered((words(message.text),), (), message.files)
        by_skill = self._reads.plan(run.id).startswith(_BY_SKILL)
        return outcome.result(self.say, task, run, by_skill=by_skill)

    def _notice(self, message: Outgoing) -> Rendered:
        said: Mapping[str, Any] = message.says
        key = f"notice.{said.get('key', '')}"
        values = {name: value for name, value in said.items() if name not in ("key", "buttons", "markdown")}
        if "call" in values:
            values["what"] = self.say.say("ask.call", **values.pop("call")).removesuffix(":").strip()
        text = self.say.say(key, **values) if self.say.knows(key) else message.text
        buttons = tuple(tuple(Button(*one) for one in row) for row in said.get("buttons", ()))
        more = (Block(BlockKind.MARKDOWN, said["markdown"]),) if said.get("markdown") else ()
        return Rendered((words(text), *more), buttons, message.files)
