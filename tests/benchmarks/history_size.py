"""What the length of the history costs: the same questions to 1,000 and to 1,000,000 tasks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from daemon.domain.run import RunStatus, WaitingFor
from daemon.engine.reads import Reads
from daemon.engine.recover import recover
from daemon.store import database, outbox, runs
from daemon.store.daily import day_of
from daemon.store.home import Home
from tests.benchmarks.figure import Figure, figure
from tests.benchmarks.household import OWNER, Household, asked, household
from tests.benchmarks.population import populated
from tests.benchmarks.setting import Setting
from tests.benchmarks.stopwatch import milliseconds
from tests.benchmarks.words import SHARES

_SIZES = (1_000, 100_000, 1_000_000)
_QUICK_SIZES = (100, 400)
_PROMISED = 2.0
_NOW = 1_790_000_000.0
_PAGE = 51
"""What `agent list` asks for."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask the store; `promised` where its cost may not double. `undo` puts back what it changed."""

    ask: Callable[[], object]
    promised: bool = False
    undo: Callable[[], object] = lambda: None


def measure(setting: Setting) -> list[Figure]:
    """Ask every size in turn, several times over, through a connection that is opened anew each time."""
    sizes = _QUICK_SIZES if setting.quick else _SIZES
    taken: dict[tuple[str, int], list[float]] = {}
    promised: dict[str, bool] = {}
    folders = {size: populated(setting, size) for size in sizes}
    for _ in range(setting.rounds(5)):
        for size in sizes:
            with household(setting, folders[size]) as house:
                for name, question in _questions(house, size).items():
                    promised[name] = question.promised
                    taken.setdefault((name, size), []).extend(_ask(question, setting.rounds(12, 1)))
    return [one for name in promised for one in _figures(name, promised[name], sizes, taken)]


def _ask(question: Question, times: int) -> list[float]:
    """Ask once for nothing, so that the pages are at hand at every size, then so many times."""
    values = []
    for _ in range(times + 1):
        values.append(milliseconds(question.ask))
        question.undo()
    return values[1:]


def _figures(
    name: str, promised: bool, sizes: tuple[int, ...], taken: Mapping[tuple[str, int], list[float]]
) -> list[Figure]:
    least = figure(f"{name}, {sizes[0]:,} tasks", "ms", taken[name, sizes[0]])
    figures = [least]
    for size in sizes[1:]:
        values = taken[name, size]
        figures.append(figure(f"{name}, {size:,} tasks", "ms", values))
        bound = _PROMISED if promised else None
        shares = [value / least.median for value in values]
        figures.append(figure(f"{name}, {size:,} / {sizes[0]:,} tasks", "x", shares, bound))
    return figures


def _questions(house: Household, size: int) -> dict[str, Question]:
    service = house.service()
    reads, middle = service.reads, size // 2
    lists = {
        "list, newest page": Question(partial(reads.page, most=_PAGE), True),
        "list, a page in the middle": Question(partial(reads.page, most=_PAGE, before=middle), True),
        "list, one status (done)": Question(partial(reads.page, statuses=[RunStatus.DONE], most=_PAGE), True),
        "list, one status (waiting)": Question(partial(reads.page, statuses=[RunStatus.WAITING], most=_PAGE), True),
        "list, two statuses (done, error)": Question(
            partial(reads.page, statuses=[RunStatus.DONE, RunStatus.ERROR], most=_PAGE), True
        ),
        "list, a project": Question(partial(reads.page, project="project-3", most=_PAGE), True),
        "list, a project and a status (done)": Question(
            partial(reads.page, project="project-3", statuses=[RunStatus.DONE], most=_PAGE), True
        ),
        "list, a project and a status (waiting)": Question(
            partial(reads.page, project="project-3", statuses=[RunStatus.WAITING], most=_PAGE), True
        ),
        "list, two statuses (waiting, paused)": Question(
            partial(reads.page, statuses=[RunStatus.WAITING, RunStatus.PAUSED], most=_PAGE), True
        ),
    }
    for word, share in SHARES.items():
        lists[f"search, a word in {share:.4g} of all"] = Question(partial(reads.search, word), True)
    lists |= {
        "search, two words (0.5 and 0.01) that never meet": Question(partial(reads.search, "weekly ledger")),
        "search, a page in the middle (0.5)": Question(partial(reads.search, "weekly", before=middle), True),
        "counts": Question(reads.counts, True),
        "stats, 30 days": Question(partial(reads.days, day_of(_NOW - 30 * 86_400)), True),
        "stats, all days": Question(reads.totals),
        "history of a task": Question(partial(reads.history, middle)),
        "a task with its runs and steps": Question(partial(_whole, reads, middle)),
        "open approvals": Question(reads.approvals),
        "newest audit entries": Question(reads.audit),
        "workers": Question(reads.workers),
    }
    return lists | _housework(house)


def _housework(house: Household) -> dict[str, Question]:
    """Give what a worker does: at each bell, each second, and for each task."""
    service = house.service()
    made: list[int] = []

    def submit() -> None:
        made.append(service.submit(asked("a weekly look at the ledger")).id)

    def forget() -> None:
        service.cancel(made[-1], OWNER)
        service.forget(made.pop(), OWNER)

    return {
        "recovery's look (each bell)": Question(partial(recover, house.home, 3, _NOW)),
        "retries that are due (each bell)": Question(partial(runs.due_for_retry, _NOW)),
        "next pending run (each bell)": Question(runs.next_pending),
        "runs that wait for a model (at start)": Question(partial(runs.waiting_for, WaitingFor.MODEL)),
        "messages that are due (each second)": Question(partial(outbox.due, _NOW)),
        "messages left sending (at start)": Question(outbox.left_sending),
        "claim, committed": Question(_claim, undo=_let_go),
        "submit, committed": Question(submit, undo=forget),
        "opening the database": Question(partial(_open, house.home)),
    }


def _whole(reads: Reads, task_id: int) -> None:
    for run in reads.runs(task_id):
        reads.steps(run.id)


def _claim() -> None:
    chosen = runs.next_pending()
    if chosen is None:
        raise RuntimeError("nothing is pending")
    with database.transaction():
        runs.claim(chosen, "benchmark", _NOW)


def _let_go() -> None:
    with database.transaction():
        for run_id, worker in runs.held_by_workers():
            if worker == "benchmark":
                run = runs.move(run_id, RunStatus.PENDING, _NOW)
                runs.release(run)


def _open(home: Home) -> None:
    database.open_at(home)
    database.close()
