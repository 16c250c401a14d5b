"""What the owner has allowed for ever, in the owner's words."""

from daemon.domain.own_rule import OwnRule
from daemon.domain.visible import exact
from daemon.domain.words import Words


def rule_words(say: Words, rule: OwnRule) -> str:
    """Say all that a rule allows: the tool, every argument, and what a run may have read."""
    told = [
        f"{exact(name)}: {say.say('rule.any') if value is None else exact(repr(value))}"
        for name, value in rule.arguments.items()
    ]
    read = "nothing" if not rule.labels else "both" if len(rule.labels) > 1 else next(iter(rule.labels)).value
    with_ = "; ".join(told) or say.say("rule.without")
    return say.say("rule.allows", agent=rule.agent, tool=rule.tool, arguments=with_, read=say.say(f"rule.{read}"))
