"""The command: `python -m tests.benchmarks [NAME ...] [--json FILE] [--markdown FILE] [--quick] [--data FOLDER]`."""

import argparse
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from tests.benchmarks import table
from tests.benchmarks.figure import Figure
from tests.benchmarks.setting import Setting

NAMES = (
    "light-commands",
    "engine-step",
    "submit-to-start",
    "runs-at-once",
    "history-size",
    "idle-memory",
    "contention",
    "sandbox-cost",
    "snapshots",
    "csv-report",
    "documents",
    "model-calls",
    "from-a-phone",
)
"""Each is a module of this package with a function `measure`; loaded one by one, since none needs the others."""


def measure(name: str, setting: Setting) -> list[Figure]:
    """Run one benchmark."""
    module = import_module(f"tests.benchmarks.{name.replace('-', '_')}")
    found: list[Figure] = module.measure(setting)
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run those that are named, or all; print their figures as they come."""
    given = _parser().parse_args(arguments)
    setting = Setting(quick=given.quick, data=given.data.resolve())
    figures: dict[str, list[Figure]] = {}
    print(table.machine())
    for name in given.names or NAMES:
        figures[name] = measure(name, setting)
        print(f"\n{name}\n{table.plain(figures[name])}", flush=True)
    if given.json:
        given.json.write_text(table.as_json(figures), "utf-8")
    if given.markdown:
        given.markdown.write_text(table.markdown(figures), "utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Measure how fast it is.")
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[[], *NAMES], help=f"of {', '.join(NAMES)}; all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every single value")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="also write a table for a README")
    parser.add_argument("--quick", action="store_true", help="only show that all works; the figures mean little")
    default = Path(tempfile.gettempdir()) / "personal-agent-benchmarks"
    parser.add_argument("--data", type=Path, metavar="FOLDER", default=default, help=f"keeps made-up tasks; {default}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
