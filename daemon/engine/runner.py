"""Takes pending runs and does them, several at once; wakes when something was written and looks by itself rarely."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable

from daemon.domain.errors import Fenced, InvalidState, StoreError
from daemon.domain.failpoint import failpoint
from daemon.domain.run import Run, RunStatus, WaitingFor
from daemon.engine import decide
from daemon.engine.execution import Execution
from daemon.engine.forget import forget, remove_files
from daemon.engine.hearing import Hearing
from daemon.engine.parts import Parts
from daemon.engine.recover import recover
from daemon.engine.workers import WorkerLock
from daemon.store import database, runs, steps, tasks

_FORGET_AT_ONCE = 20
_SHORT_SECONDS = 3.0
"""How long a step may still take when work is stopped."""
_LOOK_SECONDS = 5.0
"""How long a ring may be missed at most."""


class Runner:
    """One worker of a process: claims, does, lets go."""

    def __init__(self, parts: Parts, kind: str, slots: int) -> None:
        """Be a worker of a kind ("daemon" or "terminal") that does `slots` runs at once."""
        self._parts = parts
        self._slots = slots
        self._lock = WorkerLock(parts.home.workers, kind, slots)
        self._doing: dict[int, asyncio.Task[None]] = {}
        self._hearing = Hearing()
        self._unreleased: list[Run] = []
        self._looked = 0.0
        self._claims_from = 0.0
        self._problem: StoreError | None = None
        self._stopping = False
        self._anew = kind == "daemon"
        self.watch: Callable[[], None] = lambda: None

    async def serve(self) -> None:
        """Take whatever is pending until `stop`; then park what is not finished."""
        with self._hearing.listening(self._parts.home.wake):
            while not self._stopping:
                await self._guarded(self._look)
                await self._hearing.rest(_LOOK_SECONDS)
        await self.park()

    async def park(self) -> None:
        """Let short steps end and leave what is not finished pending."""
        await self._park(RunStatus.PENDING, "the daemon stopped", _SHORT_SECONDS)

    async def do_one(self, run_id: int | None) -> Run | None:
        """Do one run, the next pending one for None; gives it as it then stands, or None where nothing is pending.

        Raises StoreError where the database or the disk could not be used; the run is pending then.
        """
        parts = self._parts
        with self._hearing.listening(parts.home.wake):
            await self._keep_house()
            chosen = await parts.thread.call(runs.next_pending, run_id, held=True)
            if chosen is None or not await self._begin(chosen):
                return None
            while self._doing:
                await self._leave_stopped()
                self.watch()
                await self._hearing.rest(_LOOK_SECONDS)
        if self._problem is not None:
            raise self._problem
        return await parts.thread.call(runs.get, chosen)

    async def pause_all(self) -> None:
        """Pause what this worker does (Ctrl-C in the terminal)."""
        await self._park(RunStatus.PAUSED, "Ctrl-C")

    def reload(self, parts: Parts) -> None:
        """Do what begins from now on by these parts; what is being done keeps its own."""
        self._parts = parts
        self._anew = True
        self._hearing.tell()

    def stop(self) -> None:
        """Ask `serve` to end."""
        self._stopping = True
        self._hearing.tell()

    def close(self) -> None:
        """Let go of the worker's lock."""
        self._lock.close()

    async def _look(self) -> None:
        """Leave what was stopped, take what is pending; rarely also see to what time brings."""
        if time.monotonic() - self._looked >= _LOOK_SECONDS:
            await self._keep_house()
        if self._anew:
            self._anew = False
            await self._parts.thread.call(self._try_waiting)
        await self._leave_stopped()
        await self._fill()

    async def _fill(self) -> None:
        if time.monotonic() < self._claims_from:
            return  # The database or the disk could not be used a moment ago.
        while len(self._doing) < self._slots and not self._stopping:
            chosen = await self._parts.thread.call(runs.next_pending)
            if chosen is None or not await self._begin(chosen):
                return

    async def _begin(self, run_id: int) -> bool:
        parts = self._parts
        try:
            run = await parts.thread.call(self._claim, run_id)
        except Fenced:
            return False
        failpoint("claim.taken")
        task = await parts.thread.call(tasks.get, run.task_id)
        parts.wake.ring()
        self._doing[run.id] = asyncio.create_task(self._do(Execution(parts, task, run), run))
        return True

    def _claim(self, run_id: int) -> Run:
        with database.transaction():
            return runs.claim(run_id, self._lock.id, self._parts.clock.now())

    async def _do(self, execution: Execution, run: Run) -> None:
        try:
            await execution.go()
        except StoreError as problem:
            self._parts.log.warning("run interrupted", run=run.id, problem=str(problem))
            self._problem = problem
            self._claims_from = time.monotonic() + _LOOK_SECONDS
        finally:
            await asyncio.shield(self._let_go(run))

    async def _let_go(self, run: Run) -> None:
        try:
            await self._parts.thread.call(self._release, run)
        except StoreError as problem:
            # The row says that this worker has the run: it lets go of it once the database can be written.
            self._parts.log.warning("run not released", run=run.id, problem=str(problem))
            self._unreleased.append(run)
        self._doing.pop(run.id, None)
        self._hearing.tell()
        self._parts.wake.ring()

    def _release(self, run: Run) -> None:
        with database.transaction():
            found = runs.get(run.id)
            if found.epoch == run.epoch and found.status is RunStatus.RUNNING:
                runs.move(run.id, RunStatus.PENDING, self._parts.clock.now(), why="its worker let go of it")
            elif found.epoch == run.epoch and found.status.final:
                steps.close_open(run.id, self._parts.clock.now())
            runs.release(run)

    async def _keep_house(self) -> None:
        """Recover, expire, retry: what time brings."""
        self._looked = time.monotonic()
        await self._parts.thread.call(self._house_work)

    def _house_work(self) -> None:
        parts, now = self._parts, self._parts.clock.now()
        while self._unreleased:
            self._release(self._unreleased[-1])
            self._unreleased.pop()
        self._forget_old(now)
        recovered = recover(parts.home, parts.runs.attempts, now)
        expired = decide.expire(now)
        due = runs.due_for_retry(now)
        for run_id in due:
            with database.transaction(), contextlib.suppress(InvalidState):
                runs.move(run_id, RunStatus.PENDING, now, why="tries again", waiting_for=None, retry_at=None)
        if recovered or expired or due:
            parts.wake.ring()

    def _forget_old(self, now: float) -> None:
        """Forget some of the tasks that ended longer ago than the owner keeps them; finish what was cut off."""
        parts = self._parts
        remove_files(parts.home)
        if parts.retention is None:
            return
        for task_id in tasks.ended_before(now - parts.retention, _FORGET_AT_ONCE):
            forget(parts.home, task_id, "retention", now)

    def _try_waiting(self) -> None:
        """Let runs that waited for a model try again: the configuration may have changed since."""
        with database.transaction():
            for run_id in runs.waiting_for(WaitingFor.MODEL):
                now = self._parts.clock.now()
                runs.move(run_id, RunStatus.PENDING, now, why="tries again", waiting_for=None, retry_at=None)

    async def _leave_stopped(self) -> None:
        """Stop working on runs that were paused, cancelled or taken over meanwhile."""
        for run_id in await self._parts.thread.call(self._stopped):
            doing = self._doing.get(run_id)
            if doing is not None and not doing.cancelling():
                doing.cancel()

    def _stopped(self) -> list[int]:
        return [run_id for run_id in list(self._doing) if runs.status_of(run_id) is not RunStatus.RUNNING]

    async def _park(self, status: RunStatus, why: str, patience: float = 0.0) -> None:
        """Stop what is being done, let effects outside end, and leave each run in `status`.

        A step that ends within `patience` seconds is recorded; no other is begun meanwhile.
        """
        doing = dict(self._doing)
        for run_id in doing:
            await self._parts.thread.call(self._park_one, run_id, status, why)
        if doing and patience:
            await asyncio.wait(doing.values(), timeout=patience)
        for work in doing.values():
            if not work.done() and not work.cancelling():
                work.cancel()
        await asyncio.gather(*doing.values(), return_exceptions=True)

    def _park_one(self, run_id: int, status: RunStatus, why: str) -> None:
        with database.transaction():
            if runs.status_of(run_id) is RunStatus.RUNNING:
                runs.move(run_id, status, self._parts.clock.now(), why=why)

    async def _guarded(self, work: Callable[[], Awaitable[None]]) -> None:
        """Go on after the database could not be used; the next look tries again."""
        try:
            await work()
        except StoreError as problem:
            self._parts.log.warning("the database cannot be used", problem=str(problem))
