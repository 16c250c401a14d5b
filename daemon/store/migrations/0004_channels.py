"""What a message answers and became, its parts, edited answers, who is paired, and the parts of the daemon."""

_STATEMENTS = (
    "ALTER TABLE inbox ADD COLUMN message TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE inbox ADD COLUMN quoted TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE inbox ADD COLUMN details TEXT NOT NULL DEFAULT '{}'",
    "ALTER TABLE inbox ADD COLUMN sent_at REAL NOT NULL DEFAULT 0",
    "ALTER TABLE inbox ADD COLUMN became TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX inbox_by_message ON inbox (channel, message) WHERE message <> ''",
    "CREATE INDEX inbox_by_thread ON inbox (channel, external_thread, id)",
    "CREATE INDEX inbox_by_task ON inbox (task_id) WHERE task_id IS NOT NULL",
    "ALTER TABLE outbox ADD COLUMN says TEXT NOT NULL DEFAULT '{}'",
    "ALTER TABLE outbox ADD COLUMN answers TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE outbox ADD COLUMN parts TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE outbox ADD COLUMN shown TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX outbox_open ON outbox (conversation_id, id) WHERE state IN ('queued', 'sending')",
    "CREATE INDEX outbox_by_approval ON outbox (approval_id) WHERE approval_id IS NOT NULL",
    "CREATE INDEX outbox_unanswered ON outbox (id) WHERE kind = 'approval' AND state = 'sent' AND shown = ''",
    "CREATE INDEX outbox_followed ON outbox (id) WHERE kind = 'progress' AND state = 'sent' AND shown <> 'end'",
    """
    CREATE TABLE sent_part (
        channel TEXT NOT NULL,
        message TEXT NOT NULL,
        outbox_id INTEGER NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
        PRIMARY KEY (channel, message)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX sent_part_by_outbox ON sent_part (outbox_id)",
    "ALTER TABLE task ADD COLUMN quoted TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE approval ADD COLUMN why TEXT NOT NULL DEFAULT '{}'",
    "ALTER TABLE approval ADD COLUMN instead_of TEXT",
    "CREATE INDEX approval_instead_of ON approval (instead_of) WHERE instead_of IS NOT NULL",
    """
    CREATE TABLE paired (
        channel TEXT NOT NULL,
        who TEXT NOT NULL,
        name TEXT NOT NULL,
        thread TEXT NOT NULL,
        at REAL NOT NULL,
        PRIMARY KEY (channel, who)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE pairing (
        channel TEXT PRIMARY KEY,
        opened_at REAL NOT NULL,
        until REAL NOT NULL,
        wrong INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE pairing_request (
        channel TEXT NOT NULL REFERENCES pairing (channel) ON DELETE CASCADE,
        who TEXT NOT NULL,
        name TEXT NOT NULL,
        thread TEXT NOT NULL,
        code TEXT NOT NULL,
        at REAL NOT NULL,
        PRIMARY KEY (channel, who)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE part (
        name TEXT PRIMARY KEY,
        state TEXT NOT NULL,
        problem TEXT NOT NULL DEFAULT '',
        restarts INTEGER NOT NULL DEFAULT 0,
        process INTEGER NOT NULL DEFAULT 0,
        since REAL NOT NULL
    ) WITHOUT ROWID
    """,
)


def up(migrator, db):  # type: ignore[no-untyped-def]  # called by playhouse.migrations with peewee's untyped objects
    """Add the columns and tables."""
    for statement in _STATEMENTS:
        db.execute_sql(statement)
