"""Three tools, an agent that says itself when a result is complete, and a channel."""

import asyncio
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from agents.tools.function import tool
from daemon.domain.call import Outcome, ToolCall
from daemon.domain.effect import Effect
from daemon.domain.ended import Ended, Failed, Finished
from daemon.domain.errors import ToolError
from daemon.domain.message import Outgoing
from daemon.domain.ports import Agent, Circumstances, Work
from daemon.domain.task import Task

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@tool(Effect.READ, aliases=("day_of_week",))
def weekday(day: str) -> str:
    """Name the day of the week.

    Args:
        day: A date, like 2026-11-26
    """
    try:
        return DAYS[date.fromisoformat(day).weekday()]
    except ValueError as problem:
        raise ToolError(f"{day!r} is no date.") from problem


@tool(Effect.READ)
async def is_leap_year(year: int) -> str:
    """Say whether a year is a leap year."""
    return "yes" if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else "no"


@tool(Effect.WRITE)
def keep_day(day: str, at: Circumstances) -> Outcome:
    """Keep a day as a file of the result."""
    (at.workspace / "output" / "day.txt").write_text(day)
    return Outcome("Kept.", files=("day.txt",))


LEAP_YEARS = [is_leap_year, keep_day]


class CalendarAgent:
    """The port `Agent`: two calls and a sentence."""

    def __init__(self, day: str) -> None:
        """Answer for this day."""
        self._day = day

    async def run(self, work: Work) -> Ended:
        """Go on from the recorded steps."""
        if not work.steps:
            ended = await work.call([ToolCall("1", "day_of_week", {"day": self._day})])
            if ended is not None:
                return ended
        if len(work.steps) < 2:
            ended = await work.call([ToolCall("2", "keep_day", {"day": work.steps[0].output["text"]})])
            if ended is not None:
                return ended
        if work.steps[1].output["failed"]:
            return Failed(work.steps[1].output["text"])
        return Finished(work.steps[0].output["text"], ("day.txt",))


class Calendar:
    """The agent of tasks that begin with "which day is"."""

    name = "calendar"

    def fits(self, task: Task) -> Mapping[str, Any] | None:
        """Take the day out of the goal."""
        begin, found, day = task.goal.rpartition(" ")
        return {"day": day} if found and begin.casefold() == "which day is" else None

    def build(self, frozen: Mapping[str, Any]) -> Agent:
        """Give the agent for the frozen day."""
        return CalendarAgent(frozen.get("day", "nothing"))

    def lacking(self, work: Work, ended: Finished) -> str | None:
        """Only a day of the week is an answer."""
        del work
        return None if ended.text in DAYS else f"{ended.text} That is no day of the week."


class Slate:
    """A channel that writes on a slate: the file that ALMANAC_SLATE names."""

    name = "slate"

    async def send(self, message: Outgoing) -> str:
        """Write the text."""

        def write() -> None:
            with Path(os.environ["ALMANAC_SLATE"]).open("a") as slate:
                slate.write(f"{message.text}\n")

        await asyncio.to_thread(write)
        return str(message.id)

    async def sent_before(self, message: Outgoing) -> str | None:
        """Look for the text."""
        del message
        return None


CALENDAR = Calendar()
SLATE = Slate()
