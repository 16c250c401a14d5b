"""What came of a run: the result to standard output, the rest beside it, and the exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from channels.cli import facts, questions
from channels.cli.prose import prose
from channels.cli.task_words import taken, why_it_waits
from channels.cli.text import block, flat
from channels.cli.typed_path import shown_path

if TYPE_CHECKING:
    from pathlib import Path

    from channels.cli.session import Session
    from daemon.domain.run import Run

FAILED = 1
NO_MODEL = 69
"""EX_UNAVAILABLE of sysexits.h."""
NOT_ENDED = 75
"""EX_TEMPFAIL of sysexits.h."""
CANCELLED = 130

_CODES = {"done": 0, "error": FAILED, "cancelled": CANCELLED}


def report(session: Session, run: Run, *, as_json: bool, into: Path | None = None, said: str = "") -> int:
    """Print a run that has ended, waits or is paused; what it made is copied `into` a folder where one is given.

    Of a result whose beginning was `said` already, word by word, only the rest is.
    """
    code = _CODES.get(run.status.value, NOT_ENDED)
    if run.waiting_for is not None and run.waiting_for.value == "model" and not run.status.final:
        code = NO_MODEL
    copies = _copies(session, run, into) if into is not None else None
    if as_json:
        session.screen.emit(_document(session, run, copies))
        return code
    if run.status.value == "done":
        _print_result(session, run, copies, said)
    elif run.status.final:
        _tell_failure(session, run)
    elif run.status.value == "waiting":
        _tell_waiting(session, run)
    else:
        session.screen.tell(f"task {run.task_id} is {run.status.value}: agent resume {run.task_id} lets it go on")
    return code


def _copies(session: Session, run: Run, folder: Path) -> list[Path]:
    from channels.cli.result_files import copy_results

    return copy_results(session, run, folder) if run.status.value == "done" else []


def _document(session: Session, run: Run, copies: list[Path] | None) -> dict[str, Any]:
    reads = session.service.reads
    copied = {} if copies is None else {"copies": [str(path) for path in copies]}
    return {
        "task": facts.task(reads.task(run.task_id)),
        "run": facts.run(session.service, run),
        "approvals": [facts.approval(asked) for asked in reads.approvals(run.id)],
        "waits": why_it_waits(session.service, run) if run.status.value == "waiting" else None,
        **copied,
    }


def _print_result(session: Session, run: Run, copies: list[Path] | None, said: str) -> None:
    kept = [session.service.result_path(run, blob.name) for blob in run.files]
    if run.result:
        result = block(run.result)
        if said.strip() and f"{result}\n".startswith(said):
            session.screen.speak(f"{result[len(said) :]}\n")
        else:
            session.screen.say(f"\n{result}" if said else result)
    for path in kept if copies is None else copies:
        session.screen.say(shown_path(session.screen, path))
    session.screen.flush()
    session.screen.tell(session.screen.paint(f"task {run.task_id} done ({taken(run)})", "dim"))


def _tell_failure(session: Session, run: Run) -> None:
    reason = f": {flat(run.error)}" if run.error else ""
    session.screen.tell(f"task {run.task_id} {_ended(run)}{reason} ({taken(run)})")
    session.screen.tell(f"  agent retry {run.task_id} runs it again; agent stream {run.task_id} shows its steps")


def _ended(run: Run) -> str:
    return "was cancelled" if run.status.value == "cancelled" else "ended in an error"


def _tell_waiting(session: Session, run: Run) -> None:
    screen, number = session.screen, run.task_id
    asked = session.service.reads.approvals(run.id)
    if asked:
        screen.tell(f"task {number} waits for your answer:")
        for one in asked:
            screen.tell(questions.whole(screen, one))
        if not session.daemon_lives():
            screen.tell(f"  then: agent run --task {number}")
        return
    reason = prose(screen, why_it_waits(session.service, run), "  ", broken=screen.live)
    if run.waiting_for is not None and run.waiting_for.value == "model":
        screen.tell(f"task {number} waits for a model:\n{reason or '  agent doctor says what to configure'}")
        screen.tell(f"  then: agent resume {number} && agent run --task {number}")
    else:
        screen.tell(f"task {number} waits:\n{reason}\n  agent status {number} shows all about it")
