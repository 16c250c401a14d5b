"""All storms, as one command.

`python -m tests.storm --runs 100 --kills 200 --copies K --seed N --failpoints --depth N --budget KILLS --fence ROUNDS
--forget TASKS --box`
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.storm.box_storm import box_storm
from tests.storm.budget_storm import budget_storm
from tests.storm.failpoint_storm import failpoint_storm
from tests.storm.fence_storm import fence_storm
from tests.storm.forget_storm import forget_storm
from tests.storm.random_storm import random_storm
from tests.storm.report import Report


def main(arguments: Sequence[str] | None = None) -> int:
    """Storm, print a table for each storm, and give 1 where a rule is broken; what is broken is kept to look at."""
    given = _parser().parse_args(arguments)
    folder = Path(given.folder or tempfile.mkdtemp(prefix="storm-"))
    broken = False
    for storm in _storms(given, folder):
        report = storm()
        print(report.table(), flush=True)
        broken = broken or bool(report.broken)
    if broken:
        print(f"Broken, with seed {given.seed}; everything lies in {folder}", file=sys.stderr)
    elif not given.folder:
        shutil.rmtree(folder)
    return int(broken)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    parser.add_argument("--runs", type=int, default=100, help="runs in the random storms, half of them where it asks")
    parser.add_argument("--kills", type=int, default=200, help="kills at random moments; 0 leaves these storms out")
    parser.add_argument("--copies", type=int, default=20, help="copies as after a power loss, in the random storms")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same choices")
    parser.add_argument("--failpoints", action="store_true", help="also kill at every failpoint")
    parser.add_argument("--depth", type=int, default=3, help="at each failpoint: the first to this time it is reached")
    parser.add_argument("--budget", type=int, default=0, metavar="KILLS", help="also storm a cap of $1 with kills")
    parser.add_argument("--fence", type=int, default=0, metavar="ROUNDS", help="also take runs from living workers")
    parser.add_argument("--forget", type=int, default=0, metavar="TASKS", help="also forget tasks under kills")
    parser.add_argument("--box", action="store_true", help="also kill workers whose command runs in the sandbox")
    parser.add_argument("--folder", help="where to storm; a new temporary folder by default")
    return parser


def _storms(given: argparse.Namespace, folder: Path) -> Iterator[Callable[[], Report]]:
    half = (given.runs // 2, given.kills // 2, given.copies // 2)
    rest = (given.runs - half[0], given.kills - half[1], given.copies - half[2])
    if given.kills:
        yield lambda: random_storm(folder, "random-allowed", given.seed, *rest, asks=False)
        yield lambda: random_storm(folder, "random-asked", given.seed, *half, asks=True)
    if given.failpoints:
        yield lambda: failpoint_storm(folder, "failpoints-allowed", given.seed, given.depth, asks=False)
        yield lambda: failpoint_storm(folder, "failpoints-asked", given.seed, 1, asks=True)
    if given.budget:
        yield lambda: budget_storm(folder, "budget-one", given.seed, given.budget, two=False)
        yield lambda: budget_storm(folder, "budget-two", given.seed, given.budget, two=True)
    if given.fence:
        yield lambda: fence_storm(folder, "fence", given.seed, given.fence)
    if given.forget:
        yield lambda: forget_storm(folder, "forget", given.seed, given.forget)
    if given.box:
        yield lambda: box_storm(folder, "box", given.seed)
