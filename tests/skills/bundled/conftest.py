from pathlib import Path

import pytest

from tests.skills.bundled.script import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "work")
