"""The journal: each step is written before and after it happens."""

import json
from dataclasses import dataclass
from typing import Any

from daemon.domain.canonical import digest_of
from daemon.domain.effect import NO_LABELS, Effect, Labels
from daemon.domain.errors import Fenced
from daemon.domain.limits import Usage
from daemon.domain.run import Run
from daemon.domain.step import Step, StepKind, StepStatus
from daemon.store import blobs, codec, rows
from daemon.store.home import Home

_INLINE = 16 * 1024
"""Bytes of JSON that stay in the row; more becomes a file."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A JSON value ready to be written: its text, or the digest of the file that holds it."""

    text: str | None
    digest: str | None = None
    size: int = 0
    home: Home | None = None


def prepare(home: Home, value: Any) -> Prepared:
    """Write a large value to a file, before the transaction that speaks of it."""
    text = codec.to_json(value)
    if len(text) <= _INLINE:
        return Prepared(text)
    data = text.encode("utf-8")
    return Prepared(None, blobs.keep_bytes(home, data), len(data), home)


def begin(
    run: Run,
    kind: StepKind,
    name: str,
    given: Prepared,
    *,
    now: float,
    status: StepStatus = StepStatus.STARTED,
    effect: Effect | None = None,
    digest: str = "",
    call_id: str = "",
    reserved: Usage = Usage(),  # noqa: B008 - frozen
    snapshot: str | None = None,
    labels: Labels = NO_LABELS,
) -> int:
    """Write the intent of the next step; gives its number."""
    last = rows.DATABASE.execute_sql("SELECT MAX(seq) FROM step WHERE run_id = ?", (run.id,)).fetchone()[0]
    seq = int(last or 0) + 1
    ended_at = None if status is StepStatus.STARTED else now
    rows.DATABASE.execute_sql(
        "INSERT INTO step (run_id, seq, kind, name, status, effect, digest, call_id, input, input_blob, reserved,"
        " started_at, ended_at, snapshot, labels) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            run.id,
            seq,
            kind,
            name,
            status,
            effect,
            digest,
            call_id,
            given.text,
            given.digest,
            codec.usage_text(reserved),
            now,
            ended_at,
            snapshot,
            codec.labels_text(labels),
        ),
    )
    _record(given)
    return seq


def end(
    run: Run,
    seq: int,
    status: StepStatus,
    given: Prepared,
    *,
    now: float,
    labels: Labels = frozenset(),
    usage: Usage = Usage(),  # noqa: B008 - frozen
    model: str = "",
) -> None:
    """Write the outcome of a started step; raises Fenced where it has one already."""
    changed = rows.DATABASE.execute_sql(
        "UPDATE step SET status = ?, output = ?, output_blob = ?, labels = ?, usage = ?, model = ?, ended_at = ?"
        " WHERE run_id = ? AND seq = ? AND status IN ('started', 'unknown')",
        (status, given.text, given.digest, codec.labels_text(labels), codec.usage_text(usage), model, now, run.id, seq),
    ).rowcount
    if not changed:
        raise Fenced(f"Step {seq} of run {run.id} has an outcome already.")
    _record(given)


def mark(run_id: int, seq: int, status: StepStatus) -> None:
    """Change only the status of a step (a crash left its outcome unknown)."""
    rows.Step.update(status=status).where(rows.Step.run_id == run_id, rows.Step.seq == seq).execute()


def close_open(run_id: int, now: float) -> None:
    """End what is open in a run that has ended: nobody will know its outcome, and what was reserved stays spent.

    An undo is no such thing: it is brought to its end by whoever finds it.
    """
    rows.DATABASE.execute_sql(
        "UPDATE step SET status = 'unknown', usage = reserved, ended_at = ?"
        " WHERE run_id = ? AND ended_at IS NULL AND kind <> 'note'",
        (now, run_id),
    )


def restart(run: Run, seq: int, now: float) -> None:
    """Write that a step that a crash cut off is done again."""
    rows.Step.update(status=StepStatus.STARTED, started_at=now).where(
        rows.Step.run_id == run.id, rows.Step.seq == seq
    ).execute()


