"""The rules that the owner made by a yes; they are revoked, never deleted."""

import json
from typing import Any

from daemon.domain.errors import NotFound
from daemon.domain.own_rule import OwnRule
from daemon.store import codec, rows


def add(rule: OwnRule) -> OwnRule:
    """Write a rule; its id is given."""
    row = rows.OwnRule.create(
        tool=rule.tool,
        agent=rule.agent,
        arguments=codec.to_json(dict(rule.arguments)),
        labels=codec.labels_text(rule.labels),
        approval_id=rule.approval_id,
        created_at=rule.created_at,
    )
    return _rule(row)


def active() -> list[OwnRule]:
    """Give the rules that count, oldest first."""
    query = rows.OwnRule.select().where(rows.OwnRule.revoked_at.is_null()).order_by(rows.OwnRule.id)
    return [_rule(row) for row in query]


def revoke(rule_id: int, now: float) -> OwnRule:
    """Let a rule no longer count; raises NotFound where none of that number counts."""
    changed = (
        rows.OwnRule.update(revoked_at=now)
        .where(rows.OwnRule.id == rule_id, rows.OwnRule.revoked_at.is_null())
        .execute()
    )
    if not changed:
        raise NotFound(f"There is no rule {rule_id} that counts.", "agent policy shows the rules.").worded(
            "error.no_rule", rule=rule_id
        )
    return _rule(rows.OwnRule.get_by_id(rule_id))


def _rule(row: Any) -> OwnRule:
    return OwnRule(
        id=row.id,
        tool=row.tool,
        agent=row.agent,
        arguments=json.loads(row.arguments),
        labels=codec.labels_of(row.labels),
        approval_id=row.approval_id,
        created_at=row.created_at,
        revoked_at=row.revoked_at,
    )
