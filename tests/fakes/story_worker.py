"""A worker that takes runs as the house's own does, and does with them what a story says."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from daemon.domain.run import Run
from daemon.engine.service import Service
from daemon.engine.wake import ring
from daemon.engine.workers import WorkerLock
from daemon.store import database, runs
from tests.fakes.stories import Story


class StoryWorker:
    """Takes runs as the house's worker does, and does with them what a story says."""

    def __init__(self, service: Service, story: Story | None) -> None:
        self._service = service
        self.story = story
        self.served = False
        self.difference: str | None = None

    def run(self, run_id: int | None, watch: Callable[[], None] | None = None) -> Run | None:
        home = self._service.home
        lock = WorkerLock(home.workers, "terminal", 1)
        try:
            chosen = runs.next_pending(run_id, held=True)
            if chosen is None:
                return None
            with database.transaction():
                taken = runs.claim(chosen, lock.id, time.time())
            assert self.story is not None
            try:
                if watch is not None:
                    watch()
                self.story(home, taken)
                if watch is not None:
                    watch()
            finally:
                with database.transaction():
                    runs.release(taken)
            return runs.get(chosen)
        finally:
            lock.close()

    def serve(self) -> None:
        self.served = True

    def replay(self, task_id: int) -> str | None:
        return self.difference


@contextmanager
def daemon(service: Service, story: Story) -> Iterator[None]:
    """Be a living daemon in a thread of this process, as long as the block lasts."""
    stopping = threading.Event()
    lock = WorkerLock(service.home.workers, "daemon", 1)
    thread = threading.Thread(target=_serve, args=(service, story, lock, stopping))
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


def _serve(service: Service, story: Story, lock: WorkerLock, stopping: threading.Event) -> None:
    try:
        with service.changes() as changes:
            while not stopping.is_set():
                chosen = runs.next_pending()
                if chosen is None:
                    changes.wait(0.05)
                else:
                    _do(service, story, lock, chosen)
    finally:
        # A daemon that fell over is dead to those who watch, as its process would be.
        lock.close()
        database.close()


def _do(service: Service, story: Story, lock: WorkerLock, chosen: int) -> None:
    with database.transaction():
        taken = runs.claim(chosen, lock.id, time.time())
    ring(service.home.wake)
    story(service.home, taken)
    with database.transaction():
        runs.release(taken)
    ring(service.home.wake)
