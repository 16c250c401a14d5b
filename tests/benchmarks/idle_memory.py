"""Memory of `agent daemon` after its start and after a task, and of a light command."""

import statistics
import subprocess
import sys

from daemon.domain.run import RunStatus
from daemon.domain.task import NewTask
from daemon.engine.service import Service
from tests.benchmarks.figure import Figure, figure
from tests.benchmarks.household import OWNER, Household, household
from tests.benchmarks.proc import Memory, memory_of
from tests.benchmarks.serving import real_daemon, wait_until
from tests.benchmarks.setting import Setting
from tests.benchmarks.tables import sales

_AT_THE_END = """
import atexit, os, sys
def tell():
    sys.stderr.write(open("/proc/self/smaps_rollup").read())
atexit.register(tell)
sys.argv = {argv!r}
from daemon.main import main
main()
"""
"""A light command that tells its memory when it is done."""


def measure(setting: Setting) -> list[Figure]:
    """Start daemons, one after the other; each does one report."""
    started: list[Memory] = []
    worked: list[Memory] = []
    light: list[Memory] = []
    bare: list[Memory] = []
    for _ in range(setting.rounds(5, 1)):
        with household(setting) as house:
            service = house.service()
            with real_daemon(house) as daemon:
                started.append(_calm(daemon))
                _do_a_report(service, setting)
                worked.append(_calm(daemon))
            light.append(_at_the_end(house, _AT_THE_END.format(argv=["agent", "list"])))
            bare.append(_at_the_end(house, 'import sys; sys.stderr.write(open("/proc/self/smaps_rollup").read())'))
    return [
        *_figures("agent daemon, started and idle", started),
        *_figures("agent daemon, idle after a csv-report", worked),
        *_figures("agent list, at its end", light),
        *_figures("python3 -c pass, at its end", bare),
    ]


def _figures(name: str, found: list[Memory]) -> list[Figure]:
    return [
        figure(f"{name}: RSS", "MB", [one.resident for one in found]),
        figure(f"{name}: PSS", "MB", [one.proportional for one in found]),
    ]


def _calm(daemon: "subprocess.Popen[bytes]") -> Memory:
    """Give the memory once two looks in a row agree."""
    looks: list[Memory] = []

    def agree() -> bool:
        looks.append(memory_of(daemon.pid))
        last = [look.resident for look in looks[-20:]]
        return len(last) == 20 and statistics.pstdev(last) < 0.05

    wait_until(agree, "the daemon's memory to settle")
    return looks[-1]


def _do_a_report(service: Service, setting: Setting) -> None:
    path = sales(setting, 100)
    new = NewTask(goal=f"report on {path.name}", principal=OWNER, files=(service.keep_file(path),))
    task = service.submit(new)
    wait_until(lambda: service.reads.task(task.id).status.final, "the report")
    run = service.reads.run(task.run_id)
    if run.status is not RunStatus.DONE:
        raise RuntimeError(f"the report is {run.status}: {run.error}")


def _at_the_end(house: Household, code: str) -> Memory:
    said = house.run([sys.executable, "-c", code]).stderr.decode()
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in said.splitlines() if line.endswith(" kB")}
    return Memory(sizes["Rss"], sizes["Pss"])
