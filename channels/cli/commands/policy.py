"""`agent policy`: the rules that decide on tool calls, a trial of them, and taking back what a yes allowed for ever."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from channels.cli import moments
from channels.cli.parameters import COUNT, as_json, examples
from channels.cli.text import flat
from daemon.domain.effect import Label
from daemon.domain.errors import BadInput

if TYPE_CHECKING:
    from channels.cli.session import Session
    from daemon.domain.own_rule import OwnRule
    from daemon.domain.rules import Rule

_LABELS = [label.value for label in Label]


@click.group(
    "policy",
    invoke_without_command=True,
    epilog=examples("agent policy", 'agent policy test "shell: make" --labels untrusted', "agent policy revoke 2"),
)
@click.pass_context
def policy(ctx: click.Context) -> None:
    """Show what decides on the calls of tools. Rules that deny come first, then the first that fits, then the preset.

    Rules of yours stand in policy.yaml, or come from a yes for ever (agent approve ID --always).
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(show)


@policy.command("show", epilog=examples("agent policy show", "agent policy show --json"))
@as_json
@click.pass_obj
def show(session: Session, as_json: bool) -> None:
    """List the rules in the order in which they are looked at."""
    found, own = session.host.machine.policy(), session.service.reads.own_rules()
    if as_json:
        rules = [_facts(rule) for rule in found.rules]
        session.screen.emit({"preset": found.preset.value, "allowed": list(map(_own_facts, own)), "rules": rules})
        return
    session.screen.say(f"Preset: {found.preset.value}")
    session.screen.say(f"Allowed for ever ({len(own)}):")
    for rule in own:
        when = (moments.ago if session.screen.terminal else moments.plain)(rule.created_at)
        session.screen.say(f"  {rule.id}: {flat(rule.words)} ({when})")
    session.screen.say(f"Rules ({len(found.rules)}):")
    for one in found.rules:
        session.screen.say(f"  {_line(one)}")


@policy.command(
    "test",
    epilog=examples(
        'agent policy test "shell: pip install x" --labels untrusted',
        """agent policy test 'write_file: {"path": "/home/me/a.txt", "content": "x"}' --agent code""",
    ),
)
@click.argument("call", metavar='"TOOL: ARGUMENT"')
@click.option("--labels", default="", metavar="LABELS", help=f"What the run has read: {', '.join(_LABELS)}.")
@click.option("--agent", default="general", metavar="NAME", help="Who makes the call; general if not given.")
@click.option("--goal", default="", metavar="TEXT", help="The words of the task, in which a target may be spelled out.")
@as_json
@click.pass_obj
def test(session: Session, call: str, labels: str, agent: str, goal: str, as_json: bool) -> None:
    """Say what would become of a call, and which rule says so. Nothing is done."""
    words = [word for word in labels.replace(",", " ").split() if word]
    unknown = [word for word in words if word not in _LABELS]
    if unknown:
        raise BadInput(f"There is no label {flat(unknown[0])!r}.", f"There are: {', '.join(_LABELS)}.")
    found = session.host.machine.judged(call, frozenset(map(Label, words)), agent, goal)
    if as_json:
        session.screen.emit(asdict(found))
        return
    session.screen.say(f"{found.verdict.value}: {flat(found.tool)} ({found.effect.value})")
    session.screen.say(f"  because {flat(found.reason)}")
    session.screen.say(f"  by {flat(found.rule)}")


@policy.command("revoke", epilog=examples("agent policy revoke 2"))
@click.argument("number", metavar="N", type=COUNT)
@as_json
@click.pass_obj
def revoke(session: Session, number: int, as_json: bool) -> None:
    """Take back what a yes allowed for ever; from the next call on it is asked again."""
    rule = session.act(lambda house: house.revoke_rule(number, session.owner))
    if as_json:
        session.screen.emit({"revoked": _own_facts(rule)})
    else:
        session.screen.say(f"No longer: {flat(rule.words)}")


def _line(rule: Rule) -> str:
    named = [("agent", rule.agent), ("label", " and ".join(sorted(rule.label)))]
    named.insert(0, ("effect", " or ".join(sorted(rule.effect)) if rule.effect else ""))
    parts = [f"{name} {flat(value)}" for name, value in named if value and value != "*"]
    if isinstance(rule.arguments, str):
        parts.append(f"arguments like {flat(rule.arguments)}")
    elif rule.arguments:
        parts += [f"{flat(name)} like {flat(value)}" for name, value in rule.arguments.items()]
    told = f", {', '.join(parts)}" if parts else ""
    reason = f": {flat(rule.reason)}" if rule.reason else ""
    return f"{rule.verdict.value} {flat(rule.tool)}{told}{reason} ({flat(rule.source)})"


def _facts(rule: Rule) -> dict[str, Any]:
    return asdict(rule) | {"effect": sorted(rule.effect), "label": sorted(rule.label)}


def _own_facts(rule: OwnRule) -> dict[str, Any]:
    return asdict(rule) | {
        "labels": sorted(rule.labels),
        "created_at": moments.utc(rule.created_at),
        "revoked_at": moments.utc(rule.revoked_at),
        "words": rule.words,
    }
