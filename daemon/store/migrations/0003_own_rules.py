"""What the owner allowed for ever, by a yes to one call."""

_STATEMENTS = (
    """
    CREATE TABLE own_rule (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        tool TEXT NOT NULL,
        agent TEXT NOT NULL,
        arguments TEXT NOT NULL,
        labels TEXT NOT NULL DEFAULT '',
        approval_id TEXT NOT NULL UNIQUE,
        created_at REAL NOT NULL,
        revoked_at REAL
    )
    """,
    "CREATE INDEX own_rule_active ON own_rule (id) WHERE revoked_at IS NULL",
)


def up(migrator, db):  # type: ignore[no-untyped-def]  # called by playhouse.migrations with peewee's untyped objects
    """Add the table."""
    for statement in _STATEMENTS:
        db.execute_sql(statement)
