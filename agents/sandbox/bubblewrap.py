"""The port `Sandbox` by bubblewrap(1). There is no way round it: without bwrap nothing is run."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from agents.sandbox.confinement import Confinement
from agents.sandbox.launch import BEGIN, Plan, launch, let_in
from agents.sandbox.leftovers import end_leftovers
from agents.sandbox.places import shown_folders, workspace_of
from agents.sandbox.profile import Profile
from agents.sandbox.refusal import explain, missing
from agents.sandbox.seccomp import filter_program
from daemon.domain.errors import SandboxUnavailable
from daemon.domain.sandbox import Box, BoxLimits, Command, Completed

_PROBE_SECONDS = 10.0
_ENOUGH = 4096  # bytes of what bwrap says


class Bubblewrap:
    """Runs commands in namespaces of their own, without network, under a system call filter."""

    def __init__(self, program: str = "bwrap", secret: Sequence[Path] = ()) -> None:
        """Use the bwrap that `program` names; `secret` are the agent's own folders, which no command ever sees.

        Nothing is looked at yet: that is done by the first `run` or `unavailable`.
        """
        self._program = program
        self._secret = tuple(secret)
        self._profile: Profile | None = None
        self._works = False

    def unavailable(self) -> str | None:
        """Try an empty sandbox, once it worked never again; the text says why it failed and how to mend it."""
        if not self._works:
            try:
                self._probe()
            except SandboxUnavailable as error:
                return str(error)
            self._works = True
        return None

    def hidden(self, box: Box) -> tuple[Path, ...]:
        """Give what no command sees of the folders of `box`; raises BadInput for one that must not be shown."""
        workspace = workspace_of(box.workspace, self._secret)
        return tuple(path for one in shown_folders(box.folders, workspace, self._secret) for path in one.hidden)

    async def run(
        self,
        command: Command,
        box: Box,
        on_output: Callable[[str, bytes], None] | None = None,
    ) -> Completed:
        """Run `command` in `box`; raises SandboxUnavailable, or BadInput for what may not be shown or run.

        Nothing of the command is alive when this returns, raises or is cancelled. A program that is not found gives
        status 127, one that may not be executed 126. `Ending.STOPPED` is a command that used more memory or more
        processes than allowed; the last line of its stderr says so.
        """
        program, plan = await asyncio.to_thread(self._prepare, command, box)
        return await Confinement(launch(program, plan), box.limits, on_output).follow()

    def _prepare(self, command: Command, box: Box) -> tuple[str, Plan]:
        program, profile = self._ready()
        further = profile.fitted(command, box)
        return program, Plan(profile.options, profile.files, further, command.argv, command.stdin)

    def _probe(self) -> None:
        program, profile = self._ready()
        plan = Plan(profile.options, profile.files, profile.bare(BoxLimits()), ("/usr/bin/true",))
        launched = launch(program, plan)
        try:
            let_in(launched, b"\n")
            status = launched.bwrap.wait(_PROBE_SECONDS)
            said = b"" if status == 0 else os.read(launched.stderr, _ENOUGH)
        except subprocess.TimeoutExpired:
            launched.bwrap.kill()
            status, said = launched.bwrap.wait(), b"it hangs"
        finally:
            launched.close()
        if status != 0:
            raise explain(said.decode(errors="replace"))

    def _ready(self) -> tuple[str, Profile]:
        program = shutil.which(self._program)
        if program is None:
            raise missing(self._program)
        if self._profile is None:
            end_leftovers(BEGIN.encode())
            filter_program()
            self._profile = Profile.of_this_machine(self._secret)
        return program, self._profile
