"""The command `agent`: finds a command by its name without loading the others, and takes the rest for a task."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import click

from channels.cli.catalogue import COMMANDS, EXIT_CODES, SECTIONS, WELCOME

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

IMPLICIT = "channels.cli.implicit"
"""The mark in the context's `meta` that the word `do` was left out."""


class Front(click.Group):
    """The front door. A first argument that names no command is a task for `do`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands, in the order of the front page."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the one command that is named."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command = getattr(import_module(f"channels.cli.commands.{entry.module}"), entry.attribute)
        assert isinstance(command, click.Command)  # noqa: S101 - a wrong line in the catalogue
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put in the word `do` where it was left out, and turn `help X` into `X --help`."""
        if args and args[0] == "help":
            args = [*args[1:2], "--help"]
        elif args and args[0] == "-i":
            args = ["chat", *args[1:]]
        elif args and args[0] not in COMMANDS and args[0] not in ("-h", "--help", "--version"):
            args = ["do", *args]
            ctx.meta[IMPLICIT] = True
        return super().parse_args(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Print the commands by section, from the catalogue."""
        for section, commands in SECTIONS.items():
            with formatter.section(section):
                formatter.write_dl([(name, entry.summary) for name, entry in commands.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete the name of a command, or an option of the front door."""
        from click.shell_completion import CompletionItem

        named = [(name, entry.summary) for name, entry in COMMANDS.items() if name.startswith(incomplete)]
        return [
            *(CompletionItem(name, help=summary) for name, summary in named),
            *click.Command.shell_complete(self, ctx, incomplete),
        ]


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from importlib.metadata import version

    ctx.obj.screen.say(f"agent {version('personal-agent')}")
    ctx.exit()


@click.command(
    "agent",
    cls=Front,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    options_metavar="",
    subcommand_metavar='"do this" | COMMAND [OPTIONS]',
    epilog=EXIT_CODES,
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Print the version."
)
@click.pass_context
def agent(ctx: click.Context) -> None:
    """Do tasks on your own machine.

    Anything that is no command is a task: agent "report on sales.csv" --file sales.csv. Its options are
    those of agent do --help. The commands work with or without the daemon. agent COMMAND --help has examples.
    """
    if ctx.invoked_subcommand is None:
        ctx.obj.screen.say(WELCOME)
