"""Everything as JSON, out and in; also the older `tasks.json` of tasks with steps and memory."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from daemon.domain.canonical import digest_of
from daemon.domain.errors import AgentError, BadInput
from daemon.domain.principal import Principal
from daemon.domain.run import Run, RunStatus
from daemon.domain.step import Step, StepKind, StepStatus
from daemon.domain.task import NewTask
from daemon.engine.earlier import labels_at_start
from daemon.engine.goal import LONGEST_GOAL, clean_goal, title_of
from daemon.store import audit, database, history, runs, search, steps, tasks
from daemon.store.home import Home

FORMAT = "personal-agent/1"
_PAGE = 500


def export(home: Home) -> dict[str, Any]:
    """Give all tasks with their runs, steps, notes and history as JSON values; files by digest."""
    found: list[dict[str, Any]] = []
    before: int | None = None
    while page := tasks.page(before=before, most=_PAGE):
        found.extend(_task_value(home, line.id) for line in page)
        before = page[-1].id
    return {"format": FORMAT, "exported_at": _iso(datetime.now(UTC).timestamp()), "tasks": found[::-1]}


def import_(home: Home, data: object, by: Principal, now: float) -> list[int]:
    """Add the tasks of an export or of a `tasks.json`, all or none; gives the ids of those that were new.

    A task that is imported twice is there once. What was under way elsewhere is imported on hold.
    """
    entries = _entries(data)
    added = []
    with database.transaction():
        for name, entry in entries:
            try:
                task_id = _add(home, entry, by, now)
            except (AgentError, KeyError, TypeError, ValueError, AttributeError) as problem:
                raise BadInput(
                    f"Task {name} of the file cannot be imported: {problem}.", "Correct it; nothing was imported."
                ) from problem
            if task_id is not None:
                added.append(task_id)
        audit.add("imported", by.channel, {"tasks": added}, now)
    return added


def _entries(data: object) -> list[tuple[str, Mapping[str, Any]]]:
    listed = data.get("tasks") if isinstance(data, Mapping) else None
    if not isinstance(listed, (Mapping, list)):
        listed = None
    pairs = list(listed.items()) if isinstance(listed, Mapping) else list(enumerate(listed or (), 1))
    if listed is None or not all(isinstance(entry, Mapping) and entry.get("goal") for _, entry in pairs):
        raise BadInput(
            "The file is neither an export nor a tasks.json: it wants tasks with a goal each.",
            'The form is {"tasks": {"1": {"goal": "…", "status": "pending"}}}.',
        )
    return [(str(name), entry) for name, entry in pairs]


def _add(home: Home, entry: Mapping[str, Any], by: Principal, now: float) -> int | None:
    key = f"import:{digest_of([entry.get('id'), entry['goal'], entry.get('created_at')])}"
    if tasks.with_key(key) is not None:
        return None
    created = _moment(entry.get("created_at"), now)
    status = RunStatus(str(entry.get("status", "pending")).lower())
    goal = clean_goal(str(entry["goal"]))
    new = NewTask(
        goal=goal,
        principal=by,
        priority=int(entry.get("priority") or 0),
        project=entry.get("project"),
        hold=True,
        private=bool(entry.get("private")),
        quoted=str(entry.get("quoted") or "")[:LONGEST_GOAL],
        spoken=bool(entry.get("spoken")),
        once=key,
    )
    task_id = tasks.add(new, str(entry.get("title") or title_of(goal)), created)
    for name, value in {**(entry.get("memory") or {}), **(entry.get("notes") or {})}.items():
        tasks.set_note(task_id, str(name), value if isinstance(value, str) else str(value), now)
    for given in entry.get("runs") or [dict(entry) | {"status": status.value}]:
        _add_run(home, task_id, given, created, now)
    history.status(task_id, tasks.get(task_id).run_id, status, "imported", now)
    return task_id


def _add_run(home: Home, task_id: int, given: Mapping[str, Any], created: float, now: float) -> None:
    status = RunStatus(str(given.get("status", "pending")).lower())
    kept = status if status.final or status is RunStatus.PAUSED else RunStatus.PENDING
    task = tasks.get(task_id)
    run = runs.add(task_id, task.limits, created, kept)
    runs.add_labels(run.id, labels_at_start(task.follows, task.quoted))
    for step in given.get("steps") or ():
        _add_step(home, run, step, now)
    result, error = given.get("result"), given.get("error")
    runs.set_imported(run.id, result, error, _moment(given.get("ended_at") or given.get("updated_at"), now))
    search.add_result(task_id, str(result or error or ""))


def _add_step(home: Home, run: Run, step: object, now: float) -> None:
    value = step if isinstance(step, Mapping) else {"result": str(step)}
    name = str(value.get("action") or value.get("name") or "note")
    at = _moment(value.get("timestamp") or value.get("started_at") or value.get("at"), now)
    text = value.get("result", value.get("output"))
    given = steps.prepare(home, value.get("input", {}))
    seq = steps.begin(run, StepKind.NOTE, name, given, now=at)
    output = text if isinstance(text, Mapping) else {"text": "" if text is None else str(text)}
    steps.end(run, seq, StepStatus.DONE, steps.prepare(home, dict(output)), now=at)


def _task_value(home: Home, task_id: int) -> dict[str, Any]:
    task = tasks.get(task_id)
    return {
        "id": task.id,
        "title": task.title,
        "goal": task.goal,
        "quoted": task.quoted,
        "spoken": task.spoken,
        "status": task.status.value,
        "created_at": _iso(task.created_at),
        "priority": task.priority,
        "project": task.project,
        "private": task.private,
        "files": [asdict(blob) for blob in task.files],
        "notes": tasks.notes(task_id),
        "runs": [_run_value(home, run) for run in runs.of_task(task_id)],
        "history": [
            {"at": _iso(line.at), "kind": line.kind.value, "text": line.text}
            for line in history.of_task(task_id, most=1_000_000)
        ],
    }


def _run_value(home: Home, run: Run) -> dict[str, Any]:
    return {
        "number": run.number,
        "status": run.status.value,
        "result": run.result,
        "error": run.error,
        "files": [asdict(blob) for blob in run.files],
        "usage": asdict(run.usage),
        "started_at": None if run.started_at is None else _iso(run.started_at),
        "ended_at": None if run.ended_at is None else _iso(run.ended_at),
        "steps": [_step_value(step) for step in steps.of_run(home, run.id)],
    }


def _step_value(step: Step) -> dict[str, Any]:
    return {
        "seq": step.seq,
        "kind": step.kind.value,
        "name": step.name,
        "status": step.status.value,
        "input": step.input,
        "output": step.output,
        "started_at": _iso(step.started_at),
    }


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _moment(value: object, fallback: float) -> float:
    if value is None or value == "":
        return fallback
    if isinstance(value, (int, float)):
        return float(value)
    moment = datetime.fromisoformat(str(value))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
