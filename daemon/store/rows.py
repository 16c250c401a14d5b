"""The tables as peewee sees them. `migrations/` makes them; a test holds the two against each other."""

from peewee import AutoField, BooleanField, CompositeKey, FloatField, IntegerField, Model, SqliteDatabase, TextField

# One database for one process: `database.open_at` says which file it is.
DATABASE = SqliteDatabase(None, timeout=60)


class Row(Model):
    """What all tables share."""

    class Meta:  # noqa: D106 - peewee's own
        database = DATABASE
        legacy_table_names = False


class Conversation(Row):
    """A channel's thread."""

    id = AutoField()
    channel = TextField()
    external_thread = TextField()
    created_at = FloatField()


class Task(Row):
    """What was asked; also the queue."""

    id = AutoField()
    conversation_id = IntegerField()
    title = TextField()
    goal = TextField()
    role = TextField()
    channel = TextField()
    proof = TextField()
    status = TextField()
    run_id = IntegerField()
    priority = IntegerField(default=0)
    hold = BooleanField(default=False)
    private = BooleanField(default=False)
    agent = TextField(null=True)
    tier = TextField(null=True)
    complexity = IntegerField(null=True)
    project = TextField(null=True)
    follows = IntegerField(null=True)
    parent_id = IntegerField(null=True)
    once = TextField(null=True)
    limits = TextField(default="{}")
    folders = TextField(default="[]")
    created_at = FloatField()
    quoted = TextField(default="")
    spoken = BooleanField(default=False)


class TaskFile(Row):
    """A file that came with a task."""

    task_id = IntegerField()
    position = IntegerField()
    name = TextField()
    digest = TextField()
    size = IntegerField()
    media_type = TextField()

    class Meta:  # noqa: D106 - peewee's own
        primary_key = CompositeKey("task_id", "position")


class TaskNote(Row):
    """A key-value note of a task."""

    task_id = IntegerField()
    key = TextField()
    value = TextField()
    at = FloatField()

    class Meta:  # noqa: D106 - peewee's own
        primary_key = CompositeKey("task_id", "key")


class Run(Row):
    """One execution of a task."""

    id = AutoField()
    task_id = IntegerField()
    number = IntegerField()
    status = TextField()
    waiting_for = TextField(null=True)
    retry_at = FloatField(null=True)
    epoch = IntegerField(default=0)
    attempt = IntegerField(default=0)
    attempt_steps = IntegerField(default=0)
    worker = TextField(null=True)
    stage = TextField(null=True)
    percent = IntegerField(null=True)
    labels = TextField(default="")
    limits = TextField(default="{}")
    usage = TextField(default="[0,0,0,0,0]")
    frozen = TextField(null=True)
    plan = TextField(null=True)
    steer = TextField(default="[]")
    result = TextField(null=True)
    error = TextField(null=True)
    created_at = FloatField()
    started_at = FloatField(null=True)
    ended_at = FloatField(null=True)


class RunFile(Row):
    """A result file."""

    run_id = IntegerField()
    position = IntegerField()
    name = TextField()
    digest = TextField()
    size = IntegerField()
    media_type = TextField()

    class Meta:  # noqa: D106 - peewee's own
        primary_key = CompositeKey("run_id", "position")


class Step(Row):
    """A line of the journal."""

    run_id = IntegerField()
    seq = IntegerField()
    kind = TextField()
    name = TextField()
    status = TextField()
    effect = TextField(null=True)
    digest = TextField(default="")
    call_id = TextField(default="")
    input = TextField(null=True)
    input_blob = TextField(null=True)
    output = TextField(null=True)
    output_blob = TextField(null=True)
    labels = TextField(default="")
    model = TextField(default="")
    reserved = TextField(default="[0,0,0,0,0]")
    usage = TextField(default="[0,0,0,0,0]")
    started_at = FloatField()
    ended_at = FloatField(null=True)
    snapshot = TextField(null=True)

    class Meta:  # noqa: D106 - peewee's own
        primary_key = CompositeKey("run_id", "seq")


class History(Row):
    """A line of a task's update history."""

    id = AutoField()
    task_id = IntegerField()
    run_id = IntegerField()
    kind = TextField()
    text = TextField()
    at = FloatField()


class Approval(Row):
    """A question to the owner."""

    id = TextField(primary_key=True)
    run_id = IntegerField()
    task_id = IntegerField()
    kind = TextField()
    state = TextField()
    call = TextField()
    digest = TextField()
    shown = TextField()
    choices = TextField(default="[]")
    answer = TextField(default="")
    decided_by = TextField(default="")
    decided_at = FloatField(null=True)
    channel = TextField(default="")
    used = IntegerField(null=True)
    created_at = FloatField()
    expires_at = FloatField()
    why = TextField(default="{}")
    instead_of = TextField(null=True)


