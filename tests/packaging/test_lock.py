"""The lock file has every package that pyproject.toml asks for, with hashes, and nothing of one machine."""

import ast
import importlib.metadata
import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packaging.checkout import ROOT, tracked

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


def _imported(*patterns: str) -> set[str]:
    """Give the top-level names that the tracked files import and that neither Python nor this checkout has."""
    files = tracked(*patterns)
    ours = {*sys.stdlib_module_names, "daemon", "channels", "agents", "skills", "tests"}
    # Scripts of a skill import their neighbours by their bare names.
    ours |= {part for path in files for part in path.with_suffix("").parts}
    trees = (ast.parse((ROOT / path).read_text()) for path in files)
    names = {name for tree in trees for node in ast.walk(tree) for name in _names(node)}
    return {name.split(".")[0] for name in names} - ours


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module] if node.module and not node.level else []
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def _undeclared(imported: set[str], wanted: list[str]) -> set[str]:
    declared = {canonicalize_name(Requirement(text).name) for text in wanted}
    providers = importlib.metadata.packages_distributions()
    return {name for name in imported if not declared & {canonicalize_name(one) for one in providers.get(name, [])}}


def test_the_program_imports_only_what_it_declares() -> None:
    assert _undeclared(_imported("*.py", ":!tests"), PROJECT["project"]["dependencies"]) == set()


def test_the_tests_import_only_what_is_declared() -> None:
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["dev"], "pip"]
    assert _undeclared(_imported("tests/*.py"), wanted) == set()
