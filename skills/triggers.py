"""Whether the words of a goal are a trigger of a skill, as a whole.

A trigger is words, slots in braces and optional parts in square brackets; words with `|` between them stand for each
other: `[pdf] report on|of {file} [with a chart]`. It becomes a short list of steps. A goal is walked through them with
every state (step, word) visited at most once, so that the work is bounded by their product, whatever the words are.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from daemon.domain.errors import BadInput
from daemon.domain.skill import Skill, SkillMatch, Slot, SlotKind
from skills.endings import suits
from skills.offer import Offer
from skills.visible import quoted
from skills.words import Word, ends, starts, words

MAX_GOAL = 2_000
MAX_TRIGGER = 200
_PART = re.compile(r"\{([^{}\[\]]*)\}|(\[)|(\])|([^{}\[\]]+)|(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Fork:
    """The beginning of an optional part that ends before step `past`."""

    past: int


Op = frozenset[str] | Slot | Fork


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger ready for matching: its steps, and the words of which a goal must have one each."""

    text: str
    ops: tuple[Op, ...]
    required: tuple[frozenset[str], ...]
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """How a trigger fits: the values, how many slots of kind text it took and how many literal characters."""

    arguments: dict[str, str]
    texts: int
    literal: int


@dataclass(frozen=True, slots=True)
class _State:
    op: int
    at: int
    since: int = -1
    literal: int = 0
    bound: tuple[tuple[Slot, str], ...] = ()


@lru_cache(maxsize=4096)
def read_trigger(text: str, slots: tuple[Slot, ...]) -> Trigger:
    """Read a trigger; raises BadInput when it is malformed, names no declared slot, or would take any goal."""
    if len(text) > MAX_TRIGGER:
        raise BadInput(f"a trigger has more than {MAX_TRIGGER} characters", "shorten it")
    by_name = {slot.name: slot for slot in slots}
    ops: list[Op] = []
    required: list[frozenset[str]] = []
    open_forks: list[int] = []
    for name, opening, closing, plain, stray in _PART.findall(text):
        if opening:
            open_forks.append(len(ops))
            ops.append(Fork(0))
        elif closing and open_forks:
            ops[open_forks.pop()] = Fork(len(ops))
        elif closing or stray:
            raise BadInput(f"the trigger {quoted(text)} has a bracket without its other half", "close it")
        elif plain:
            literals = _literals(plain, text)
            ops.extend(literals)
            required.extend(literals if not open_forks else ())
        else:
            ops.append(_slot(name.strip(), by_name, ops, text))
    if open_forks:
        raise BadInput(f"the trigger {quoted(text)} has a bracket without its other half", "close it")
    if not required:
        raise BadInput(f"the trigger {quoted(text)} has no word that must be said", "add one outside of brackets")
    return Trigger(text, tuple(ops), tuple(required), slots)


def _literals(plain: str, text: str) -> list[frozenset[str]]:
    """Give the words of a plain part, each as the set of what may be said in its place."""
    found: list[frozenset[str]] = []
    for chunk in re.sub(r"\s*\|\s*", "|", plain).split():
        choices = [words(choice) for choice in chunk.split("|")]
        if len(choices) == 1:
            found.extend(frozenset((word.bare,)) for word in choices[0])
        elif all(len(choice) == 1 for choice in choices):
            found.append(frozenset(choice[0].bare for choice in choices))
        else:
            raise BadInput(f"the trigger {quoted(text)} has a | that is not between two words", "write word|word")
    return found


def _slot(name: str, by_name: dict[str, Slot], ops: list[Op], text: str) -> Slot:
    slot = by_name.get(name)
    if slot is None:
        raise BadInput(f"the trigger {quoted(text)} names the slot {quoted(name)}, which is not declared", "declare it")
    if slot in ops:
        raise BadInput(f"the trigger {quoted(text)} names the slot {quoted(name)} twice", "use two slots")
    before = next((op for op in reversed(ops) if not isinstance(op, Fork)), None)
    if slot.kind is SlotKind.TEXT and isinstance(before, Slot) and before.kind is SlotKind.TEXT:
        raise BadInput(f"the trigger {quoted(text)} has two texts with no word between them", "put a word there")
    return slot


