"""The first schema: tasks, runs, steps, messages, approvals, budgets, audit, search and counters."""

STATEMENTS = """
CREATE TABLE conversation (
    id INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    external_thread TEXT NOT NULL,
    created_at REAL NOT NULL,
    UNIQUE (channel, external_thread)
);
CREATE TABLE task (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER NOT NULL REFERENCES conversation (id),
    title TEXT NOT NULL,
    goal TEXT NOT NULL,
    role TEXT NOT NULL,
    channel TEXT NOT NULL,
    proof TEXT NOT NULL,
    status TEXT NOT NULL,
    run_id INTEGER NOT NULL,
    priority INTEGER NOT NULL DEFAULT 0,
    hold INTEGER NOT NULL DEFAULT 0,
    private INTEGER NOT NULL DEFAULT 0,
    agent TEXT,
    tier TEXT,
    complexity INTEGER,
    project TEXT,
    follows INTEGER,
    parent_id INTEGER,
    once TEXT UNIQUE,
    limits TEXT NOT NULL DEFAULT '{}',
    folders TEXT NOT NULL DEFAULT '[]',
    created_at REAL NOT NULL
);
CREATE INDEX task_queue ON task (priority DESC, run_id) WHERE status = 'pending';
CREATE INDEX task_by_status ON task (status, id);
CREATE INDEX task_by_project ON task (project, id) WHERE project IS NOT NULL;
CREATE INDEX task_by_project_status ON task (project, status, id) WHERE project IS NOT NULL;
CREATE INDEX task_by_conversation ON task (conversation_id, id);
CREATE INDEX task_by_parent ON task (parent_id) WHERE parent_id IS NOT NULL;
CREATE TABLE task_file (
    task_id INTEGER NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    size INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    PRIMARY KEY (task_id, position)
);
CREATE INDEX task_file_by_digest ON task_file (digest);
CREATE TABLE task_note (
    task_id INTEGER NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (task_id, key)
);
CREATE TABLE run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    task_id INTEGER NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    status TEXT NOT NULL,
    waiting_for TEXT,
    retry_at REAL,
    epoch INTEGER NOT NULL DEFAULT 0,
    attempt INTEGER NOT NULL DEFAULT 0,
    attempt_steps INTEGER NOT NULL DEFAULT 0,
    worker TEXT,
    stage TEXT,
    percent INTEGER,
    labels TEXT NOT NULL DEFAULT '',
    limits TEXT NOT NULL DEFAULT '{}',
    usage TEXT NOT NULL DEFAULT '[0,0,0,0,0]',
    frozen TEXT,
    plan TEXT,
    steer TEXT NOT NULL DEFAULT '[]',
    result TEXT,
    error TEXT,
    created_at REAL NOT NULL,
    started_at REAL,
    ended_at REAL,
    UNIQUE (task_id, number)
);
CREATE INDEX run_held ON run (worker) WHERE worker IS NOT NULL;
CREATE INDEX run_retry ON run (retry_at) WHERE retry_at IS NOT NULL;
CREATE INDEX run_by_frozen ON run (frozen) WHERE frozen IS NOT NULL;
CREATE TABLE run_file (
    run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    size INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    PRIMARY KEY (run_id, position)
);
CREATE INDEX run_file_by_digest ON run_file (digest);
CREATE TABLE step (
    run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    effect TEXT,
    digest TEXT NOT NULL DEFAULT '',
    call_id TEXT NOT NULL DEFAULT '',
    input TEXT,
    input_blob TEXT,
    output TEXT,
    output_blob TEXT,
    labels TEXT NOT NULL DEFAULT '',
    model TEXT NOT NULL DEFAULT '',
    reserved TEXT NOT NULL DEFAULT '[0,0,0,0,0]',
    usage TEXT NOT NULL DEFAULT '[0,0,0,0,0]',
    started_at REAL NOT NULL,
    ended_at REAL,
    PRIMARY KEY (run_id, seq)
) WITHOUT ROWID;
CREATE INDEX step_by_input_blob ON step (input_blob) WHERE input_blob IS NOT NULL;
CREATE INDEX step_by_output_blob ON step (output_blob) WHERE output_blob IS NOT NULL;
CREATE TABLE history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    task_id INTEGER NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    run_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    at REAL NOT NULL
);
CREATE INDEX history_by_task ON history (task_id, id);
CREATE TABLE approval (
    id TEXT PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    task_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    "call" TEXT NOT NULL,
    digest TEXT NOT NULL,
    shown TEXT NOT NULL,
    choices TEXT NOT NULL DEFAULT '[]',
    answer TEXT NOT NULL DEFAULT '',
    decided_by TEXT NOT NULL DEFAULT '',
    decided_at REAL,
    channel TEXT NOT NULL DEFAULT '',
    used INTEGER,
    created_at REAL NOT NULL,
    expires_at REAL NOT NULL
);
CREATE INDEX approval_open ON approval (expires_at) WHERE state = 'open';
CREATE INDEX approval_by_run ON approval (run_id);
CREATE TABLE inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL,
    external_id TEXT NOT NULL,
    external_thread TEXT NOT NULL,
    role TEXT NOT NULL,
    proof TEXT NOT NULL,
    text TEXT NOT NULL,
    files TEXT NOT NULL DEFAULT '[]',
    state TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    task_id INTEGER,
    at REAL NOT NULL,
    UNIQUE (channel, external_id)
);
CREATE INDEX inbox_stored ON inbox (id) WHERE state = 'stored';
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER NOT NULL REFERENCES conversation (id),
    recipient TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    files TEXT NOT NULL DEFAULT '[]',
    state TEXT NOT NULL,
    run_id INTEGER,
    approval_id TEXT,
    once TEXT UNIQUE,
    external_id TEXT,
    reason TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 0,
    repeated INTEGER NOT NULL DEFAULT 0,
    next_at REAL NOT NULL,
    created_at REAL NOT NULL
);
CREATE INDEX outbox_queued ON outbox (next_at) WHERE state = 'queued';
CREATE INDEX outbox_sending ON outbox (id) WHERE state = 'sending';
CREATE INDEX outbox_by_run ON outbox (run_id) WHERE run_id IS NOT NULL;
CREATE TABLE spend (
    scope TEXT PRIMARY KEY,
    usage TEXT NOT NULL,
    limits TEXT NOT NULL DEFAULT '{}'
);
CREATE TABLE daily (
    day TEXT NOT NULL,
    agent TEXT NOT NULL,
    model TEXT NOT NULL,
    done INTEGER NOT NULL DEFAULT 0,
    error INTEGER NOT NULL DEFAULT 0,
    cancelled INTEGER NOT NULL DEFAULT 0,
    steps INTEGER NOT NULL DEFAULT 0,
    model_calls INTEGER NOT NULL DEFAULT 0,
    tokens INTEGER NOT NULL DEFAULT 0,
    money INTEGER NOT NULL DEFAULT 0,
    seconds REAL NOT NULL DEFAULT 0,
    PRIMARY KEY (day, agent, model)
) WITHOUT ROWID;
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    task_id INTEGER,
    run_id INTEGER,
    detail_digest TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX audit_by_task ON audit (task_id, id) WHERE task_id IS NOT NULL;
CREATE TABLE audit_detail (
    audit_id INTEGER PRIMARY KEY REFERENCES audit (id),
    detail TEXT NOT NULL
);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TABLE blob (
    digest TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    created_at REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE forgotten (task_id INTEGER PRIMARY KEY, digests TEXT NOT NULL);
CREATE TABLE task_count (status TEXT PRIMARY KEY, tasks INTEGER NOT NULL) WITHOUT ROWID;
CREATE TRIGGER task_count_insert AFTER INSERT ON task BEGIN
    INSERT INTO task_count VALUES (NEW.status, 1)
        ON CONFLICT (status) DO UPDATE SET tasks = tasks + 1;
END;
CREATE TRIGGER task_count_delete AFTER DELETE ON task BEGIN
    UPDATE task_count SET tasks = tasks - 1 WHERE status = OLD.status;
END;
CREATE TRIGGER task_count_update AFTER UPDATE OF status ON task WHEN OLD.status <> NEW.status BEGIN
    UPDATE task_count SET tasks = tasks - 1 WHERE status = OLD.status;
    INSERT INTO task_count VALUES (NEW.status, 1)
        ON CONFLICT (status) DO UPDATE SET tasks = tasks + 1;
END;
CREATE VIRTUAL TABLE task_text USING fts5 (
    title, goal, result, tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER task_text_delete AFTER DELETE ON task BEGIN
    DELETE FROM task_text WHERE rowid = OLD.id;
END;
"""


def statements() -> list[str]:
    """Split the text at the ends of statements; a trigger ends with END."""
    found: list[str] = []
    current = ""
    for line in STATEMENTS.strip().splitlines():
        current += line + "\n"
        trigger = current.lstrip().startswith("CREATE TRIGGER")
        if line.rstrip().endswith("END;") or (line.rstrip().endswith(";") and not trigger):
            found.append(current)
            current = ""
    return found


def up(migrator, db):  # type: ignore[no-untyped-def]  # called by playhouse.migrations with peewee's untyped objects
    """Create everything."""
    for statement in statements():
        db.execute_sql(statement)
