"""The verbs of the house, as the channels call them. Synchronous: a loop calls them in the store thread."""

from __future__ import annotations

import contextlib
import select
from typing import TYPE_CHECKING, Any

from daemon.engine.post import Post
from daemon.engine.reads import Reads
from daemon.engine.wake import Listener

if TYPE_CHECKING:
    # For their names alone: a light command loads what its own verb needs and nothing else. Channels take these names
    # from here.
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path

    from daemon.domain.approval import Approval
    from daemon.domain.blob import Blob
    from daemon.domain.own_rule import OwnRule
    from daemon.domain.ports import Clock, Wake
    from daemon.domain.principal import Principal
    from daemon.domain.run import Run
    from daemon.domain.task import NewTask, Task
    from daemon.domain.turned_back import TurnedBack
    from daemon.engine.redaction.redactor import Redactor
    from daemon.store.audit import AuditEntry
    from daemon.store.daily import DayLine
    from daemon.store.home import Home
    from daemon.store.pairings import Paired
    from daemon.store.tasks import TaskLine

__all__ = ["AuditEntry", "Changes", "DayLine", "Paired", "Post", "Service", "TaskLine"]


class Changes:
    """Waits for the next write."""

    def __init__(self, listener: Listener) -> None:
        """Wait on this listener."""
        self._listener = listener

    def wait(self, seconds: float) -> bool:
        """Return when something was written (True) or after `seconds` (False)."""
        heard, _, _ = select.select([self._listener], [], [], seconds)
        self._listener.drain()
        return bool(heard)


