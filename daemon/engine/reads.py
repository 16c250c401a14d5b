"""What channels may look at: lists, one task's story, statistics. Nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from daemon.domain.errors import NotFound
from daemon.domain.profile import Activity
from daemon.store import tasks

if TYPE_CHECKING:
    # For their names alone: a light command loads what its own question needs and nothing else.
    from collections.abc import Sequence

    from daemon.domain.approval import Approval
    from daemon.domain.message import Conversation, Incoming, Outgoing
    from daemon.domain.own_rule import OwnRule
    from daemon.domain.run import Run, RunStatus
    from daemon.domain.step import Step
    from daemon.domain.task import Task
    from daemon.domain.update import Update
    from daemon.engine.workers import WorkerInfo
    from daemon.store.audit import AuditEntry
    from daemon.store.daemon_parts import DaemonPart
    from daemon.store.daily import DayLine
    from daemon.store.home import Home
    from daemon.store.pairings import Paired, Request
    from daemon.store.tasks import TaskLine


@dataclass(frozen=True, slots=True)
class WorkerLine:
    """A slot of a worker: the run that it does, or None when it is idle."""

    worker: WorkerInfo
    slot: int
    run: Run | None


@dataclass(frozen=True, slots=True)
class Spent:
    """What a day or month has used, in words of the ledger."""

    scope: str
    money: int
    tokens: int
    model_calls: int


@dataclass(frozen=True, slots=True)
class Door:
    """Whether accounts at a channel may ask to be paired (until when), and those that were shown a code."""

    until: float | None
    requests: list[Request]


class Reads:
    """Everything that can be asked of the store."""

    def __init__(self, home: Home) -> None:
        """Read from the state in `home`; the database is open."""
        self._home = home

    def task(self, task_id: int) -> Task:
        """Give one task; raises NotFound."""
        return tasks.get(task_id)

    def spoken_now(self, run: Run, after: int) -> tuple[str, int]:
        """Give what a run's model has said since the byte `after`, and the byte where it is; 0 where nobody speaks."""
        from daemon.engine.live import spoken_now

        return spoken_now(self._home, run, after)

    def latest(self) -> int:
        """Give the id of the newest task; raises NotFound when there is none."""
        task_id = tasks.latest()
        if task_id is None:
            raise NotFound("There are no tasks yet.", 'agent "disk report" makes one.')
        return task_id

    def page(
        self,
        *,
        statuses: Sequence[RunStatus] = (),
        project: str | None = None,
        before: int | None = None,
        most: int = 50,
    ) -> list[TaskLine]:
        """Give the newest tasks, newest first, below the id `before`."""
        return tasks.page(statuses=statuses, project=project, before=before, most=most)

    def search(self, words: str, most: int = 20, before: int | None = None) -> list[TaskLine]:
        """Give the newest tasks whose title, goal or result holds all the words."""
        from daemon.store import search

        return tasks.lines(search.find(words, most, before))

    def counts(self) -> dict[RunStatus, int]:
        """Count the tasks by status."""
        return tasks.counts()

    def runs(self, task_id: int) -> list[Run]:
        """Give all runs of a task, oldest first."""
        from daemon.store import runs

        return runs.of_task(tasks.get(task_id).id)

    def run(self, run_id: int) -> Run:
        """Give one run."""
        from daemon.store import runs

        return runs.get(run_id)

    def steps(self, run_id: int, after: int = 0) -> list[Step]:
        """Give the steps of a run above the number `after`."""
        from daemon.store import steps

        return steps.of_run(self._home, run_id, after)

    def history(self, task_id: int, after: int = 0, most: int = 1000) -> list[Update]:
        """Give the update history of a task above the id `after`."""
        from daemon.store import history

        return history.of_task(task_id, after, most)

    def last_told(self, run: Run) -> str:
        """Give the newest line in which a run told how it goes on."""
        from daemon.store import history

        told = history.last_told(run.task_id, run.id)
        return "" if told is None else told.text

    def newest_step(self, run_id: int) -> tuple[int, str]:
        """Give the number and the name of a run's newest step; 0 where there is none."""
        from daemon.store import steps

        return steps.newest(run_id)

    def notes(self, task_id: int) -> dict[str, str]:
        """Give the key-value notes of a task."""
        return tasks.notes(task_id)

    def messages(self, run_id: int) -> list[Outgoing]:
        """Give what was written to the owner about a run, in order."""
        from daemon.store import outbox

        return outbox.of_run(run_id)

    def conversation(self, conversation_id: int) -> Conversation:
        """Give a conversation."""
        return tasks.conversation(conversation_id)

    def tasks_in(self, channel: str, thread: str, statuses: Sequence[RunStatus] = (), most: int = 1) -> list[int]:
        """Give the newest tasks of a conversation, newest first; with `statuses` only those that stand so."""
        return tasks.newest_in(channel, thread, statuses, most)

    def sent_message(self, channel: str, message: str) -> Outgoing | None:
        """Give what we sent of which the channel calls a part so."""
        from daemon.store import outbox

        return outbox.called(channel, message)

    def received_message(self, channel: str, message: str) -> Incoming | None:
        """Give what came in that the channel calls so."""
        from daemon.store import inbox

        return inbox.called(channel, message)

    def received_before(self, message: Incoming) -> Incoming | None:
        """Give what came in before a message in its conversation."""
        from daemon.store import inbox

        return inbox.before(message)

    def commands_since(self, message: Incoming) -> list[str]:
        """Give the commands of a message's channel that came after it and were done before it."""
        from daemon.store import inbox

        return inbox.overtaking(message)

    def task_of_album(self, channel: str, thread: str, album: str) -> int | None:
        """Give the task that was made of messages of an album before; None where there is none."""
        from daemon.store import inbox

        return inbox.in_album(channel, thread, album)

    def begun_anew(self, channel: str, thread: str, since: float) -> bool:
        """Say whether the owner began a new conversation in this place since then."""
        from daemon.store import inbox

        return inbox.commanded(channel, thread, "/new", since)

    def asking(self, task_id: int) -> Incoming | None:
        """Give the message that a task was made of."""
        from daemon.store import inbox

        return inbox.asking(task_id)

    def still_asking(self, channel: str) -> list[Outgoing]:
        """Give the questions that still look open at a channel although they are not."""
        from daemon.store import outbox

        return outbox.still_asking(channel)

    def followed(self, channel: str) -> list[Outgoing]:
        """Give the messages at a channel in which the progress of runs is seen, but for those that show the end."""
        from daemon.store import outbox

        return outbox.followed(channel)

    def at_work(self, channel: str) -> list[Run]:
        """Give the runs that are being done for conversations of a channel."""
        from daemon.store import runs

        return runs.running_for(channel)

    def door(self, channel: str, now: float) -> Door:
        """Say until when accounts at a channel may ask to be paired, and who does."""
        from daemon.store import pairings

        found = pairings.window(channel, now)
        return Door(found[0] if found else None, pairings.requests(channel))

    def paired(self, channel: str | None = None) -> list[Paired]:
        """Give the owner's accounts, at one channel or all."""
        from daemon.store import pairings

        return pairings.paired(channel)

    def daemon_parts(self) -> list[DaemonPart]:
        """Give how the parts of the daemon are; none where no daemon lives."""
        from daemon.engine import workers
        from daemon.store import daemon_parts

        alive = {worker.pid for worker in workers.living(self._home.workers)}
        return [part for part in daemon_parts.listed() if part.process in alive]

    def unsent(self) -> int:
        """Count the messages that are not sent yet."""
        from daemon.store import outbox

        return outbox.waiting()

    def approvals(self, run_id: int | None = None) -> list[Approval]:
        """Give the open questions, oldest first."""
        from daemon.store import approvals

        return approvals.open_ones(run_id)

    def approvals_of(self, run_id: int) -> list[Approval]:
        """Give all questions of a run with what became of them."""
        from daemon.store import approvals

        return approvals.of_run(run_id)

    def approval(self, text: str) -> Approval:
        """Give the approval whose id begins with `text`."""
        from daemon.store import approvals

        return approvals.resolve(text)

    def own_rules(self) -> list[OwnRule]:
        """Give what the owner has allowed for ever."""
        from daemon.store import own_rules

        return own_rules.active()

    def plan(self, run_id: int) -> str:
        """Say which agent or skill does a run, or nothing when it was not begun."""
        from daemon.store import runs

        found = runs.plan_of(run_id)
        return found[0] if found else ""

    def activity(self) -> dict[str, Activity]:
        """Give by agent what it does and when it last did something, for all that ever worked."""
        from daemon.store import runs

        last, running = runs.activity()
        return {
            agent: Activity(tuple(task for name, task in running if name == agent), moment)
            for agent, moment in last.items()
        }

    def workers(self) -> list[WorkerLine]:
        """Give every slot of every living worker."""
        from daemon.engine import workers
        from daemon.store import runs

        held: dict[str, list[int]] = {}
        for run_id, holder in runs.held_by_workers():
            held.setdefault(holder, []).append(run_id)
        lines = []
        for worker in workers.living(self._home.workers):
            busy = held.get(worker.id, [])
            for slot in range(max(worker.slots, len(busy))):
                run = runs.get(busy[slot]) if slot < len(busy) else None
                lines.append(WorkerLine(worker, slot, run))
        return lines

    def days(self, since: str) -> list[DayLine]:
        """Give the roll-ups from a day (YYYY-MM-DD, UTC) on."""
        from daemon.store import daily

        return daily.since(since)

    def totals(self) -> DayLine:
        """Give the sum over all days."""
        from daemon.store import daily

        return daily.totals()

    def spent(self, now: float) -> list[Spent]:
        """Give what this day and this month have used."""
        from daemon.store import ledger

        found = []
        for scope in ledger.scopes(now):
            usage, _ = ledger.spent(scope)
            found.append(Spent(scope, usage.money, usage.tokens, usage.model_calls))
        return found

    def audit(self, task_id: int | None = None, most: int = 50) -> list[AuditEntry]:
        """Give the newest audit entries, or those of one task, oldest first."""
        from daemon.store import audit

        return audit.newest(most) if task_id is None else audit.entries(task_id, most=most)

    def audit_broken(self) -> int | None:
        """Check the chain; gives the first entry that does not fit."""
        from daemon.store import audit

        return audit.broken()

    def audit_head(self) -> str:
        """Give the hash of the newest audit entry."""
        from daemon.store import audit

        return audit.head()
