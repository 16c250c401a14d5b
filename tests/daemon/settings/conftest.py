"""A configuration folder of its own for each test, and an environment without the variables of the developer."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[[str | bytes], Path]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("AGENT_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    path = tmp_path / "config"
    path.mkdir(mode=0o700)
    monkeypatch.setenv("AGENT_CONFIG", str(path))
    return path


def _writer(path: Path) -> Write:
    def write(content: str | bytes) -> Path:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        path.chmod(0o600)
        return path

    return write


@pytest.fixture
def write_config(folder: Path) -> Write:
    return _writer(folder / "config.yaml")


@pytest.fixture
def write_policy(folder: Path) -> Write:
    return _writer(folder / "policy.yaml")


@pytest.fixture
def write_dotenv(folder: Path) -> Write:
    return _writer(folder / ".env")
