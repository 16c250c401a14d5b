"""How long the storms are."""

import pytest


@pytest.fixture
def storm_is_long(request: pytest.FixtureRequest) -> bool:
    """Say whether the long form was asked for."""
    return bool(request.config.getoption("--storm") == "long")
