"""Forgetting, exporting, importing, receiving: what is kept, and what is not."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from daemon.domain.errors import BadInput, InvalidState, NotFound, StoreError
from daemon.domain.message import Incoming
from daemon.domain.principal import Principal, Role
from daemon.domain.run import RunStatus
from daemon.engine import forget as forgetting
from daemon.engine.runner import Runner
from daemon.store import audit, database, inbox, rows
from daemon.store.rows import DATABASE
from tests.daemon.engine.workbench import OWNER, Reply, Workbench, ending, taken

Make = Callable[..., Workbench]
CANARY = "zxqv-canary-77"


def everything(b: Workbench) -> str:
    """All text of the state folder: every row, and every file."""
    found = []
    for (table,) in DATABASE.execute_sql("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        found += [str(row) for row in DATABASE.execute_sql(f'SELECT * FROM "{table}"').fetchall()]  # noqa: S608
    found += [path.read_bytes().decode("latin-1") for path in b.home.path.rglob("*") if _plain(path)]
    return "\n".join(found)


def _plain(path: Path) -> bool:
    return path.is_file() and not path.name.startswith("agent.db")


async def secret_task(b: Workbench, tmp_path: Path) -> int:
    (tmp_path / "in.txt").write_text(CANARY * 3000)
    blob = replace(b.service.keep_file(tmp_path / "in.txt"), name=f"{CANARY}.txt")
    task = b.submit(f"look at {CANARY}", files=(blob,))
    b.service.note(task.id, "k", CANARY)
    b.service.steer(task.id, CANARY, OWNER)
    await b.done(task)
    return task.id


async def test_a_forgotten_task_leaves_no_word_and_no_file_and_the_chain_holds(bench: Make, tmp_path: Path) -> None:
    long = Reply(("finish", {"result": CANARY * 2000}))
    b = bench([long])
    task_id = await secret_task(b, tmp_path)
    assert CANARY in everything(b)
    assert b.service.forget(task_id, OWNER) > 0
    assert CANARY not in everything(b)
    assert audit.broken() is None
    with pytest.raises(NotFound):
        b.service.reads.task(task_id)
    assert b.service.reads.search(CANARY.split("-", maxsplit=1)[0]) == []


async def test_a_file_that_another_task_has_too_stays(bench: Make, tmp_path: Path) -> None:
    b = bench([ending()])
    (tmp_path / "a").write_text("shared")
    blob = b.service.keep_file(tmp_path / "a")
    first, second = b.submit(files=(blob,)), b.submit(files=(blob,))
    await b.done(first)
    b.service.forget(first.id, OWNER)
    assert (await b.done(second)).status is RunStatus.DONE
    assert (b.home.run_folder(second.id, 1) / "input" / "a").read_text() == "shared"


async def test_what_has_not_ended_is_not_forgotten(bench: Make) -> None:
    b = bench()
    with pytest.raises(InvalidState, match="pending"):
        b.service.forget(b.submit().id, OWNER)


async def test_retention_forgets_what_ended_long_ago_and_nothing_else(bench: Make) -> None:
    b = bench([ending()])
    old = b.submit()
    await b.done(old)
    b.clock.time += 40 * 86_400
    new, pending = b.submit(), b.submit(hold=True)
    await b.done(new)
    b.use(retention=30 * 86_400.0)
    runner = Runner(b.parts, "terminal", 1)
    await runner.do_one(new.run_id)
    runner.close()
    assert {line.id for line in b.service.reads.page()} == {new.id, pending.id}


def test_the_log_takes_no_change_and_a_forged_one_is_found(bench: Make) -> None:
    b = bench()
    for number in range(5):
        b.submit(str(number))
    assert audit.broken() is None
    for statement in ("UPDATE audit SET actor = 'me' WHERE id = 3", "DELETE FROM audit WHERE id = 3"):
        with pytest.raises(Exception, match="append-only"):
            DATABASE.execute_sql(statement)
    DATABASE.execute_sql("DROP TRIGGER audit_no_update")
    DATABASE.execute_sql("DROP TRIGGER audit_no_delete")
    DATABASE.execute_sql("UPDATE audit SET actor = 'me' WHERE id = 3")
    assert audit.broken() == 3
    DATABASE.execute_sql("UPDATE audit SET actor = 'owner:cli:1000' WHERE id = 3")
    assert audit.broken() is None
    DATABASE.execute_sql("UPDATE audit_detail SET detail = '{}' WHERE audit_id = 4")
    assert audit.broken() == 4
    DATABASE.execute_sql("DELETE FROM audit_detail WHERE audit_id = 2")
    DATABASE.execute_sql("DELETE FROM audit WHERE id = 2")
    assert audit.broken() == 3


async def test_what_is_exported_is_imported_once_with_its_story(bench: Make) -> None:
    b = bench([ending("a fine end")])
    task = b.submit("the goal", title="The title", priority=3, project="p")
    b.service.note(task.id, "k", "v")
    await b.done(task)
    data = json.loads(json.dumps(b.service.export()))
    b.service.forget(task.id, OWNER)
    (new_id,) = b.service.import_(data, OWNER)
    assert b.service.import_(data, OWNER) == []
    found = b.service.reads.task(new_id)
    assert (found.title, found.goal, found.priority, found.project) == ("The title", "the goal", 3, "p")
    assert found.status is RunStatus.DONE
    assert b.service.reads.notes(new_id) == {"k": "v"}
    (run,) = b.service.reads.runs(new_id)
    assert run.result == "a fine end"
    assert len(b.service.reads.steps(run.id)) == 2
    assert [line.id for line in b.service.reads.search("fine end")] == [new_id]


TASKS_JSON: dict[str, Any] = {
    "tasks": {
        "1": {
            "id": 1,
            "goal": "Create a backup script",
            "status": "done",
            "created_at": "2026-01-15T03:20:25",
            "updated_at": "2026-01-15T03:25:00",
            "steps": [
                {"action": "decision", "result": "Need a Python script", "timestamp": "2026-01-15T03:20:25"},
                "plain text",
            ],
            "memory": {"path": "/srv", "count": 3},
        },
        "2": {"id": 2, "goal": "Clean up logs", "status": "running", "created_at": "2026-01-15T04:00:00", "steps": []},
        "3": {"id": 3, "goal": "Migrate database", "status": "paused"},
    },
    "next_id": 4,
}


async def test_a_tasks_json_is_read_and_what_was_under_way_waits_on_hold(bench: Make) -> None:
    b = bench()
    ids = b.service.import_(TASKS_JSON, OWNER)
    found = [b.service.reads.task(task_id) for task_id in ids]
    assert [(task.goal, task.status.value, task.hold) for task in found] == [
        ("Create a backup script", "done", True),
        ("Clean up logs", "pending", True),
        ("Migrate database", "paused", True),
    ]
    steps = b.service.reads.steps(found[0].run_id)
    assert [(step.name, step.output["text"]) for step in steps] == [
        ("decision", "Need a Python script"),
        ("note", "plain text"),
    ]
    assert b.service.reads.notes(ids[0]) == {"path": "/srv", "count": "3"}


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"tasks": None},
        {"tasks": 1},
        {"tasks": {"1": {}}},
        {"tasks": {"1": {"goal": ""}}},
        {"tasks": {"1": {"goal": "good"}, "2": {"goal": "x", "status": "unheard-of"}}},
        {"tasks": {"1": {"goal": "good"}, "2": {"goal": "x", "created_at": "yesterday"}}},
        {"tasks": {"1": {"goal": "good", "steps": 5}}},
        {"tasks": {"1": {"goal": "good", "memory": ["a"]}}},
        {"tasks": {"1": {"goal": "good", "priority": "high"}}},
        {"tasks": ["a"]},
    ],
)
def test_a_wrong_file_imports_nothing_and_says_which_task_is_wrong(bench: Make, data: object) -> None:
    b = bench()
    with pytest.raises(BadInput) as refused:
        b.service.import_(data, OWNER)
    assert refused.value.fix
    assert b.service.reads.page() == []


def incoming(number: int, text: str = "do it", role: Role = Role.OWNER) -> Incoming:
    return Incoming("telegram", str(number), "chat-1", Principal(role, "telegram", "7"), text)


async def test_what_comes_in_twice_is_one_task_also_when_handling_is_cut_off(bench: Make) -> None:
    b = bench()
    assert b.service.post.receive(incoming(1)) == 1
    assert b.service.post.receive(incoming(1)) == 0
    b.service.post.receive(incoming(2))
    (first, second) = taken(b.service, "telegram")
    with database.transaction():  # as if the crash came after the task and before the mark
        rows.Inbox.update(state="stored").execute()
    assert taken(b.service, "telegram") == [first, second]
    assert len(b.service.reads.page()) == 2


async def test_who_is_not_the_owner_gives_no_task(bench: Make) -> None:
    b = bench()
    b.service.post.receive(incoming(1, role=Role.CONTACT))
    b.service.post.receive(incoming(2, text=""))
    assert taken(b.service, "telegram") == []
    assert inbox.stored("telegram") == []
    assert b.service.reads.page() == []


async def test_a_file_that_was_forgotten_between_keeping_and_submitting_is_said(bench: Make, tmp_path: Path) -> None:
    b = bench([ending()])
    (tmp_path / "a").write_text("the same bytes")
    old = b.submit(files=(b.service.keep_file(tmp_path / "a"),))
    await b.done(old)
    blob = b.service.keep_file(tmp_path / "a")
    b.service.forget(old.id, OWNER)
    with pytest.raises(StoreError, match="removed while it was being recorded"):
        b.submit(files=(blob,))
    assert b.service.reads.page() == []


async def test_a_file_of_a_stored_message_outlives_the_task_that_had_it_too(bench: Make, tmp_path: Path) -> None:
    b = bench([ending()])
    (tmp_path / "a").write_text("the same bytes")
    blob = b.service.keep_file(tmp_path / "a")
    old = b.submit(files=(blob,))
    await b.done(old)
    b.service.post.receive(replace(incoming(1), files=(blob,)))
    b.service.forget(old.id, OWNER)
    (task_id,) = taken(b.service, "telegram")
    assert b.service.reads.task(task_id).files == (blob,)


async def test_forgetting_that_was_cut_off_loses_nothing_that_is_spoken_of_and_is_finished_later(
    bench: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    b = bench([ending()])
    task_id = await secret_task(b, tmp_path)
    with monkeypatch.context() as cut:
        cut.setattr(audit, "forget_details", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            b.service.forget(task_id, OWNER)
    (blob,) = b.service.reads.task(task_id).files
    assert b.service.result_path(b.service.reads.runs(task_id)[0], "x").parent.is_dir()
    assert (b.home.blobs / blob.digest[:2] / blob.digest).exists()
    with monkeypatch.context() as cut:
        cut.setattr(forgetting, "remove_files", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            b.service.forget(task_id, OWNER)
    assert b.home.task_folder(task_id).exists()
    runner = Runner(b.parts, "terminal", 1)
    await runner.do_one(None)
    runner.close()
    assert not b.home.task_folder(task_id).exists()
    assert CANARY not in everything(b)


async def test_a_conversation_that_is_called_otherwise_takes_its_tasks_along(bench: Make) -> None:
    b = bench()
    old = b.submit(channel="push", external_thread="old")
    b.service.post.move_conversation("push", "old", "new")
    assert b.service.reads.conversation(old.conversation_id).external_thread == "new"
    other = b.submit(channel="push", external_thread="other")
    b.service.post.move_conversation("push", "other", "new")
    assert b.service.reads.task(other.id).conversation_id == old.conversation_id
