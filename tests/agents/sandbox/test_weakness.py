"""The doctor hears what of the sandbox does not hold on this machine, and how to mend it."""

import os
from pathlib import Path

import pytest

from agents.sandbox.bubblewrap import Bubblewrap
from agents.sandbox.hierarchy import Hierarchy, hierarchies
from agents.sandbox.pidspace import can_be_limited
from agents.sandbox.weakness import weaknesses
from daemon.domain.errors import SandboxUnavailable


def words(found: list[tuple[str, str]]) -> str:
    return " ".join(what for what, _ in found)


def test_without_control_groups_that_is_said_with_the_fix() -> None:
    found = Bubblewrap(groups=False, numbers=False).weaknesses()
    assert "control group for memory" in words(found)
    assert ("fork bomb" in words(found)) == (os.geteuid() == 0)
    assert all("Delegate=yes" in fix for what, fix in found if "control group" in what)


def test_with_control_groups_none_is_missed() -> None:
    place = Hierarchy(Path("/sys/fs/cgroup/agent"), 2, ("pids", "memory"))
    assert "control group" not in words(weaknesses([place], False))


def test_numbers_stand_in_for_the_group_of_processes() -> None:
    assert "fork bomb" not in words(weaknesses([], True))


def test_the_weaknesses_are_those_of_this_machine() -> None:
    assert Bubblewrap().weaknesses() == weaknesses(hierarchies(), can_be_limited())


def test_without_a_sandbox_there_are_no_weaknesses_to_name() -> None:
    with pytest.raises(SandboxUnavailable):
        Bubblewrap(program="no-such-bwrap").weaknesses()
