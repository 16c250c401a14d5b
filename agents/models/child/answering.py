"""One request from its first attempt to an answer: which model is tried, how often, and what it may cost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from agents.models.child.again import is_asked_again
from agents.models.child.attempt import Asked, Attempt
from agents.models.child.fleet import Fleet
from agents.models.child.gathering import Gathering, MalformedCallError, arguments_of, whole
from agents.models.child.keys import Keys
from agents.models.child.prices import Measures, taken
from agents.models.child.problems import Next, Problem, problem_of, speaks_no_tools
from agents.models.child.purse import Purse
from agents.models.spoken import Listener, read
from daemon.domain.limits import Usage

_AGAIN = "\n\n(It broke off; once more.)\n\n"


class UnansweredError(Exception):
    """No model answered; holds what the agent is told."""

    def __init__(self, kind: str, text: str, wait: float | None) -> None:
        """`kind` is "down", "long" or "refused"."""
        super().__init__(text)
        self.kind = kind
        self.wait = wait


class Answering:
    """Tries the models in their order until one answers."""

    def __init__(self, fleet: Fleet, asked: Asked, most: Usage, say: Callable[[str], None]) -> None:
        """`most` was reserved for all attempts together; `say` gets the text of the answer as it comes."""
        self._fleet = fleet
        self._asked = asked
        self._purse = Purse(most)
        self._say = say
        self._problems: list[Problem] = []
        self._has_spoken = False
        self.attempts: list[dict[str, Any]] = []

    async def answer(self) -> dict[str, Any]:
        """Give the answer; raises UnansweredError."""
        too_small = 0
        for name in self._asked.names:
            able = self._fleet.able(name, private=self._asked.private)
            if not able:
                self._note(name, self._fleet.missing.get(name, f"{name} is not configured."))
                continue
            measures = self._fleet.measures(able[0])
            if measures.input_price is None:
                self._note(name, f"{name} has no known price: write input_cost_per_token for it in models.yaml.")
                continue
            if measures.window <= too_small:
                continue
            answer = await self._ask(name, measures)
            if answer is not None:
                return answer
            if self._problems[-1].then is Next.SHORTER:
                too_small = measures.window
        raise unanswered(self._problems, self._fleet.keys)

    async def _ask(self, name: str, measures: Measures) -> dict[str, Any] | None:
        """Ask one model, again where that can help."""
        for tried in range(self._fleet.catalogue.retries + 1):
            if not self._purse.holds(measures.most(self._asked.prompt)):
                self._problems.append(Problem(f"No more was reserved for {name}.", Next.OTHER))
                return None
            attempt = Attempt(self._fleet, self._asked, name)
            try:
                got = await attempt.make(self._hear(attempt))
            except Exception as error:  # noqa: BLE001 - whatever goes wrong with a provider, the next is tried
                problem = self._failed(attempt, error, measures)
                if not await is_asked_again(problem, tried, self._fleet.catalogue.retries):
                    return None
                continue
            return self._answered(attempt, got, measures)
        return None

    def _hear(self, attempt: Attempt) -> Callable[[str], None]:
        # What is about to be read as a call is not shown as it is written.
        listener = None if attempt.is_native else Listener(self._schemas())
        if self._has_spoken:
            self._say(_AGAIN)

        def hear(piece: str) -> None:
            shown = piece if listener is None else listener.feed(piece)
            if shown:
                self._has_spoken = True
                self._say(shown)

        return hear

    def _failed(self, attempt: Attempt, error: Exception, measures: Measures) -> Problem:
        problem = problem_of(error, attempt.deployment, attempt.witness, begun=attempt.got.pieces > 0)
        if speaks_no_tools(error) and not attempt.is_native and attempt.name not in self._fleet.without_tools:
            self._fleet.without_tools.add(attempt.name)
            problem = Problem(f"{attempt.name} has no tool calls of its own.", Next.AGAIN, wait=0.001)
        problem = self._with_reason(problem, attempt.name)
        # What an answer that broke off has cost nobody says: all that it could.
        used = measures.most(self._asked.prompt) if problem.billed else Usage()
        self._problems.append(problem)
        self._record(attempt, used, problem.text)
        return problem

    def _with_reason(self, problem: Problem, name: str) -> Problem:
        """Say of a model that rests why it does; of another one remember it."""
        reason = self._fleet.failed.get(name)
        if problem.is_rest:
            return replace(problem, text=f"{problem.text} {reason}") if reason else problem
        self._fleet.failed[name] = problem.text
        return problem

    def _answered(self, attempt: Attempt, got: Gathering, measures: Measures) -> dict[str, Any]:
        used, estimated = self._used(attempt, got, measures)
        self._record(attempt, used, estimated=estimated)
        text = whole("".join(got.text) or attempt.witness.refusal)
        calls, problems = _native(got)
        if not got.calls and not attempt.is_native:
            reading = read(text, self._schemas(), cut_off=got.is_cut_off)
            text, problems = reading.text, list(reading.problems)
            calls = [{"id": "", "name": one.name, "arguments": one.arguments} for one in reading.calls]
        if not any(call.elsewhere for call in got.calls) and (looked_up := got.looked_up.call()):
            calls.append(looked_up)
        if got.is_cut_off:
            problems.append("Your answer was cut off at its greatest length. Go on in smaller parts.")
        return {
            "text": text,
            "calls": calls,
            "problems": problems,
            "kept": self._kept(attempt, got),
            "model": attempt.name,
        }

    def _used(self, attempt: Attempt, got: Gathering, measures: Measures) -> tuple[Usage, bool]:
        """Give what an answer took: all that it could where nobody says, or what a provider says cannot be.

        What an own server leaves out is estimated, which the second value says: many count nothing, and some not what
        they had read before (Ollama, `prompt_eval_count`).
        """
        usage = got.usage
        prompt, completion = (usage.prompt_tokens or 0, usage.completion_tokens or 0) if usage is not None else (0, 0)
        if prompt and (completion or not got.has_said_something):
            return taken(attempt.deployment, measures, usage), False
        if not attempt.deployment.own:
            return measures.most(self._asked.prompt), False
        return Usage(tokens=(prompt or self._asked.prompt) + (completion or min(got.tokens, measures.output))), True

    def _kept(self, attempt: Attempt, got: Gathering) -> dict[str, Any]:
        calls = [call.kept for call in got.calls if not call.elsewhere]
        details = attempt.witness.details
        message = got.kept | ({"reasoning_details": details} if details else {})
        kept = {"message": message, "calls": calls if any(calls) else []}
        found = {key: value for key, value in kept.items() if value}
        return found | {"model": attempt.name} if found else {}

    def _schemas(self) -> Mapping[str, Mapping[str, Any]]:
        return {tool["function"]["name"]: tool["function"]["parameters"] for tool in self._asked.tools}

    def _note(self, name: str, text: str) -> None:
        self._problems.append(Problem(text, Next.OTHER))
        self.attempts.append({"model": name, **_flat(Usage()), "seconds": 0.0, "problem": text})

    def _record(self, attempt: Attempt, used: Usage, problem: str = "", *, estimated: bool = False) -> None:
        self._purse.take(used)
        made = {"model": attempt.name, **_flat(used), "seconds": round(attempt.seconds, 4)}
        self.attempts.append(made | {"problem": self._fleet.keys.without(problem), "estimated": estimated})


def unanswered(problems: Sequence[Problem], keys: Keys) -> UnansweredError:
    """Give what the agent is told after all problems, without the values of keys."""
    said = list(dict.fromkeys(keys.without(problem.text) for problem in problems))
    kinds = {problem.then for problem in problems}
    waits = [problem.wait for problem in problems if problem.wait]
    if Next.SHORTER in kinds:
        return UnansweredError("long", " ".join(said), None)
    if kinds == {Next.NEVER}:
        return UnansweredError("refused", " ".join(said), None)
    return UnansweredError("down", " ".join(said), min(waits) if waits else None)


def _native(got: Gathering) -> tuple[list[dict[str, Any]], list[str]]:
    """Give the calls that the provider marked as such, and what is wrong with others."""
    calls, problems = list[dict[str, Any]](), list[str]()
    for call in got.calls:
        if got.is_cut_off and call is got.calls[-1] and not call.arguments.strip():
            problems.append(f"{call.name} was not called: your answer ended in it.")
            continue
        try:
            arguments = arguments_of(call)
        except MalformedCallError as problem:
            problems.append(str(problem))
            continue
        calls.append({"id": call.id, "name": call.name, "arguments": arguments, "elsewhere": call.elsewhere})
    return calls, problems


def _flat(used: Usage) -> dict[str, int]:
    both = asdict(used)
    return {"tokens": both["tokens"], "money": both["money"]}
