"""How a run ended, and how far one is."""

from channels.rendering.amounts import duration, money
from channels.rendering.rendered import Block, BlockKind, Button, Rendered, beginning, small, words
from daemon.domain.run import Run, RunStatus, WaitingFor
from daemon.domain.task import Task
from daemon.domain.visible import exact
from daemon.domain.words import Words

_BAR = 10
_LONGEST_TOLD = 700


def result(say: Words, task: Task, run: Run, *, by_skill: bool) -> Rendered:
    """Give the end of a run: its words, its files, what it took; and what can be done about it."""
    return Rendered((_end(say, task, run), small(about(say, task, run))), _offers(say, task, run, by_skill), run.files)


def about(say: Words, task: Task, run: Run) -> str:
    """Say which task it was, how long it took, and what it cost."""
    said = [say.say("about.task", task=task.id)]
    if run.started_at is not None and run.ended_at is not None:
        said.append(duration(say, run.ended_at - run.started_at))
    if run.usage.money:
        said.append(money(run.usage.money))
    elif not run.usage.model_calls and run.status is RunStatus.DONE:
        said.append(say.say("about.no_model"))
    return " · ".join(said)


def _end(say: Words, task: Task, run: Run) -> Block:
    if run.status is RunStatus.DONE:
        return Block(BlockKind.MARKDOWN, run.result or say.say("result.no_words"))
    if run.status is RunStatus.ERROR:
        return words(say.say("result.error", why=run.error or ""))
    return words(say.say("result.cancelled", title=task.title))


def _offers(say: Words, task: Task, run: Run, by_skill: bool) -> tuple[tuple[Button, ...], ...]:
    if run.status is RunStatus.ERROR:
        return ((Button(say.say("button.retry"), f"retry:{task.id}"),),)
    if run.status is RunStatus.DONE and by_skill:
        return ((Button(say.say("button.model"), f"model:{task.id}"),),)
    return ()


def progress(say: Words, task: Task, run: Run, told: str, newest: tuple[int, str]) -> Rendered:
    """Give how far a run is; `told` is the last thing that it told, `newest` the number and name of its last step."""
    blocks = [words(f"{_standing(say, run)} · {exact(task.title)}")]
    if not run.status.final:
        if run.percent is not None:
            done = run.percent * _BAR // 100
            blocks.append(words(f"{'▰' * done}{'▱' * (_BAR - done)} {run.percent} %"))
        if told:
            blocks.append(Block(BlockKind.QUOTED, exact(beginning(told, _LONGEST_TOLD))))
    count, name = newest
    steps = [say.say("progress.steps", count=count)] if count else []
    blocks.append(
        small(" · ".join([about(say, task, run), *steps, *([name] if name and not run.status.final else [])]))
    )
    return Rendered(tuple(blocks), _handles(say, task, run))


def _standing(say: Words, run: Run) -> str:
    if run.status is RunStatus.WAITING:
        return say.say(f"progress.{run.waiting_for or WaitingFor.OWNER}")
    stage = f"{say.say(f'stage.{run.stage}')}: " if run.stage and not run.status.final else ""
    return f"{stage}{say.say(f'progress.{run.status}')}"


def _handles(say: Words, task: Task, run: Run) -> tuple[tuple[Button, ...], ...]:
    if run.status.final:
        return ()
    cancel = Button(say.say("button.cancel"), f"cancel:{task.id}")
    if run.status is RunStatus.PAUSED:
        return ((Button(say.say("button.resume"), f"resume:{task.id}"), cancel),)
    return ((Button(say.say("button.pause"), f"pause:{task.id}"), cancel),)
