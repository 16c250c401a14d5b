"""`agent history`: words in past tasks, the newest first."""

import click

from channels.cli import facts, moments
from channels.cli.parameters import COUNT, as_json, examples
from channels.cli.session import Session
from channels.cli.task_words import list_line


@click.command("history", epilog=examples("agent history", "agent history sales pdf --limit 5"))
@click.argument("words", nargs=-1)
@click.option("--limit", type=COUNT, default=20, show_default=True, metavar="N", help="Show the newest N.")
@as_json
@click.pass_obj
def history(session: Session, words: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Show the newest tasks whose title, goal or result holds all the words; without words the newest of all."""
    reads = session.service.reads
    sought = " ".join(words).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    lines = reads.search(sought, limit) if words else reads.page(most=limit)
    if as_json:
        session.screen.emit({"tasks": [facts.task_line(line) for line in lines]})
        return
    tell, wide = (moments.ago, 10) if session.screen.terminal else (moments.plain, 19)
    for line in lines:
        session.screen.say(f"{session.screen.paint(tell(line.created_at).ljust(wide), 'dim')}  {list_line(line)}")
    if not lines:
        session.screen.advise("Nothing was found. agent history shows the newest tasks.")
