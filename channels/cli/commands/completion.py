"""`agent completion`: teach a shell to complete."""

import os
from pathlib import PurePath

import click
from click.shell_completion import get_completion_class

from channels.cli.parameters import examples
from channels.cli.session import Session

_SHELLS = ("bash", "zsh", "fish")


@click.command(
    "completion",
    epilog=examples(
        "agent completion bash > ~/.local/share/bash-completion/completions/agent",
        "agent completion zsh > ~/.zfunc/_agent",
        "agent completion fish > ~/.config/fish/completions/agent.fish",
    ),
)
@click.argument("shell", metavar="[bash|zsh|fish]", type=click.Choice(_SHELLS), required=False)
@click.pass_context
def completion(ctx: click.Context, shell: str | None) -> None:
    """Print a script that completes commands, tasks, questions and skills; without a name for your own shell."""
    chosen = shell or PurePath(os.environ.get("SHELL", "")).name
    made = get_completion_class(chosen) if chosen in _SHELLS else None
    if made is None:
        raise click.UsageError("Say for which shell: agent completion bash, zsh or fish")
    session: Session = ctx.obj
    session.screen.say(made(ctx.find_root().command, {}, "agent", "_AGENT_COMPLETE").source())
