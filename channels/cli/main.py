"""One command of the terminal, from its arguments to its exit code."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click
from click.exceptions import Exit

from channels.cli.screen import Screen, of_process
from channels.cli.session import Session
from channels.cli.text import block, flat
from daemon.domain.errors import AgentError

if TYPE_CHECKING:
    from channels.cli.host import Host

INTERRUPTED = 130
"""128 + SIGINT, as shells have it."""
PIPE_CLOSED = 141
"""128 + SIGPIPE."""
OUTPUT_FAILED = 74
"""EX_IOERR of sysexits.h."""


def run(host: Host, argv: list[str]) -> int:
    """Do what was typed after `agent` and give the exit code; nothing but SystemExit of a completion leaves here."""
    screen = of_process()
    try:
        code = _dispatch(Session(host, screen), argv)
        screen.flush()
    except KeyboardInterrupt:
        screen.tell("")
        return INTERRUPTED
    except AgentError as problem:
        return _complain(screen, host.redact(problem.message), host.redact(problem.fix), problem.exit_code)
    except click.ClickException as problem:
        return _complain(screen, host.redact(problem.format_message()), _how(problem), problem.exit_code)
    except OSError as problem:
        return _output_failed(host, screen, problem)
    except Exception as problem:  # noqa: BLE001 - the edge: a sentence for the owner, the details in the log
        return _unexpected(host, screen, problem)
    return code


def _dispatch(session: Session, argv: list[str]) -> int:
    from channels.cli.front import agent

    if "_AGENT_COMPLETE" in os.environ:
        agent.main(args=argv, prog_name="agent", obj=session)
    try:
        with agent.make_context("agent", list(argv), obj=session) as context:
            code = agent.invoke(context)
    except Exit as ended:
        return ended.exit_code
    return code if isinstance(code, int) else 0


def _complain(screen: Screen, message: str, fix: str, code: int) -> int:
    screen.tell(f"agent: {block(message)}")
    if fix:
        screen.tell(block(fix, "  "))
    return code


def _how(problem: click.ClickException) -> str:
    context = getattr(problem, "ctx", None)
    return f"{context.command_path if context is not None else 'agent'} --help shows how."


def _output_failed(host: Host, screen: Screen, problem: OSError) -> int:
    if isinstance(problem, BrokenPipeError):
        screen.abandon()
        return PIPE_CLOSED
    if problem.filename is not None:
        return _unexpected(host, screen, problem)
    screen.abandon()
    return _complain(screen, f"The output could not be written: {problem.strerror}.", "", OUTPUT_FAILED)


def _unexpected(host: Host, screen: Screen, problem: Exception) -> int:
    from channels.cli.crash import keep

    what = f"Something unexpected happened: {type(problem).__name__}: {flat(host.redact(str(problem)))}"
    where = keep(problem, host, screen)
    screen.tell(f"agent: {what}{where}")
    return 1
