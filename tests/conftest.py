"""Options of the whole suite."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--storm`: how long the storms are."""
    parser.addoption("--storm", choices=("short", "long"), default="short", help="short: a minute; long: many")
