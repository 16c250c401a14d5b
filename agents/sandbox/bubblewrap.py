"""The port `Sandbox` by bubblewrap(1). There is no way round it: without bwrap nothing is run."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from agents.sandbox.cgroup import Group, sweep
from agents.sandbox.confinement import Confinement, OnOutput
from agents.sandbox.hierarchy import Hierarchy, hierarchies
from agents.sandbox.launch import BEGIN, BEGIN_SESSION, Plan, launch, let_in
from agents.sandbox.leftovers import end_leftovers
from agents.sandbox.own_etc import OwnEtc
from agents.sandbox.pidspace import can_be_limited
from agents.sandbox.places import shown_folders, workspace_of, written_to
from agents.sandbox.profile import Profile
from agents.sandbox.refusal import explain, missing
from agents.sandbox.seccomp import filter_program
from agents.sandbox.session import LineSession, Talk, endless, opened
from agents.sandbox.trusted import disarm, trusted_in
from agents.sandbox.weakness import weaknesses
from daemon.domain.errors import SandboxUnavailable
from daemon.domain.sandbox import Box, BoxLimits, Command, Completed
from daemon.domain.to_its_end import to_its_end

_PROBE_SECONDS = 10.0
_ENOUGH = 4096  # bytes of what bwrap says


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What a command starts with: bwrap, what it is told, and the folders that the command may write to."""

    program: str
    plan: Plan
    folders: tuple[Path, ...]
    kept: Mapping[Path, Mapping[Path, str]]

    async def disarm(self) -> list[str]:
        """Put out of action what the command made for programs outside; gives what was done, also when cancelled."""
        said: list[str] = []
        if self.kept:
            await to_its_end(asyncio.to_thread(self._disarm, said))
        return said

    def _disarm(self, said: list[str]) -> None:
        for folder, kept in self.kept.items():
            said += disarm(folder, kept)


class Bubblewrap:
    """Runs commands in namespaces of their own, without network, under a system call filter."""

    def __init__(
        self,
        program: str = "bwrap",
        secret: Sequence[Path] = (),
        groups: bool = True,
        numbers: bool = True,
        scratch: Path | None = None,
    ) -> None:
        """Use the bwrap that `program` names; `secret` are the agent's own folders, which no command ever sees.

        What is made for all commands lies in the folder `scratch`, else in one of this process. `groups` says whether
        control groups are used where they can be had, `numbers` whether process numbers are limited where they cannot.
        Nothing is looked at yet: that is done by the first `run` or `unavailable`.
        """
        self._program = program
        self._secret = tuple(secret)
        self._etc = OwnEtc(scratch)
        self._profile: Profile | None = None
        self._works = False
        self._wants_groups = groups
        self._wants_numbers = numbers
        self._numbered = False
        self._places: tuple[Hierarchy, ...] = ()

    def unavailable(self) -> str | None:
        """Try an empty sandbox, once it worked never again; the text says why it failed and how to mend it."""
        if not self._works:
            try:
                self._probe()
            except SandboxUnavailable as error:
                return str(error)
            self._works = True
        return None

    def weaknesses(self) -> list[tuple[str, str]]:
        """Give what holds less than it could on this machine, each with the fix; nothing is run without the rest.

        Raises SandboxUnavailable where there is no sandbox at all.
        """
        self._ready()
        return weaknesses(self._places, self._numbered)

    def hidden(self, box: Box) -> tuple[Path, ...]:
        """Give what no command sees of the folders of `box`; raises BadInput for one that must not be shown."""
        workspace = workspace_of(box.workspace, self._secret)
        return tuple(path for one in shown_folders(box.folders, workspace, self._secret) for path in one.hidden)

    async def run(
        self,
        command: Command,
        box: Box,
        on_output: OnOutput | None = None,
    ) -> Completed:
        """Run `command` in `box`; raises SandboxUnavailable, or BadInput for what may not be shown or run.

        Nothing of the command is alive when this returns, raises or is cancelled. A program that is not found gives
        status 127, one that may not be executed 126. `Ending.STOPPED` is a command that used more memory or more
        processes than allowed; the last line of its stderr says so.
        """
        prepared = await self._prepared(command, box, command.stdin)
        try:
            completed = await self._begun(prepared, box.limits, on_output).follow()
        finally:
            said = await prepared.disarm()
        return replace(completed, stderr=completed.stderr + b"".join(b"\n[%b]\n" % os.fsencode(one) for one in said))

    @asynccontextmanager
    async def open(self, command: Command, box: Box) -> AsyncIterator[LineSession]:
        """Start `command` as a session in `box`; everything of it is killed on leaving, and with us."""
        prepared = await self._prepared(command, box, None)
        talk = Talk(box.limits.output)
        try:
            async with opened(self._begun(prepared, endless(box.limits), talk.hear), talk) as session:
                yield session
        finally:
            await prepared.disarm()

    async def _prepared(self, command: Command, box: Box, stdin: bytes | None) -> _Prepared:
        if self._profile is not None and not box.folders and not box.mounts:
            return self._prepare(command, box, stdin)  # some paths of our own: a thread would take longer
        return await asyncio.to_thread(self._prepare, command, box, stdin)

    def _prepare(self, command: Command, box: Box, stdin: bytes | None) -> _Prepared:
        program, profile = self._ready()
        folders = written_to(box, profile.secret) if box.folders else (box.workspace.resolve(),)
        kept = {folder: trusted_in(folder) for folder in folders[1:]}  # the first is the workspace
        further = profile.fitted(command, box, kept)
        return _Prepared(program, Plan(profile.options, further, command.argv, stdin), folders, kept)

    def _begun(self, prepared: _Prepared, limits: BoxLimits, on_output: OnOutput | None) -> Confinement:
        """Start it in the thread of the loop, with which it dies; the group is made while bwrap begins."""
        launched = launch(prepared.program, prepared.plan)
        try:
            group = self._group(limits)
        except BaseException:
            launched.close()  # without a gate it ends
            raise
        return Confinement(launched, limits, on_output, prepared.folders, group, self._numbered)

    def _group(self, limits: BoxLimits) -> Group | None:
        """Make a control group; None where none can be had, and then more is measured."""
        if not self._places:
            return None
        try:
            return Group(self._places, limits)
        except OSError:
            return None

    def _probe(self) -> None:
        program, profile = self._ready()
        plan = Plan(profile.options, profile.bare(BoxLimits()), ("/usr/bin/true",))
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
            for mark in (BEGIN, BEGIN_SESSION):
                end_leftovers(mark.encode())
            if self._wants_groups:
                self._places = hierarchies()
                sweep(self._places)
            self._numbered = self._wants_numbers and can_be_limited()
            filter_program()
            self._profile = Profile.of_this_machine(self._etc, self._secret)
        return program, self._profile
