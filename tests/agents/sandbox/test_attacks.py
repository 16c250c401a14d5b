"""Every attack is tried in the sandbox, in every mode, and once outside, where it must succeed."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyseccomp  # type: ignore[import-untyped]
import pytest

from tests.agents.sandbox.attacks import ATTACKS, BEFORE, CALLS, HARNESS, STANDS_IN
from tests.agents.sandbox.conftest import MODES, Ground, Listeners, Modes

SHARED = "/dev/shm"  # noqa: S108 - where the memory that the machine's programs share is


@pytest.fixture(scope="module")
def bait(module_ground: Ground) -> Iterator[None]:
    """Lay out what a careless sandbox would hand on: an environment variable, a descriptor, shared memory."""
    ground = module_ground
    (ground.open / "kept").write_text("x")
    (ground.open / "kept").chmod(0o666)
    path = ground.open / "SESAME-descriptor"
    path.write_text("x")
    descriptor = os.open(path, os.O_RDONLY)
    os.set_inheritable(descriptor, True)
    shared = Path(SHARED, ground.top.name)
    shared.write_text("SESAME-shared")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOKEN", "SESAME-environment")
        yield
    shared.unlink()
    os.close(descriptor)


def clear(workspace: Path) -> None:
    """Take away what earlier attempts left, but for the sockets."""
    for path in workspace.iterdir():
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        elif path.suffix != ".sock" or path.name == "own.sock":
            path.unlink()


def facts(ground: Ground, listeners: Listeners, here: Path) -> str:
    found = {
        "state": str(ground.state),
        "home": str(ground.home),
        "open": str(ground.open),
        "shm": f"{SHARED}/{ground.top.name}",
        "here": str(here),
        "port": listeners.port,
        "abstract": listeners.abstract,
        "pid": os.getpid(),
        "name": Path(f"/proc/{os.getpid()}/cmdline").read_text().partition("\0")[0],
        "host": socket.gethostname(),
        **{call: pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, call) for call in CALLS.split()},
    }
    return json.dumps(found)


@pytest.fixture(scope="module", params=MODES)
def found(
    request: pytest.FixtureRequest, module_ground: Ground, module_listeners: Listeners, modes: Modes, bait: None
) -> Mapping[str, str]:
    """Run all attacks in one sandbox of a mode; gives what each printed."""
    del bait
    clear(module_ground.workspace)
    script = module_ground.workspace / "attacks.json"
    script.write_text(json.dumps([BEFORE, ATTACKS, facts(module_ground, module_listeners, Path("/work"))]))
    script.chmod(0o644)
    completed = modes.run(request.param, module_ground, ["python3", "-c", HARNESS, "/work/attacks.json"])
    assert completed.status == 0, completed.stderr.decode()
    printed: dict[str, str] = json.loads(completed.stdout)
    return printed


@pytest.mark.parametrize("name", ATTACKS)
def test_the_attack_gets_nothing_in_the_sandbox(name: str, found: Mapping[str, str]) -> None:
    assert found[name] == "nothing\n"


def outside(name: str, ground: Ground, listeners: Listeners) -> "subprocess.CompletedProcess[str]":
    clear(ground.workspace)
    line = [sys.executable, "-c", BEFORE + ATTACKS[name], facts(ground, listeners, ground.workspace)]
    return subprocess.run(line, capture_output=True, text=True, close_fds=False, check=False)


@pytest.mark.skipif(os.geteuid() != 0, reason="outside, some of the attacks succeed only for root")
@pytest.mark.parametrize("name", ATTACKS)
def test_the_attack_succeeds_outside(
    name: str, bait: None, module_ground: Ground, module_listeners: Listeners, capsys: pytest.CaptureFixture[str]
) -> None:
    done = outside(name, module_ground, module_listeners)
    seen, other = done.stdout == "GOT\n", name
    while not seen and other in STANDS_IN:
        other = STANDS_IN[other]
        seen = outside(other, module_ground, module_listeners).stdout == "GOT\n"
        with capsys.disabled():
            print(f"\n'{name}' cannot succeed on this machine; '{other}' shows instead that it would be noticed")
    assert seen, done.stderr


def test_every_control_that_stands_in_is_one() -> None:
    assert set(STANDS_IN) | set(STANDS_IN.values()) <= set(ATTACKS)
    assert len(ATTACKS) >= 80
