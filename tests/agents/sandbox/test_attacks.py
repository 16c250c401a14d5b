"""Every attack is tried in the sandbox, as root and as an ordinary user, and once outside, where it must succeed."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyseccomp  # type: ignore[import-untyped]
import pytest

from tests.agents.sandbox.attacks import ATTACKS, BEFORE
from tests.agents.sandbox.conftest import Ground, Listeners, Runs


@pytest.fixture(autouse=True)
def bait(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Lay out what a careless sandbox would hand on: an environment variable and a descriptor."""
    monkeypatch.setenv("TOKEN", "SESAME-environment")
    (ground.open / "kept").write_text("x")
    (ground.open / "kept").chmod(0o666)
    path = ground.open / "SESAME-descriptor"
    path.write_text("x")
    descriptor = os.open(path, os.O_RDONLY)
    os.set_inheritable(descriptor, True)
    yield
    os.close(descriptor)


def script(name: str, ground: Ground, listeners: Listeners, here: Path) -> list[str]:
    numbers = {call: pyseccomp.resolve_syscall(0, call) for call in ("clone", "add_key", "io_uring_setup")}
    facts = {
        "state": str(ground.state),
        "home": str(ground.home),
        "open": str(ground.open),
        "here": str(here),
        "port": listeners.port,
        "abstract": listeners.abstract,
        "pid": os.getpid(),
        "name": Path(f"/proc/{os.getpid()}/cmdline").read_text().partition("\0")[0],
        "host": socket.gethostname(),
        **numbers,
    }
    return ["-c", BEFORE + ATTACKS[name], json.dumps(facts)]


@pytest.mark.parametrize("name", ATTACKS)
async def test_the_attack_gets_nothing_in_the_sandbox(
    name: str, ground: Ground, listeners: Listeners, run: Runs
) -> None:
    completed = await run(["python3", *script(name, ground, listeners, Path("/work"))])
    assert (completed.status, completed.stdout) == (0, b"nothing\n"), completed.stderr.decode()


@pytest.mark.skipif(os.geteuid() != 0, reason="outside, some of the attacks succeed only for root")
@pytest.mark.parametrize("name", ATTACKS)
def test_the_attack_succeeds_outside(name: str, ground: Ground, listeners: Listeners) -> None:
    line = [sys.executable, *script(name, ground, listeners, ground.workspace)]
    done = subprocess.run(line, capture_output=True, text=True, close_fds=False, check=False)
    assert done.stdout == "GOT\n", done.stderr
