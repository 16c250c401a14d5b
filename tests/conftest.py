"""Options of the whole suite."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--storm`: how long the storms are."""
    parser.addoption("--storm", choices=("short", "long"), default="short", help="short: a minute; long: many")


@pytest.fixture
def storm_is_long(request: pytest.FixtureRequest) -> bool:
    """Say whether the long form was asked for."""
    return bool(request.config.getoption("--storm") == "long")
