"""The port: what it needs, what it hands on, and what it says when it cannot."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from agents.sandbox.bubblewrap import Bubblewrap
from agents.sandbox.own_etc import OwnEtc
from agents.sandbox.profile import Profile
from agents.sandbox.refusal import explain
from daemon.domain.errors import BadInput, SandboxUnavailable
from daemon.domain.ports import Sandbox
from daemon.domain.sandbox import BoxLimits, Command
from tests.agents.sandbox.conftest import ROOT, Ground


def test_a_sandbox_can_be_set_up_here() -> None:
    sandbox: Sandbox = Bubblewrap()
    assert sandbox.unavailable() is None


async def test_without_bwrap_nothing_is_run(ground: Ground) -> None:
    sandbox = Bubblewrap(program="no-such-bwrap")
    said = sandbox.unavailable()
    assert said is not None
    assert "not installed" in said
    assert "apt install bubblewrap" in said
    with pytest.raises(SandboxUnavailable, match="not installed"):
        await sandbox.run(Command(("touch", "ran")), ground.box)
    assert not (ground.workspace / "ran").exists()


FORBIDDEN = """
import asyncio, ctypes, os, sys
from pathlib import Path
from agents.sandbox.bubblewrap import Bubblewrap
from daemon.domain.sandbox import Box, Command
from daemon.domain.errors import SandboxUnavailable
libc = ctypes.CDLL(None, use_errno=True)
import pyseccomp
rules = pyseccomp.SyscallFilter(defaction=pyseccomp.ALLOW)
for call in ("clone", "unshare"):
    rules.add_rule(pyseccomp.ERRNO(1), call, pyseccomp.Arg(0, pyseccomp.MASKED_EQ, 0x10000000, 0x10000000))
rules.load()
print(Bubblewrap().unavailable())
try:
    asyncio.run(Bubblewrap().run(Command(("touch", "ran")), Box(Path(sys.argv[1]))))
except SandboxUnavailable as error:
    print("refused:", error.fix)
"""


def test_where_namespaces_are_forbidden_nothing_is_run(ground: Ground) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORBIDDEN, str(ground.workspace)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    said, refused = done.stdout.splitlines()
    assert said.startswith("No sandbox can be set up here: bwrap: ")
    assert refused.startswith("refused: ")
    assert len(refused) > 40
    assert list(ground.workspace.iterdir()) == []


@pytest.mark.parametrize(
    ("said", "fix"),
    [
        ("bwrap: Unknown option --disable-userns", "0.8"),
        ("bwrap: Can't mount proc on /newroot/proc: Operation not permitted", "systempaths"),
        ("bwrap: setting up uid map: Permission denied", ""),
        ("bwrap: Creating new namespace failed: Operation not permitted", ""),
        ("", "doctor"),
    ],
)
def test_what_bwrap_says_is_handed_on_with_a_fix(said: str, fix: str) -> None:
    error = explain(said)
    assert said in error.message
    if not Path("/.dockerenv").exists() and "systempaths" in fix:
        fix = ""
    assert fix in error.fix
    assert error.fix


async def test_the_environment_is_what_is_named(ground: Ground, sandbox: Bubblewrap) -> None:
    completed = await sandbox.run(Command(("env",), env={"MODE": "x=y\nz", "LANG": "C"}), ground.box)
    names = {line.partition("=")[0] for line in completed.stdout.decode().splitlines()}
    allowed = {"MODE", "z", "PWD", "OLDPWD", "SHLVL", "_"}
    assert names - allowed == set(Profile.of_this_machine(OwnEtc()).environment)
    assert b"LANG=C\n" in completed.stdout
    assert b"MODE=x=y\nz\n" in completed.stdout


async def test_the_first_process_has_no_environment(ground: Ground, sandbox: Bubblewrap) -> None:
    completed = await sandbox.run(Command(("cat", "/proc/1/environ"), env={"TOKEN": "SESAME"}), ground.box)
    assert (completed.status, completed.stdout) == (0, b"")


async def test_neither_environment_nor_paths_show_in_the_list_of_processes(ground: Ground, sandbox: Bubblewrap) -> None:
    completed = await sandbox.run(Command(("cat", "/proc/1/cmdline"), env={"TOKEN": "SESAME"}), ground.box)
    assert b"SESAME" not in completed.stdout
    assert str(ground.workspace).encode() not in completed.stdout


@pytest.mark.parametrize(
    "command",
    [
        Command(()),
        Command(("",)),
        Command(("-c", "x")),
        Command(("echo", "a\0--bind\0/\0/host")),
        Command(("true",), env={"A": "b\0--bind\0/\0/host"}),
        Command(("true",), env={"A\0": "b"}),
        Command(("true",), env={"A=B": "c"}),
        Command(("true",), env={"": "c"}),
        Command(("echo", "x" * 3_000_000)),
    ],
    ids=["none", "empty", "option", "NUL", "NUL in value", "NUL in name", "equals", "no name", "long"],
)
async def test_a_command_that_cannot_be_is_refused(command: Command, ground: Ground, sandbox: Bubblewrap) -> None:
    with pytest.raises(BadInput) as refused:
        await sandbox.run(command, ground.box)
    assert refused.value.fix


async def test_arguments_arrive_as_they_are(ground: Ground, sandbox: Bubblewrap) -> None:
    odd = ["-n", "", "a b", "$HOME", "`id`", "'\"\\", "ü\u202e", os.fsdecode(b"\xff"), "--", "*", "\n"]
    completed = await sandbox.run(Command(("printf", "%s\\0", *odd)), ground.box)
    assert completed.stdout.split(b"\0")[:-1] == [os.fsencode(word) for word in odd]


async def test_the_limits_are_those_of_the_box(ground: Ground, sandbox: Bubblewrap) -> None:
    limits = BoxLimits()
    code = "import resource as r; print(*(r.getrlimit(n) for n in (r.RLIMIT_NOFILE, r.RLIMIT_FSIZE, r.RLIMIT_DATA)))"
    completed = await sandbox.run(Command(("python3", "-c", code)), ground.box)
    pairs = [(value, value) for value in (limits.open_files, limits.file_size, limits.memory)]
    assert completed.stdout.decode().strip() == " ".join(map(str, pairs))
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] != limits.open_files, "ours are not touched"