def best(skills: Iterable[Skill], goal: str, files: Sequence[str], folders: Sequence[str]) -> SkillMatch | None:
    """Give the skill with a script whose trigger fits the whole goal best, or None.

    Of several, the one with the fewest slots of kind text wins, then the one with the most literal characters, then
    the first by name. Values of file slots are names of attached files, values of folder slots absolute paths; what
    has no value is not among the arguments.
    """
    if len(goal) > MAX_GOAL:
        return None
    said = words(goal)
    offer = Offer(files, folders)
    found: tuple[tuple[int, int, str, int], SkillMatch] | None = None
    for skill in skills:
        for number, text in enumerate(skill.triggers if skill.entry else ()):
            fit = fits(read_trigger(text, skill.slots), goal, said, offer)
            if fit is None:
                continue
            rank = (fit.texts, -fit.literal, skill.name, number)
            if found is None or rank < found[0]:
                found = (rank, SkillMatch(skill, fit.arguments, text))
    return None if found is None else found[1]


def fits(trigger: Trigger, goal: str, said: Sequence[Word], offer: Offer) -> Fit | None:
    """Say how `trigger` fits the goal, whose words are `said`; None when it does not."""
    bares = [word.bare for word in said]
    if any(choices.isdisjoint(bares) for choices in trigger.required):
        return None
    finals = ends(bares)
    stack = [_State(0, start) for start in reversed(starts(bares))]
    seen: set[tuple[int, int, bool]] = set()
    while stack:
        state = stack.pop()
        key = (state.op, state.at, state.since >= 0)
        if key in seen:
            continue
        seen.add(key)
        if state.op < len(trigger.ops):
            stack.extend(reversed(_next(trigger.ops[state.op], state, goal, said, offer)))
        elif state.at in finals:
            fit = _complete(trigger, state, offer)
            if fit is not None:
                return fit
    return None


def _next(op: Op, state: _State, goal: str, said: Sequence[Word], offer: Offer) -> list[_State]:
    """Give the states that one step leads to, the preferred one first."""
    following, at = state.op + 1, state.at
    if isinstance(op, Fork):
        return [_State(place, at, -1, state.literal, state.bound) for place in (following, op.past)]
    if isinstance(op, frozenset):
        if at < len(said) and said[at].bare in op:
            return [_State(following, at + 1, -1, state.literal + len(said[at].bare), state.bound)]
        return []
    if op.kind is SlotKind.TEXT:
        found = _text(op, state, goal, said)
    else:
        found = [
            _State(following, end, -1, state.literal, (*state.bound, (op, value)))
            for end, value in offer.takes(op, said, at)
            if suits(op, value)
        ]
    if state.since < 0 and _stand_in(op, offer) is not None:
        found.append(_State(following, at, -1, state.literal, state.bound))
    return found


def _stand_in(slot: Slot, offer: Offer) -> str | None:
    value = offer.stand_in(slot)
    if value is None or suits(slot, value):
        return value
    return None if slot.required else slot.default


def _text(slot: Slot, state: _State, goal: str, said: Sequence[Word]) -> list[_State]:
    """Take one more word into a text, or end it; the shortest text that fits is preferred."""
    found: list[_State] = []
    since = state.at if state.since < 0 else state.since
    if state.since >= 0:
        bound = (*state.bound, (slot, _written(goal, said[since : state.at])))
        found.append(_State(state.op + 1, state.at, -1, state.literal, bound))
    if state.at < len(said):
        found.append(_State(state.op, state.at + 1, since, state.literal, state.bound))
    return found


def _written(goal: str, part: Sequence[Word]) -> str:
    if len(part) == 1:
        return part[0].text
    return goal[part[0].start : part[-1].end].strip().rstrip(".,;:!?")


def _complete(trigger: Trigger, state: _State, offer: Offer) -> Fit | None:
    """Fill in what the words left out; None when a slot stays without a value that it needs."""
    arguments = {slot.name: value for slot, value in state.bound}
    for slot in trigger.slots:
        if slot.name not in arguments:
            value = _stand_in(slot, offer)
            if value is None:
                return None
            if value:
                arguments[slot.name] = value
    texts = sum(slot.kind is SlotKind.TEXT for slot, _ in state.bound)
    ordered = {slot.name: arguments[slot.name] for slot in trigger.slots if slot.name in arguments}
    return Fit(ordered, texts, state.literal)
