"""What a kill in the moment of a start leaves is ended by the next agent, and nothing else is."""

import asyncio
import os
import shutil
import signal
import subprocess
from pathlib import Path

from agents.sandbox.bubblewrap import Bubblewrap
from agents.sandbox.launch import BEGIN
from agents.sandbox.leftovers import end_leftovers
from daemon.domain.sandbox import Command
from tests.agents.sandbox.conftest import Ground
from tests.agents.sandbox.test_endings import alive, until

MARK = BEGIN.encode()


async def test_a_first_process_without_its_bwrap_is_ended(ground: Ground) -> None:
    bwrap = shutil.which("bwrap")
    assert bwrap is not None
    gate, ours = os.pipe()
    line = [bwrap, *("--unshare-user", "--unshare-pid", "--ro-bind", "/", "/", "--block-fd", str(gate))]
    started = subprocess.Popen([*line, "--", "/bin/sh", "-c", BEGIN, ground.top.name], pass_fds=(gate,))  # noqa: ASYNC220
    await until(lambda: len(alive(ground.top.name)) == 2)
    end_leftovers(MARK)
    assert len(alive(ground.top.name)) == 2, "it has its bwrap"
    started.send_signal(signal.SIGKILL)
    started.wait()
    assert len(alive(ground.top.name)) == 1, "its first process lives on"
    assert Bubblewrap().unavailable() is None, "the next agent"
    await until(lambda: not alive(ground.top.name))
    for descriptor in (gate, ours):
        os.close(descriptor)


async def test_a_running_command_is_left_alone(sandbox: Bubblewrap, ground: Ground) -> None:
    code = "touch begun; until [ -e go ]; do sleep 0.01; done; echo done"
    running = asyncio.create_task(sandbox.run(Command(("bash", "-c", code)), ground.box))
    await until((ground.workspace / "begun").exists)
    end_leftovers(MARK)
    (ground.workspace / "go").touch()
    assert (await running).stdout == b"done\n"


def test_a_process_that_only_bears_the_mark_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen(["/bin/sh", "-c", "read -r _", BEGIN], stdin=subprocess.PIPE) as process:
        end_leftovers(MARK)
        process.communicate(b"go\n")
    assert process.returncode == 0
