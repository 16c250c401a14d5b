"""What arguments and options have in common: their types, their checks, and how a shell completes them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from channels.cli.text import flat, line

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from channels.cli.session import Session

_LARGEST_ID = (1 << 63) - 1
_OFFERED = 50
"""How many tasks a shell is offered."""
_RICHEST = 1_000_000.0
"""Dollars; more is a slip of the hand."""

Decorator = Callable[[Any], Any]


class TaskNumber(click.ParamType[int]):
    """A task, by its number."""

    name = "task"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Take 3 or #3."""
        text = str(value).removeprefix("#")
        if not (text.isascii() and text.isdigit()) or not 0 < int(text[:20]) <= _LARGEST_ID:
            self.fail(f'"{flat(text)[:40]}" is no number of a task.', param, ctx)
        return int(text)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Offer the newest tasks with their titles."""
        return _offer(
            incomplete,
            lambda: [(str(line.id), line.title) for line in _session(ctx).service.reads.page(most=_OFFERED)],
        )


class ApprovalId(click.ParamType[str]):
    """A question, by its id or the first characters of it."""

    name = "id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Take any text; the house says whether it names a question."""
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Offer the open questions."""
        return _offer(
            incomplete, lambda: [(asked.id[:8], asked.shown) for asked in _session(ctx).service.reads.approvals()]
        )


class SkillName(click.ParamType[str]):
    """A skill, by its name."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Take any text; the library says whether it names a skill."""
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Offer the skills that load."""
        return _offer(
            incomplete, lambda: [(skill.name, skill.description) for skill in _session(ctx).host.machine.skills()]
        )


class Dollars(click.ParamType[int]):
    """An amount of money; gives micro-dollars."""

    name = "$"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Take 2, 0.50 or $1.50."""
        try:
            amount = float(str(value).removeprefix("$"))
        except ValueError:
            amount = math.nan
        if not 0 <= amount <= _RICHEST:
            self.fail(f'"{flat(str(value))[:40]}" is no amount of dollars.', param, ctx)
        return round(amount * 1_000_000)


class Whole(click.ParamType[int]):
    """A whole number within bounds, which stand in the complaint and not on the help page."""

    name = "number"

    def __init__(self, least: int, most: int) -> None:
        """Take numbers from `least` to `most`."""
        self._range = click.IntRange(least, most)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Take 3 or -3."""
        return int(self._range.convert(value, param, ctx))


TASK = TaskNumber()
APPROVAL = ApprovalId()
SKILL = SkillName()
DOLLARS = Dollars()
PRIORITY = Whole(-1_000_000, 1_000_000)
COUNT = Whole(1, 1_000_000)
DAYS = Whole(1, 36_500)

as_json: Decorator = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
task_argument: Decorator = click.argument("task_id", metavar="N", type=TASK)


def examples(*lines: str) -> str:
    """Give the end of a help page: commands that can be typed as they stand."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def _session(ctx: click.Context) -> Session:
    session: Session = ctx.obj
    return session


def _offer(incomplete: str, ask: Callable[[], Sequence[tuple[str, str]]]) -> list[CompletionItem]:
    """Give what a shell is offered: nothing where the house cannot be asked, since a prompt is no place for errors."""
    from click.shell_completion import CompletionItem

    try:
        found = ask()
    except Exception:  # noqa: BLE001 - the edge: whatever is printed here stands in the middle of what is typed
        return []
    return [CompletionItem(line(value), help=flat(text)[:80]) for value, text in found if value.startswith(incomplete)]
