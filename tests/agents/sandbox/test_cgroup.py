"""Control groups: found, held, limited, and gone at the end, also of a maker that died."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.sandbox.bubblewrap import Bubblewrap
from agents.sandbox.cgroup import Group, sweep
from agents.sandbox.hierarchy import Hierarchy, hierarchies
from agents.sandbox.pidspace import can_be_limited, limit_processes
from daemon.domain.sandbox import MIB, BoxLimits, Command
from tests.agents.sandbox.conftest import ROOT, Ground
from tests.agents.sandbox.test_endings import parent, until

LIMITS = BoxLimits(memory=64 * MIB, processes=20)


def second_version() -> Path | None:
    """Give a place of version 2 where we may make groups, with or without controllers."""
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, place, kind, *_ = line.split()
        if kind == "cgroup2" and os.access(place, os.W_OK) and os.geteuid() == 0:
            return Path(place)
    return None


PLACES = [*hierarchies(), *([Hierarchy(found, 2, ())] if (found := second_version()) else [])]


def all_groups() -> set[Path]:
    return {path for place in PLACES for path in place.folder.glob("agent-sandbox-*")}


ELSEWHERE: set[Path] = set()


@pytest.fixture(autouse=True)
def elsewhere() -> None:
    """Take away what agents that are dead left on this machine; what lives is somebody else's."""
    sweep(PLACES)
    ELSEWHERE.clear()
    ELSEWHERE.update(all_groups())


def groups() -> set[Path]:
    """Give the groups that came since the test began."""
    return all_groups() - ELSEWHERE


@pytest.fixture
def sleeper() -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(["sleep", "600"]) as process:
        yield process
        process.kill()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a place on every machine")
def test_this_machine_has_a_place_for_processes_and_memory() -> None:
    assert {name for place in hierarchies() for name in place.controllers} == {"pids", "memory"}


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place.version} {place.controllers}")
def test_closing_a_group_kills_what_is_in_it(place: Hierarchy, sleeper: "subprocess.Popen[bytes]") -> None:
    group = Group([place], LIMITS)
    group.take(sleeper.pid)
    assert groups()
    group.close()
    assert sleeper.wait(60) == -signal.SIGKILL
    assert not groups()


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place.version} {place.controllers}")
def test_a_sweep_takes_what_a_dead_maker_left_and_nothing_else(place: Hierarchy) -> None:
    code = f"""
import os, subprocess, sys
from agents.sandbox.cgroup import Group
from agents.sandbox.hierarchy import Hierarchy
from pathlib import Path
from daemon.domain.sandbox import BoxLimits
group = Group([Hierarchy(Path({str(place.folder)!r}), {place.version}, {place.controllers!r})], BoxLimits())
child = subprocess.Popen(["sleep", "600"], stdout=subprocess.DEVNULL)
group.take(child.pid)
print(child.pid, flush=True)
sys.stdin.read()
os.kill(os.getpid(), 9)
"""
    maker = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert maker.stdout is not None
    held = os.pidfd_open(int(maker.stdout.readline()))
    own = Group([place], LIMITS)
    sweep([place])
    assert len(groups()) == 2, "both makers live"
    maker.communicate()
    sweep([place])
    assert len(groups()) == 1
    own.close()
    assert not groups()
    os.close(held)


async def test_a_command_is_in_a_group_of_its_own_that_is_gone_at_the_end(sandbox: Bubblewrap, ground: Ground) -> None:
    if not hierarchies():
        assert (await sandbox.run(Command(("true",)), ground.box)).status == 0
        return
    completed = await sandbox.run(Command(("grep", "-c", "agent-sandbox-", "/proc/self/cgroup")), ground.box)
    assert int(completed.stdout) == len({place.folder for place in hierarchies()})
    assert not groups()
    plain = Bubblewrap(groups=False)
    assert (
        await plain.run(Command(("grep", "-c", "agent-sandbox-", "/proc/self/cgroup")), ground.box)
    ).stdout == b"0\n"


async def test_a_cancelled_command_leaves_no_group(sandbox: Bubblewrap, ground: Ground) -> None:
    running = asyncio.create_task(sandbox.run(Command(("bash", "-c", "touch begun; sleep 600")), ground.box))
    await until((ground.workspace / "begun").exists)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not groups()


async def test_the_group_of_a_killed_agent_is_swept_by_the_next(ground: Ground) -> None:
    process = parent(ground, "touch begun; sleep 600")
    await until((ground.workspace / "begun").exists)
    process.kill()
    process.communicate()
    assert Bubblewrap().unavailable() is None
    assert not groups()


def test_the_limit_of_a_process_namespace_is_not_that_of_the_machine() -> None:
    if not can_be_limited():
        assert os.geteuid() != 0 or os.uname().release < "6.14" or not Path("/proc/sys/kernel/ns_last_pid").exists()
        return
    before = Path("/proc/sys/kernel/pid_max").read_text()
    line = [
        "unshare",
        "--pid",
        "--fork",
        "--kill-child",
        "sh",
        "-c",
        "read -r _; i=0; for i in $(seq 60); do sleep 9 & done",
    ]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        first = None
        while first is None:
            found = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            first = int(found[0]) if found else None
            time.sleep(0.001)
        limit_processes(first, 20)
        _, said = process.communicate(b"\n")
    assert b"fork" in said.lower()
    assert Path("/proc/sys/kernel/pid_max").read_text() == before
