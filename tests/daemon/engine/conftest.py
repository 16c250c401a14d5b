from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from daemon.store import database
from tests.daemon.engine import workbench
from tests.daemon.engine.workbench import Workbench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Callable[..., Workbench]]:
    """Give the maker of workbenches; all threads and connections are closed at the end."""
    made: list[Workbench] = []

    def make(*args: Any, **kwargs: Any) -> Workbench:
        made.append(workbench.make(tmp_path / "home", *args, **kwargs))
        return made[-1]

    yield make
    for each in made:
        each.parts.thread.close()
    database.close()