class Inbox(Row):
    """What came in."""

    id = AutoField()
    channel = TextField()
    external_id = TextField()
    external_thread = TextField()
    role = TextField()
    proof = TextField()
    text = TextField()
    files = TextField(default="[]")
    state = TextField()
    reason = TextField(default="")
    task_id = IntegerField(null=True)
    at = FloatField()
    message = TextField(default="")
    quoted = TextField(default="")
    details = TextField(default="{}")
    sent_at = FloatField(default=0)
    became = TextField(default="")


class Outbox(Row):
    """What goes out."""

    id = AutoField()
    conversation_id = IntegerField()
    recipient = TextField()
    kind = TextField()
    text = TextField()
    files = TextField(default="[]")
    state = TextField()
    run_id = IntegerField(null=True)
    approval_id = TextField(null=True)
    once = TextField(null=True)
    external_id = TextField(null=True)
    reason = TextField(default="")
    attempts = IntegerField(default=0)
    repeated = BooleanField(default=False)
    next_at = FloatField()
    created_at = FloatField()
    says = TextField(default="{}")
    answers = TextField(default="")
    parts = TextField(default="[]")
    shown = TextField(default="")


class SentPart(Row):
    """A message as the channel calls it, and what of the outbox it is."""

    channel = TextField()
    message = TextField()
    outbox_id = IntegerField()

    class Meta:  # noqa: D106 - peewee's own
        primary_key = CompositeKey("channel", "message")


class Spend(Row):
    """What a day or a month has used."""

    scope = TextField(primary_key=True)
    usage = TextField()
    limits = TextField(default="{}")


class Daily(Row):
    """A roll-up by day, agent and model."""

    day = TextField()
    agent = TextField()
    model = TextField()
    done = IntegerField(default=0)
    error = IntegerField(default=0)
    cancelled = IntegerField(default=0)
    steps = IntegerField(default=0)
    model_calls = IntegerField(default=0)
    tokens = IntegerField(default=0)
    money = IntegerField(default=0)
    seconds = FloatField(default=0)

    class Meta:  # noqa: D106 - peewee's own
        primary_key = CompositeKey("day", "agent", "model")


class Audit(Row):
    """An entry of the chained log."""

    id = AutoField()
    at = FloatField()
    kind = TextField()
    actor = TextField()
    task_id = IntegerField(null=True)
    run_id = IntegerField(null=True)
    detail_digest = TextField()
    previous = TextField()
    hash = TextField()


class AuditDetail(Row):
    """What an entry says."""

    audit_id = IntegerField(primary_key=True)
    detail = TextField()


class Blob(Row):
    """A kept file."""

    digest = TextField(primary_key=True)
    size = IntegerField()
    created_at = FloatField()


class Forgotten(Row):
    """A task whose rows are gone and whose files are still to go."""

    task_id = IntegerField(primary_key=True)
    digests = TextField()


class OwnRule(Row):
    """A call that the owner allowed for ever."""

    id = AutoField()
    tool = TextField()
    agent = TextField()
    arguments = TextField()
    labels = TextField(default="")
    approval_id = TextField()
    created_at = FloatField()
    revoked_at = FloatField(null=True)


class Paired(Row):
    """An account of the owner's at a channel."""

    channel = TextField()
    who = TextField()
    name = TextField()
    thread = TextField()
    at = FloatField()

    class Meta:  # noqa: D106 - peewee's own
        primary_key = CompositeKey("channel", "who")


class Pairing(Row):
    """A channel that takes requests to be paired."""

    channel = TextField(primary_key=True)
    opened_at = FloatField()
    until = FloatField()
    wrong = IntegerField(default=0)


class PairingRequest(Row):
    """Somebody who was shown a code."""

    channel = TextField()
    who = TextField()
    name = TextField()
    thread = TextField()
    code = TextField()
    at = FloatField()

    class Meta:  # noqa: D106 - peewee's own
        primary_key = CompositeKey("channel", "who")


class Part(Row):
    """A part of the daemon and how it is."""

    name = TextField(primary_key=True)
    state = TextField()
    problem = TextField(default="")
    restarts = IntegerField(default=0)
    process = IntegerField(default=0)
    since = FloatField()


class TaskCount(Row):
    """A counter, kept by triggers."""

    status = TextField(primary_key=True)
    tasks = IntegerField()


ALL = (
    Conversation,
    Task,
    TaskFile,
    TaskNote,
    Run,
    RunFile,
    Step,
    History,
    Approval,
    Inbox,
    Outbox,
    SentPart,
    Spend,
    Daily,
    Audit,
    AuditDetail,
    Blob,
    Forgotten,
    OwnRule,
    Paired,
    Pairing,
    PairingRequest,
    Part,
    TaskCount,
)
