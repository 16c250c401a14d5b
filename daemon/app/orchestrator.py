"""The Python API (C7): `await Orchestrator(db=TaskDatabase()).execute_task(user_input="disk report")`."""

import os
from dataclasses import dataclass
from pathlib import Path

from daemon.app.compose import build_parts, open_home, open_service
from daemon.domain.errors import AgentError
from daemon.domain.limits import MICROS
from daemon.domain.ports import Model
from daemon.domain.principal import Principal, Role
from daemon.domain.run import Run, RunStatus
from daemon.domain.task import NewTask
from daemon.engine.runner import Runner


class TaskDatabase:
    """The state folder with its tasks."""

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        """Open the state in `path`, or where AGENT_HOME and XDG say."""
        self.home = open_home(Path(path) if path is not None else None)
        self.service = open_service(self.home)


@dataclass(frozen=True, slots=True)
class TaskResult:
    """What came of a task; `cost` in dollars, `files` as paths."""

    task_id: int
    output: str
    model: str
    tokens: int
    cost: float
    files: tuple[Path, ...]


class Orchestrator:
    """Does tasks in this process."""

    def __init__(self, db: TaskDatabase | None = None, model: Model | None = None) -> None:
        """Keep everything in `db`; `model` is the port that answers where no skill fits."""
        self._db = db or TaskDatabase()
        self._model = model

    async def execute_task(
        self, user_input: str, force_tier: str | None = None, files: tuple[str | os.PathLike[str], ...] = ()
    ) -> TaskResult:
        """Do a task to its end; raises AgentError when it fails, waits or is stopped."""
        service = self._db.service
        parts = build_parts(self._db.home, self._model)
        runner = Runner(parts, "terminal", 1)
        try:
            kept = tuple([await parts.thread.call(service.keep_file, Path(path)) for path in files])
            new = NewTask(
                goal=user_input,
                principal=Principal(Role.OWNER, "api", str(os.getuid())),
                channel="api",
                external_thread="python",
                tier=force_tier,
                files=kept,
                hold=True,
            )
            task = await parts.thread.call(service.submit, new)
            run = await runner.do_one(task.run_id)
            return await parts.thread.call(self._result, run or service.reads.run(task.run_id))
        finally:
            runner.close()
            if parts.model is not None:
                await parts.model.close()
            parts.thread.close()

    def _result(self, run: Run) -> TaskResult:
        service = self._db.service
        if run.status is not RunStatus.DONE:
            lines = service.reads.history(run.task_id)
            why = run.error or (lines[-1].text if lines else "")
            raise AgentError(f"Task {run.task_id} is {run.status}: {why}", f"agent status {run.task_id} tells more.")
        models = [step.model for step in service.reads.steps(run.id) if step.model]
        return TaskResult(
            task_id=run.task_id,
            output=run.result or "",
            model=models[-1] if models else service.reads.plan(run.id),
            tokens=run.usage.tokens,
            cost=run.usage.money / MICROS,
            files=tuple(service.result_path(run, blob.name) for blob in run.files),
        )
