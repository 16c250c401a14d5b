"""A step says by which snapshot the workspace was kept before it."""


def up(migrator, db):  # type: ignore[no-untyped-def]  # called by playhouse.migrations with peewee's untyped objects
    """Add the column."""
    db.execute_sql("ALTER TABLE step ADD COLUMN snapshot TEXT")
