"""Questions to the owner, each answered once."""

import base64
import json
import secrets
from collections.abc import Mapping
from typing import Any

from peewee import SQL

from daemon.domain.approval import Approval, ApprovalKind, ApprovalState
from daemon.domain.errors import BadInput, NotFound
from daemon.domain.run import Run
from daemon.store import codec, rows

_SHORTEST = 4
"""Characters of an id that a person must type at least."""


def add(
    run: Run,
    kind: ApprovalKind,
    *,
    call: object,
    digest: str,
    shown: str,
    choices: tuple[str, ...] = (),
    now: float,
    lifetime: float,
    why: Mapping[str, Any] | None = None,
    instead_of: str | None = None,
) -> Approval:
    """Write an open question; its id holds 100 random bits."""
    approval_id = base64.b32encode(secrets.token_bytes(13)).decode().lower()[:20]
    rows.Approval.create(
        id=approval_id,
        run_id=run.id,
        task_id=run.task_id,
        kind=kind,
        state=ApprovalState.OPEN,
        call=codec.to_json(call),
        digest=digest,
        shown=shown,
        choices=codec.to_json(list(choices)),
        created_at=now,
        expires_at=now + lifetime,
        why=codec.to_json(dict(why or {})),
        instead_of=instead_of,
    )
    return get(approval_id)


def get(approval_id: str) -> Approval:
    """Give one approval by its whole id; raises NotFound."""
    row = rows.Approval.get_or_none(rows.Approval.id == approval_id)
    if row is None:
        raise NotFound(f"There is no approval {approval_id!r}.", "agent approvals shows what is open.")
    return _approval(row)


def resolve(text: str) -> Approval:
    """Give the approval that begins with what a person typed; raises NotFound or BadInput."""
    wanted = text.strip().lower()
    if len(wanted) < _SHORTEST:
        raise BadInput(f"{text!r} is too short for an approval.", f"Give at least {_SHORTEST} characters of its id.")
    if not wanted.isalnum():
        raise NotFound(f"There is no approval {text!r}.", "agent approvals shows what is open.")
    found = list(rows.Approval.select().where(rows.Approval.id.startswith(wanted)).limit(2))
    if not found:
        raise NotFound(f"There is no approval {text!r}.", "agent approvals shows what is open.")
    if len(found) > 1:
        raise BadInput(f"{text!r} fits several approvals.", "Give more characters of its id.")
    return _approval(found[0])


def decide(approval_id: str, state: ApprovalState, answer: str, by: str, channel: str, now: float) -> bool:
    """Answer, by compare-and-set; False where it was answered, expired or withdrawn before."""
    changed = (
        rows.Approval.update(state=state, answer=answer, decided_by=by, channel=channel, decided_at=now)
        .where(
            rows.Approval.id == approval_id,
            rows.Approval.state == ApprovalState.OPEN,
            rows.Approval.expires_at > now,
        )
        .execute()
    )
    return bool(changed)


def withdraw(run_id: int, now: float) -> int:
    """Withdraw the open questions of a run."""
    query = rows.Approval.update(state=ApprovalState.WITHDRAWN, decided_at=now)
    return int(query.where(rows.Approval.run_id == run_id, rows.Approval.state == ApprovalState.OPEN).execute())


def expire(now: float) -> list[Approval]:
    """Mark what nobody answered in time; gives it."""
    due = list(rows.Approval.select().where(rows.Approval.state == ApprovalState.OPEN, rows.Approval.expires_at <= now))
    for row in due:
        rows.Approval.update(state=ApprovalState.EXPIRED, decided_at=now).where(
            rows.Approval.id == row.id, rows.Approval.state == ApprovalState.OPEN
        ).execute()
    return [get(row.id) for row in due]


def next_expiry() -> float | None:
    """Give the earliest time at which an open question expires."""
    query = rows.Approval.select(rows.Approval.expires_at).where(rows.Approval.state == ApprovalState.OPEN)
    row = query.order_by(rows.Approval.expires_at).limit(1).tuples().first()
    return None if row is None else float(row[0])


def open_ones(run_id: int | None = None) -> list[Approval]:
    """Give the open questions, oldest first."""
    query = rows.Approval.select().where(rows.Approval.state == ApprovalState.OPEN)
    if run_id is not None:
        query = query.where(rows.Approval.run_id == run_id)
    return [_approval(row) for row in query.order_by(SQL("rowid"))]


def of_run(run_id: int) -> list[Approval]:
    """Give all questions of a run, oldest first."""
    query = rows.Approval.select().where(rows.Approval.run_id == run_id)
    return [_approval(row) for row in query.order_by(SQL("rowid"))]


def answered(run_id: int, kind: ApprovalKind, digest: str) -> Approval | None:
    """Give the newest question of this digest whose answer was not used yet, open or answered."""
    query = rows.Approval.select().where(
        rows.Approval.run_id == run_id,
        rows.Approval.kind == kind,
        rows.Approval.digest == digest,
        rows.Approval.used.is_null(),
        rows.Approval.state != ApprovalState.WITHDRAWN,
    )
    row = query.order_by(SQL("rowid").desc()).first()
    return None if row is None else _approval(row)


def instead_of(approval_id: str) -> Approval | None:
    """Give the question that was asked in the place of one that the owner changed."""
    row = rows.Approval.select().where(rows.Approval.instead_of == approval_id).order_by(SQL("rowid").desc()).first()
    return None if row is None else _approval(row)


def use(approval_id: str, seq: int) -> None:
    """Spend an answer on a step, so that it counts once."""
    rows.Approval.update(used=seq).where(rows.Approval.id == approval_id).execute()


def _approval(row: Any) -> Approval:
    return Approval(
        id=row.id,
        run_id=row.run_id,
        task_id=row.task_id,
        kind=ApprovalKind(row.kind),
        state=ApprovalState(row.state),
        call=row.call,
        digest=row.digest,
        shown=row.shown,
        created_at=row.created_at,
        expires_at=row.expires_at,
        choices=tuple(json.loads(row.choices)),
        answer=row.answer,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        channel=row.channel,
        used=row.used,
        why=json.loads(row.why),
        instead_of=row.instead_of,
    )
