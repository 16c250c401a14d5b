"""A pytest plugin: after a run with `--cov --cov-report=` it lists the files that tests cover least."""

import io

import coverage
import pytest

_SHOWN = 20
_WIDTH = 140


@pytest.hookimpl(tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the worst files and the total, before pytest's closing line."""
    if not config.pluginmanager.hasplugin("_cov"):
        return
    measured = coverage.Coverage()
    measured.load()
    if not any(measured.get_data().measured_files()):
        return
    table = io.StringIO()
    total = measured.report(file=table)
    rows = [line for line in table.getvalue().splitlines() if line.split(" ")[0].endswith(".py")]
    terminalreporter.section(f"coverage in this process: {total:.0f} %, {len(rows)} files with uncovered lines")
    for row in rows[:_SHOWN]:
        terminalreporter.write_line(row if len(row) <= _WIDTH else row[: _WIDTH - 1] + "…")
    if len(rows) > _SHOWN:
        terminalreporter.write_line(f"… the others: .venv/bin/coverage report (of {len(rows) - _SHOWN} files)")