# Read after every step: constant SQL, since peewee takes five times as long to write a statement as SQLite to run it.
_COLUMNS = (
    "run_id, seq, kind, name, status, input, input_blob, output, output_blob, effect, digest, call_id, labels, model,"
    " reserved, usage, started_at, ended_at, snapshot"
)
_OF_RUN = f"SELECT {_COLUMNS} FROM step WHERE run_id = ? AND seq > ? ORDER BY seq"  # noqa: S608 - constants
_TURNS = "run_id = ? AND kind = 'note' AND name IN ('undo', 'redo')"
_OPEN_UNDO = f"SELECT {_COLUMNS} FROM step WHERE {_TURNS} AND ended_at IS NULL"  # noqa: S608
_UNDONE = f"SELECT 1 FROM step WHERE {_TURNS} LIMIT 1"  # noqa: S608
_ONE = f"SELECT {_COLUMNS} FROM step WHERE run_id = ? AND seq = ?"  # noqa: S608


def of_run(home: Home, run_id: int, after: int = 0) -> list[Step]:
    """Give the steps of a run above the number `after`, in order."""
    found = rows.DATABASE.execute_sql(_OF_RUN, (run_id, after)).fetchall()
    return [_step(home, row) for row in found]


def get(home: Home, run_id: int, seq: int) -> Step:
    """Give one step."""
    return _step(home, rows.DATABASE.execute_sql(_ONE, (run_id, seq)).fetchone())


def open_undo(home: Home, run_id: int) -> Step | None:
    """Give the undo or redo of a run that has not come to its end."""
    found = rows.DATABASE.execute_sql(_OPEN_UNDO, (run_id,)).fetchone()
    return None if found is None else _step(home, found)


def turned_back(run_id: int) -> bool:
    """Say whether the owner has undone anything in a run."""
    return rows.DATABASE.execute_sql(_UNDONE, (run_id,)).fetchone() is not None


def done(run_id: int) -> int:
    """Count the steps of a run that have an outcome."""
    step = rows.Step
    return int(step.select().where(step.run_id == run_id, step.ended_at.is_null(False)).count())


def newest(run_id: int) -> tuple[int, str]:
    """Give the number and the name of a run's newest step; 0 where there is none."""
    row = rows.Step.select(rows.Step.seq, rows.Step.name).where(rows.Step.run_id == run_id)
    found = row.order_by(rows.Step.seq.desc()).limit(1).tuples().first()
    return (0, "") if found is None else (int(found[0]), str(found[1]))


def blob_digests(task_id: int) -> set[str]:
    """Give the digests of all files that the rows of a task speak of."""
    run_ids = rows.Run.select(rows.Run.id).where(rows.Run.task_id == task_id)
    step = rows.Step
    found = step.select(step.input_blob, step.output_blob).where(step.run_id.in_(run_ids)).tuples()
    digests = {digest for pair in found for digest in pair if digest}
    digests |= {r.digest for r in rows.TaskFile.select().where(rows.TaskFile.task_id == task_id)}
    digests |= {r.digest for r in rows.RunFile.select().where(rows.RunFile.run_id.in_(run_ids))}
    return digests | {r.frozen for r in rows.Run.select().where(rows.Run.task_id == task_id) if r.frozen}


def fingerprint(step: Step) -> str:
    """Give the digest by which a replay compares two steps: what was asked and what came back."""
    return digest_of([step.kind, step.name, step.status, step.digest, step.output])


def _record(given: Prepared) -> None:
    if given.digest is not None and given.home is not None:
        blobs.record(given.home, given.digest, given.size)


def _value(home: Home, text: str | None, digest: str | None) -> Any:
    if digest is not None:
        return json.loads(blobs.read(home, digest))
    return None if text is None else json.loads(text)


def _step(home: Home, row: tuple[Any, ...]) -> Step:
    """Read a row of `_COLUMNS`."""
    return Step(
        run_id=row[0],
        seq=row[1],
        kind=StepKind(row[2]),
        name=row[3],
        status=StepStatus(row[4]),
        input=_value(home, row[5], row[6]),
        output=_value(home, row[7], row[8]),
        effect=Effect(row[9]) if row[9] else None,
        digest=row[10],
        call_id=row[11],
        labels=codec.labels_of(row[12]),
        model=row[13],
        reserved=codec.usage_of(row[14]),
        usage=codec.usage_of(row[15]),
        started_at=row[16],
        ended_at=row[17],
        snapshot=row[18],
    )


def inline(value: Any) -> Prepared:
    """Write a small value that stays in its row."""
    return Prepared(codec.to_json(value))


def failures_at_the_end(run_id: int) -> int:
    """Count the failed model calls after the last step that was not one."""
    query = rows.Step.select(rows.Step.kind, rows.Step.status).where(rows.Step.run_id == run_id)
    count = 0
    for kind, status in query.order_by(rows.Step.seq.desc()).limit(20).tuples():
        if kind != StepKind.MODEL or status != StepStatus.FAILED:
            break
        count += 1
    return max(count, 1)
