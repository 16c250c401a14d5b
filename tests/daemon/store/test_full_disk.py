"""A disk that is really full: said, nothing recorded lost, and all goes on once there is room."""

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import asyncio, sys
from pathlib import Path
from daemon import Orchestrator, TaskDatabase
from daemon.domain.errors import AgentError, StoreError
from daemon.domain.principal import Principal, Role
from daemon.domain.task import NewTask

home = Path(sys.argv[1])
owner = Principal(Role.OWNER, "api", "0")
service = TaskDatabase(home / "state").service
big = home / "big.bin"
big.write_bytes(b"x" * 2_000_000)
filler = (home / "filler").open("wb", buffering=0)
added = [service.submit(NewTask(goal=f"task {n}", principal=owner)).id for n in range(5)]
try:
    while True:
        filler.write(b"y" * 4096)
except OSError:
    pass
failed = []
for attempt in ("submit", "file", "run"):
    try:
        if attempt == "submit":
            while True:
                added.append(service.submit(NewTask(goal="z" * 50_000, principal=owner)).id)
        elif attempt == "file":
            service.keep_file(big)
        else:
            asyncio.run(Orchestrator(TaskDatabase(home / "state")).execute_task("disk report"))
    except StoreError as problem:
        failed.append((attempt, problem.message, problem.fix))
print(failed)
print(sorted(line.id for line in service.reads.page(most=10_000)) == sorted(added))
filler.truncate(0)
print(service.submit(NewTask(goal="after", principal=owner)).id > max(added))
print(service.reads.audit_broken())
"""


def test_a_full_disk_is_said_each_time_and_nothing_recorded_is_lost(tmp_path: Path) -> None:
    inside = f'mount -t tmpfs -o size=12m tmpfs {tmp_path} && exec {sys.executable} -c "$0" {tmp_path}'
    argv = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", inside, SCRIPT]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    failed, kept, after, broken = done.stdout.splitlines()
    assert [attempt for attempt, _, _ in eval(failed)] == ["submit", "file", "run"]  # noqa: S307 - our own print
    assert [fix for _, _, fix in eval(failed) if "Free" not in fix] == [], failed  # noqa: S307
    assert (kept, after, broken) == ("True", "True", "None")
