"""A question to the owner: exactly what will happen, why it is asked, and how to answer."""

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from channels.rendering.amounts import money
from channels.rendering.rendered import Block, BlockKind, Button, Rendered, small, words
from daemon.domain.approval import Approval, ApprovalKind, ApprovalState
from daemon.domain.canonical import canonical
from daemon.domain.limits import Measure
from daemon.domain.visible import exact, set_in
from daemon.domain.words import Words

_MOST_ON_A_BUTTON = 40
_TABLE = "table: "


def question(say: Words, asked: Approval) -> Rendered:
    """Give a question as it is asked."""
    blocks = _BODIES[asked.kind](say, asked)
    until = time.strftime("%Y-%m-%d %H:%M", time.localtime(asked.expires_at))
    return Rendered((*blocks, small(say.say("ask.until", when=until))), _buttons(say, asked))


def answered(say: Words, asked: Approval) -> Rendered:
    """Give a question that is no longer open: what it was, and what became of it."""
    blocks = _BODIES[asked.kind](say, asked)
    became = say.say(f"answered.{asked.state}")
    if asked.kind is ApprovalKind.QUESTION and asked.state is ApprovalState.APPROVED:
        became = say.say("answered.said", answer=exact(asked.answer))
    elif asked.answer:
        became = f"{became}: {exact(asked.answer)}"
    return Rendered((*blocks, words(became)))


def _call(say: Words, asked: Approval) -> list[Block]:
    call = json.loads(asked.call)
    why = asked.why
    blocks = [words(say.say("ask.changed"))] if asked.instead_of else []
    blocks.append(words(say.say("ask.call", agent=why.get("agent", ""), tool=call["tool"])))
    blocks.append(Block(BlockKind.EXACT, arguments(call["arguments"])))
    blocks.append(words(say.say("ask.because", why=_reason(say, call, why))))
    if why.get("labels"):
        label = why["labels"][0] if len(why["labels"]) == 1 else "both"
        read = say.say("ask.read", what=say.say(f"label.{label}"))
        blocks.append(small("\n".join([read, *(f"• {set_in(exact(source))}" for source in why["sources"])])))
    blocks.append(small(f"{say.say('ask.after')} {say.say('ask.how', example=_example(call['arguments']))}"))
    return blocks


def arguments(given: Mapping[str, Any]) -> str:
    """Write the arguments of a call, every byte of them: what follows the first line of one is set in."""
    lines = []
    for name, value in given.items():
        text = value if isinstance(value, str) else canonical(value)
        lines.append(f"{exact(name)}: {set_in(exact(text))}")
    return "\n".join(lines) or "-"


def _example(given: Mapping[str, Any]) -> str:
    return f"{next(iter(given), 'name')}: …"


def _reason(say: Words, call: Mapping[str, Any], why: Mapping[str, Any]) -> str:
    if not str(why.get("rule", _TABLE)).startswith(_TABLE):
        return exact(f"{why['reason']} ({why['rule']})")
    key = f"why.{call.get('effect', 'other')}"
    return say.say(key if say.knows(key) else "why.other")


def _unknown(say: Words, asked: Approval) -> list[Block]:
    call = json.loads(asked.call)
    exactly = Block(BlockKind.EXACT, f"{call['tool']}\n{arguments(call['arguments'])}")
    return [words(say.say("ask.unknown")), exactly, words(say.say("ask.again"))]


def _limit(say: Words, asked: Approval) -> list[Block]:
    given = json.loads(asked.call)
    measure = Measure(given["measure"])
    scope = {"r": "run", "d": "day", "m": "month"}[given["scope"][0]]
    bound, needed, proposed = (_amount(say, measure, given[name]) for name in ("reached", "needed", "bound"))
    reached = say.say("ask.limit", scope=say.say(f"ask.{scope}"), bound=bound, needed=needed)
    return [words(reached), words(say.say("ask.raise", proposed=proposed))]


def _amount(say: Words, measure: Measure, amount: int) -> str:
    return money(amount) if measure is Measure.MONEY else say.say(f"measure.{measure.value}", n=f"{amount:,}")


def _own(say: Words, asked: Approval) -> list[Block]:
    blocks = [words(say.say("ask.own")), Block(BlockKind.QUOTED, exact(asked.shown))]
    if not asked.choices:
        return [*blocks, small(say.say("ask.answer"))]
    if _fit_on_buttons(asked.choices):
        return blocks
    return [*blocks, words("\n".join(f"{at}. {set_in(exact(choice))}" for at, choice in enumerate(asked.choices, 1)))]


def _fit_on_buttons(choices: Sequence[str]) -> bool:
    return all(len(choice) <= _MOST_ON_A_BUTTON for choice in choices)


_BODIES = {
    ApprovalKind.CALL: _call,
    ApprovalKind.UNKNOWN: _unknown,
    ApprovalKind.BUDGET: _limit,
    ApprovalKind.QUESTION: _own,
}


def _buttons(say: Words, asked: Approval) -> tuple[tuple[Button, ...], ...]:
    if asked.kind is ApprovalKind.QUESTION:
        fits = _fit_on_buttons(asked.choices)
        return tuple(
            (Button(exact(choice) if fits else str(position + 1), f"say:{asked.id}:{position}"),)
            for position, choice in enumerate(asked.choices)
        )
    yes = Button(say.say("button.yes"), f"yes:{asked.id}")
    no = Button(say.say("button.no"), f"no:{asked.id}")
    if asked.kind is not ApprovalKind.CALL or json.loads(asked.call).get("effect") == "self":
        return ((yes, no),)
    return ((yes, no), (Button(say.say("button.always"), f"always:{asked.id}"),))
