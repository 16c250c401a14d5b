"""The lock file has every package that pyproject.toml asks for, with hashes, and nothing of one machine."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packaging.checkout import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCK = (ROOT / "requirements.lock").read_text()
APPLICATION, DEVELOPMENT = LOCK.split("# For development\n")
BUILD = ["hatchling", "editables"]


def _locked(text: str) -> dict[str, set[str]]:
    """Give the versions of each package (some differ by the version of Python)."""
    found: dict[str, set[str]] = {}
    for line in text.splitlines():
        if line and line[0] not in "# ":
            requirement = Requirement(line.rstrip("\\ "))
            (pin,) = requirement.specifier
            assert pin.operator == "=="
            found.setdefault(canonicalize_name(requirement.name), set()).add(pin.version)
    return found


def _assert_locked(wanted: list[str], locked: dict[str, set[str]]) -> None:
    for requirement in map(Requirement, wanted):
        versions = locked[canonicalize_name(requirement.name)]
        assert all(requirement.specifier.contains(version) for version in versions), requirement


def test_the_application_is_locked_with_what_builds_it() -> None:
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"], *BUILD]
    _assert_locked(wanted, _locked(APPLICATION))


def test_what_tests_need_is_locked() -> None:
    _assert_locked(PROJECT["project"]["optional-dependencies"]["dev"], _locked(LOCK))


def test_what_only_tests_need_is_not_in_the_application() -> None:
    assert not {"pytest", "mypy", "ruff", "hypothesis"} & set(_locked(APPLICATION))
    assert {"pytest", "mypy", "ruff", "hypothesis"} <= set(_locked(DEVELOPMENT))


def test_every_locked_package_has_hashes_and_nothing_else() -> None:
    blocks = re.split(r"\n(?=\S)", LOCK)
    for block in (block.strip("\n") for block in blocks if not block.startswith("#")):
        _, *hashes = block.splitlines()
        assert hashes, block
        assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line) for line in hashes), block


@pytest.mark.parametrize("text", ["certifi==", "://", "index-url", "find-links", "file:", str(Path.home())])
def test_the_lock_file_has_nothing_of_one_machine(text: str) -> None:
    assert text not in LOCK
