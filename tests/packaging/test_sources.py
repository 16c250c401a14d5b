"""What holds for every file that is tracked."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from tests.packaging.checkout import ROOT, tracked

REGISTRY = re.compile(
    rb"\b(?:pypi|pythonhosted|npmjs|(?:deb|ftp|security|snapshot)\.debian|archive\.ubuntu|golang|crates)\.(?:org|com|io)\b"
)
LONGEST_FILE = 400
LONGEST_FUNCTION = 50
HOUSE = {"agents", "channels", "config", "daemon", "skills", "systemd", "tests"}
PAPERS = {"CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "pyproject.toml", "requirements.lock"}


def test_no_file_names_the_host_of_a_package_registry() -> None:
    named = {str(path): REGISTRY.findall((ROOT / path).read_bytes()) for path in tracked()}
    assert {path: hosts for path, hosts in named.items() if hosts} == {}


@pytest.mark.parametrize("name", ["pypi", "files.pythonhosted", "registry.npmjs", "deb.debian", "proxy.golang"])
def test_the_hosts_of_package_registries_are_known(name: str) -> None:
    assert REGISTRY.search(f"see https://{name}.org/simple".encode())


def _program() -> list[Path]:
    return tracked("*.py", ":!tests")


def test_no_file_of_the_program_is_longer_than_400_lines() -> None:
    lengths = {str(path): len((ROOT / path).read_text().splitlines()) for path in _program()}
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_of_the_program_is_longer_than_50_lines() -> None:
    lengths = {
        f"{path}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in _program()
        for node in ast.walk(ast.parse((ROOT / path).read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert len(lengths) > 100
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
    assert [path for path in tracked("*.py") if empty & {*path.with_suffix("").parts}] == []


def test_the_top_level_has_the_rooms_and_the_papers_only() -> None:
    tops = {path.parts[0] for path in tracked()}
    assert {top for top in tops if not top.startswith(".")} <= HOUSE | PAPERS


def test_shell_scripts_pass_shellcheck() -> None:
    scripts = [*tracked("*.sh"), Path(".ci/run")]
    assert {"systemd/setup.sh", "tests/all.sh"} <= {str(path) for path in scripts}
    checked = subprocess.run(["shellcheck", *scripts], cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_hooks_before_a_commit_come_from_this_machine_only() -> None:
    text = (ROOT / ".pre-commit-config.yaml").read_text()
    assert re.findall(r"repo: *(\S+)", text) == ["local"]
    assert "://" not in text


def test_ci_runs_the_test_command_of_the_readme() -> None:
    script = ROOT / ".ci/run"
    assert script.stat().st_mode & 0o111
    assert script.read_text().splitlines()[1:] == ["exec sh tests/all.sh"]
