"""The wheel, built without the network and installed elsewhere, has all that the program needs."""

import importlib.metadata
import importlib.util
import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.packaging.checkout import ROOT, copy_to, tracked


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from what is tracked, by the build backend that is installed here."""
    source = copy_to(tmp_path_factory.mktemp("source"))
    target = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(target), str(source)]
    built = subprocess.run(build, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (made,) = target.glob("personal_agent-*.whl")
    return made


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel in an environment of its own that borrows this one's dependencies; gives its bin folder.

    The borrowed folder comes after the wheel's own, and its .pth files, which name this checkout, are not read.
    """
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    install = [sys.executable, "-m", "pip", "--python", str(folder / "bin/python"), "install"]
    options = ["--quiet", "--no-deps", "--no-index", "--force-reinstall", str(wheel)]
    installed = subprocess.run([*install, *options], capture_output=True, text=True, check=False)
    assert installed.returncode == 0, installed.stderr
    return folder / "bin"


def _run(program: Path, *arguments: str, home: Path) -> str:
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}
    done = subprocess.run([program, *arguments], cwd=home, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_has_every_tracked_file_of_config_and_systemd(wheel: Path) -> None:
    shipped = {f"daemon/data/{path.as_posix()}" for path in tracked("config", "systemd")}
    names = set(zipfile.ZipFile(wheel).namelist())
    assert shipped
    assert shipped <= names


def test_the_wheel_has_every_tracked_file_of_the_packages(wheel: Path) -> None:
    ours = {path.as_posix() for path in tracked("daemon", "channels", "agents", "skills")}
    names = set(zipfile.ZipFile(wheel).namelist())
    assert len(ours) > 100
    assert ours <= names


def test_the_wheel_has_nothing_but_the_packages_and_their_data(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"daemon", "channels", "agents", "skills"}


def test_an_installed_wheel_finds_what_is_shipped_with_it(elsewhere: Path, tmp_path: Path) -> None:
    code = """
import json
from daemon.settings.places import shipped
from skills.library import bundled_folder
names = ("config/config.yaml", "config/policy.yaml", "systemd/personal-agent.service")
print(json.dumps([str(shipped(name)) for name in names] + [str(bundled_folder())]))
"""
    found = [Path(path) for path in json.loads(_run(elsewhere / "python", "-c", code, home=tmp_path))]
    assert all(path.is_relative_to(elsewhere.parent) for path in found)
    assert [path.read_bytes() for path in found[:3]] == [
        (ROOT / name).read_bytes()
        for name in ("config/config.yaml", "config/policy.yaml", "systemd/personal-agent.service")
    ]
    bundled = {path.parent.name for path in tracked("skills/bundled/*/SKILL.md")}
    assert {path.parent.name for path in found[3].glob("*/SKILL.md")} == bundled


def test_the_command_of_an_installed_wheel_starts(elsewhere: Path, tmp_path: Path) -> None:
    assert "Usage: agent" in _run(elsewhere / "agent", "--help", home=tmp_path)


def test_the_command_of_an_installed_wheel_lists_the_bundled_skills(elsewhere: Path, tmp_path: Path) -> None:
    assert "csv-report" in _run(elsewhere / "agent", "skills", home=tmp_path)


@pytest.mark.parametrize("name", ["daemon", "channels", "agents", "skills"])
def test_the_package_is_imported_from_this_distribution(name: str) -> None:
    # python-daemon, openai-agents and channels would install packages of the same names.
    assert importlib.metadata.packages_distributions().get(name, ["personal-agent"]) == ["personal-agent"]
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin == str(ROOT / name / "__init__.py")
    direct = json.loads(importlib.metadata.distribution("personal-agent").read_text("direct_url.json") or "{}")
    assert direct.get("url") == ROOT.as_uri()