class Service:
    """What was asked, paused, answered, forgotten; every write wakes the other processes."""

    def __init__(
        self,
        home: Home,
        clock: Clock,
        wake: Wake,
        max_input: Callable[[], int | None],
        most_snapshots: Callable[[], int | None] = lambda: None,
        *,
        redactor: Callable[[], Redactor],
    ) -> None:
        """Work on the state in `home`, whose database is open.

        `max_input` gives the most bytes of one file, `most_snapshots` those of the snapshots of a run. Whatever is said
        to a verb in words passes the `redactor`, which knows the secrets as they are set now (S8).
        """
        self._home = home
        self._clock = clock
        self._wake = wake
        self._max_input = max_input
        self._most_snapshots = most_snapshots
        self._redactor = redactor
        self.reads = Reads(home)
        self.post = Post(clock, wake, redactor)

    @property
    def home(self) -> Home:
        """Give where the state lies."""
        return self._home

    def keep_file(self, path: Path) -> Blob:
        """Keep a copy of a file for a task; raises BadInput with the reason when it cannot be read."""
        from daemon.engine import submit

        return submit.keep_file(self._home, path, self._max_input())

    def submit(self, new: NewTask) -> Task:
        """Record a task with its files and a pending run."""
        from daemon.engine import submit
        from daemon.engine.redaction.incoming import clean_task

        task = submit.submit(self._home, clean_task(self._redactor(), new), self._clock.now())
        self._wake.ring()
        return task

    def pause(self, task_id: int, by: Principal) -> Run:
        """Pause the newest run of a task."""
        from daemon.engine import control

        return self._rung(control.pause(task_id, by.channel, self._clock.now()))

    def resume(self, task_id: int, by: Principal) -> Run:
        """Let a paused run go on."""
        from daemon.engine import control

        return self._rung(control.resume(task_id, by.channel, self._clock.now()))

    def cancel(self, task_id: int, by: Principal) -> Run:
        """Cancel the newest run of a task."""
        from daemon.engine import control

        return self._rung(control.cancel(task_id, by.channel, self._clock.now()))

    def retry(self, task_id: int, by: Principal) -> Run:
        """Make a new run of a task that has ended."""
        from daemon.engine import control

        return self._rung(control.retry(task_id, by.channel, self._clock.now()))

    def undo(self, task_id: int, step: int | None, by: Principal) -> TurnedBack:
        """Take the workspace of a task's newest run back to before a step, or before the last one that changed it."""
        from daemon.engine import undo

        done = undo.undo(self._home, task_id, step, by.channel, self._clock.now(), self._most_snapshots())
        self._wake.ring()
        return done

    def redo(self, task_id: int, by: Principal) -> TurnedBack:
        """Take back the last undo."""
        from daemon.engine import undo

        done = undo.redo(self._home, task_id, by.channel, self._clock.now(), self._most_snapshots())
        self._wake.ring()
        return done

    def stop_all(self, by: Principal) -> list[Run]:
        """Pause everything that is pending, running or waiting."""
        from daemon.engine import control

        stopped = control.stop_all(by.channel, self._clock.now())
        self._wake.ring()
        return stopped

    def steer(self, task_id: int, text: str, by: Principal, quoted: str = "") -> Run:
        """Hand a message to a run that has not ended; `quoted` are words of others that came with it."""
        from daemon.engine import control

        clean = self._redactor().text
        return self._rung(control.steer(task_id, clean(text), by.channel, self._clock.now(), clean(quoted)))

    def prioritise(self, task_id: int, priority: int, by: Principal) -> Task:
        """Change a task's place in the queue; higher is first."""
        from daemon.store import audit, database, tasks

        with database.transaction():
            tasks.get(task_id)
            tasks.set_priority(task_id, priority)
            audit.add("priority", by.channel, {"priority": priority}, self._clock.now(), task_id=task_id)
        return tasks.get(task_id)

    def note(self, task_id: int, key: str, value: str) -> None:
        """Write one of a task's key-value notes."""
        from daemon.store import database, tasks

        ((key, value),) = self._redactor().value({key: value}).items()
        with database.transaction():
            tasks.get(task_id)
            tasks.set_note(task_id, key, value, self._clock.now())

    def decide(self, approval_id: str, yes: bool, answer: str, by: Principal) -> Approval:
        """Answer an open question; the run goes on."""
        from daemon.engine import decide

        decided, _ = decide.decide(approval_id, yes, self._redactor().text(answer), by, self._clock.now())
        self._wake.ring()
        return decided

    def edit(self, approval_id: str, changes: Mapping[str, object], by: Principal) -> Approval:
        """Change the arguments of a call that is asked about; gives the question about the changed call."""
        from daemon.engine import decide

        changed = self._redactor().value(dict(changes))
        asked = decide.edit(approval_id, changed, by, self._clock.now())
        self._wake.ring()
        return asked

    def allow_always(self, approval_id: str, free: Collection[str], by: Principal) -> OwnRule:
        """Say yes to a call, and to all like it from now on; `free` are the arguments that may then be any."""
        from daemon.engine import decide

        _, rule = decide.decide(approval_id, True, "", by, self._clock.now(), free)
        if rule is None:
            raise RuntimeError("a yes for ever made no rule")
        self._wake.ring()
        return rule

    def rule_of(self, approval_id: str, free: Collection[str] = ()) -> OwnRule:
        """Give the rule that a yes for ever to a question would be; raises BadInput where there can be none."""
        from daemon.engine.own_rules import of_question

        return of_question(approval_id, free, self._clock.now())

    def revoke_rule(self, rule_id: int, by: Principal) -> OwnRule:
        """Take back what a yes allowed for ever."""
        from daemon.engine import decide

        return decide.revoke(rule_id, by, self._clock.now())

    def expire(self) -> list[Approval]:
        """Close the questions that nobody answered in time."""
        from daemon.engine import decide

        expired = decide.expire(self._clock.now())
        if expired:
            self._wake.ring()
        return expired

    def forget(self, task_id: int, by: Principal) -> int:
        """Delete a task that has ended with all its files; gives the bytes freed."""
        from daemon.engine import forget

        return forget.forget(self._home, task_id, by.channel, self._clock.now())

    def back_up(self, target: Path | None = None) -> Path:
        """Copy the database online; gives the path of the copy."""
        from daemon.store import backup

        return backup.back_up(self._home, target=target)

    def export(self) -> dict[str, Any]:
        """Give everything as JSON values (`agent export`)."""
        from daemon.engine import transfer

        return transfer.export(self._home)

    def import_(self, data: object, by: Principal) -> list[int]:
        """Add the tasks of an export or of a `tasks.json`; gives their new ids."""
        from daemon.engine import transfer

        return transfer.import_(self._home, self._redactor().value(data), by, self._clock.now())

    def result_path(self, run: Run, name: str) -> Path:
        """Say where a result file lies, or its kept copy when the workspace is gone or was taken back."""
        from daemon.store import blobs, steps

        path = self._home.run_folder(run.task_id, run.number) / "output" / name
        digest = next((blob.digest for blob in run.files if blob.name == name), "")
        if path.is_file() and not (steps.turned_back(run.id) and blobs.digest_of_file(path) != digest):
            return path
        return blobs.path_of(self._home, digest)

    @contextlib.contextmanager
    def changes(self) -> Iterator[Changes]:
        """Hear of writes, from this process or another, while the block lasts."""
        listener = Listener(self._home.wake)
        try:
            yield Changes(listener)
        finally:
            listener.close()

    def _rung(self, run: Run) -> Run:
        self._wake.ring()
        return run
