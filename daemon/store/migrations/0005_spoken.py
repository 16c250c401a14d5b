"""Whether a task was spoken, so that its words are what a model heard."""


def up(migrator, db):  # type: ignore[no-untyped-def]  # called by playhouse.migrations with peewee's untyped objects
    """Add the column."""
    db.execute_sql("ALTER TABLE task ADD COLUMN spoken INTEGER NOT NULL DEFAULT 0")
