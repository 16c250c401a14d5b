"""`agent models`: which models there are, for which tiers, and whether they can be asked."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from channels.cli.parameters import as_json, examples
from channels.cli.text import flat

if TYPE_CHECKING:
    from channels.cli.session import Session
    from daemon.domain.catalogue import ListedModel


@click.command("models", epilog=examples("agent models", "agent models --json", "AGENT_MODEL=qwen3:8b agent models"))
@as_json
@click.pass_obj
def models(session: Session, as_json: bool) -> None:
    """List the models in the order of models.yaml: where they are, their tiers, and whether your own answer.

    Nothing is asked of a model. `agent config init` writes a models.yaml to begin with; with none, AGENT_MODEL names
    one, and every provider whose key is set has one.
    """
    found = session.host.machine.models()
    if as_json:
        session.screen.emit({"models": [asdict(model) for model in found]})
        return
    if not found:
        session.screen.say("No model is configured: only skills that have scripts can work.")
        session.screen.advise(
            "AGENT_MODEL=qwen3:8b, or a key in ANTHROPIC_API_KEY, or agent config init and models.yaml"
        )
        return
    session.screen.say(f"Models ({len(found)}):")
    for model in found:
        session.screen.say(_line(model))


def _line(model: ListedModel) -> str:
    mark = "[ ]" if model.problem else "[X]"
    where = "yours" if model.own else "a provider's"
    at = f" at {flat(model.address)}" if model.address else ""
    tiers = f", for {', '.join(model.tiers)}" if model.tiers else ", for no tier"
    problem = f" ({flat(model.problem)})" if model.problem else ""
    return f"  {mark} {flat(model.name)}: {flat(model.model)}{at}, {where}{tiers}{problem}"
