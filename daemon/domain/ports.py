"""The ports between the parts. Each is implemented by one package and built by `daemon.app`."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ParamSpec, Protocol, TypeVar

from daemon.domain.call import Happened, Outcome, ToolCall
from daemon.domain.effect import Effect
from daemon.domain.ended import Ended, Failed, Suspended
from daemon.domain.held import Held
from daemon.domain.limits import Limits, Usage
from daemon.domain.message import Outgoing, Part
from daemon.domain.model import ModelReply, ModelRequest
from daemon.domain.run import Run
from daemon.domain.sandbox import Answer, Box, Command, Completed
from daemon.domain.skill import Skill, SkillMatch
from daemon.domain.speech import Heard, Recording
from daemon.domain.step import Step
from daemon.domain.task import Task
from daemon.domain.turn import Turn

P = ParamSpec("P")
T = TypeVar("T")


class Clock(Protocol):
    """Time, passed in so that tests and replay can set it."""

    def now(self) -> float:
        """Give the seconds since the epoch."""


class Session(Protocol):
    """A command that is talked with, line by line, in its sandbox."""

    async def exchange(self, line: bytes, seconds: float) -> Answer:
        """Send a line and wait for one; raises BadInput for a line with a line's end in it.

        After `seconds` the command is interrupted (SIGINT), and ended when that brings no answer either. The limits of
        the box hold, those on output for each exchange. What is written unasked before is thrown away. Between two
        exchanges nothing of the session runs.
        """

    def interrupt(self) -> None:
        """Send SIGINT to all processes of the session, as a Ctrl-C does."""


class Sandbox(Protocol):
    """Runs a command where it can do no harm (S1)."""

    def unavailable(self) -> str | None:
        """Say why no sandbox can be set up here and how to mend it; None when it can."""

    def hidden(self, box: Box) -> tuple[Path, ...]:
        """Give what no command sees of the folders of `box`: real paths of secrets and of the agent's own files.

        Raises BadInput where a folder must not be shown at all. Who opens files for a run beside the sandbox holds to
        it.
        """

    async def run(
        self,
        command: Command,
        box: Box,
        on_output: Callable[[str, bytes], None] | None = None,
    ) -> Completed:
        """Run `command` in `box`; raises SandboxUnavailable. Cancelling the coroutine kills the whole tree.

        `on_output` is called with "stdout" or "stderr" and each piece as it comes.
        """

    def open(self, command: Command, box: Box) -> AbstractAsyncContextManager[Session]:
        """Start `command` as a session, whose input stays open; `Command.stdin` and the box's `seconds` do not count.

        Raises SandboxUnavailable or BadInput on entering, or with the first exchange. Everything of it is killed on
        leaving, and with us.
        """


_LEAST_TEXT, _MOST_TEXT = 2_000, 16_000
"""Characters: a fifth of a window of 3,300 and of 26,000 tokens."""
_LINE = 300


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where a tool call happens: all that a tool may know of the run.

    `key` names the step (`run/seq`) for sides that support idempotency keys; `now` and `seed` are recorded, so that a
    replay sees the same; `report` takes a per cent and a text and is forgotten where nobody watches. `outputs` lists
    what lies in `output/` now. Whatever is executed is executed by `sandbox` in `box` or a narrower one. What lives on
    until the next call lives in `held`; `before` counts the calls of the same tool that the run has made.
    """

    task: Task
    run: Run
    workspace: Path
    key: str
    now: float
    seed: int
    frozen: Mapping[str, Any]
    report: Callable[[int, str], None]
    outputs: Callable[[], tuple[str, ...]]
    sandbox: Sandbox
    box: Box
    held: Held = field(default_factory=Held)
    before: int = 0

    @property
    def room(self) -> int | None:
        """Give how many characters of a text the model that called can take well; None where no model called."""
        tokens = self.frozen.get("room")
        return None if tokens is None else max(_LEAST_TEXT, min(_MOST_TEXT, int(tokens) * 3 // 5))

    def fitting(self, characters: int) -> int:
        """Give how many characters a tool shows that would show so many: with a line about them they fit `room`."""
        return characters if self.room is None else min(characters, self.room - _LINE)


class Tool(Protocol):
    """A function that the model or a skill may call."""

    name: str
    description: str
    schema: Mapping[str, Any]
    aliases: tuple[str, ...]
    """Names that other systems use for it; a call by one of them is a call of this tool."""
    content: tuple[str, ...]
    """Arguments that say what, and not where or to whom: a rule of the owner's may leave them open."""

    def effect(self, arguments: Mapping[str, Any]) -> Effect:
        """Give the effect class of this call."""

    def price(self, arguments: Mapping[str, Any]) -> Usage:
        """Give the most that this call can use; it is reserved before."""

    def targets(self, arguments: Mapping[str, Any]) -> tuple[str, ...]:
        """Give what is reached outside (address, host and path, branch, amount), for "spelled out".

        Of a fetch it is all that leaves with it: where nothing of that is new, nothing private can be in it.
        """

    async def invoke(self, arguments: Mapping[str, Any], at: Circumstances) -> Outcome:
        """Do it.

        AgentError (ToolError, for the caller) means that it did not happen; after any other error of a call that
        leaves the house nobody knows, and `check` is asked.
        """

    async def check(self, arguments: Mapping[str, Any], at: Circumstances) -> Happened:
        """Say whether a call that was cut off happened (only asked where the effect leaves the house)."""


class Model(Protocol):
    """The models behind one interface; `agents/models` hides how."""

    async def price(self, request: ModelRequest) -> Usage:
        """Give the most that this request can use: the dearest fallback with its retries.

        Raises ModelRefused where no model may be asked at all.
        """

    async def room(self, tier: str, *, private: bool) -> int:
        """Give how many tokens a request to this tier may have. Raises as `price` does."""

    async def complete(
        self, request: ModelRequest, most: Usage, on_text: Callable[[str], None] | None = None
    ) -> ModelReply:
        """Ask; all attempts together take no more tokens and money than `most`, which was reserved.

        `on_text` is called with each piece of text as it comes. Raises ModelUnavailable with a sentence for the owner
        when no model answers, ContextFull where the request is too long, ModelRefused where none ever will.
        """

    async def close(self) -> None:
        """Let go of what it holds; a later request takes it up again."""


class Speech(Protocol):
    """The models that write down speech."""

    async def price(self, recording: Recording) -> Usage:
        """Give the most that hearing it can use. Raises ModelRefused where no model may hear it at all."""

    async def transcribe(self, recording: Recording, most: Usage) -> Heard:
        """Write down what is said; all attempts together take no more money than `most`, which was reserved.

        Raises ModelUnavailable with a sentence for the owner when no model answers.
        """

    async def close(self) -> None:
        """Let go of what it holds; a later request takes it up again."""


class Transcriber(Protocol):
    """Writes down, within the owner's limits, what is said in a recording."""

    async def transcribe(self, recording: Recording) -> str:
        """Give what was said; "" where nothing was. Raises AgentError with a sentence for the owner."""


class Work(Protocol):
    """What an agent may do within a run; the engine implements it and records everything."""

    @property
    def task(self) -> Task:
        """Give what was asked."""

    @property
    def run(self) -> Run:
        """Give the run as it stands."""

    @property
    def frozen(self) -> Mapping[str, Any]:
        """Give what the run was started with."""

    @property
    def steps(self) -> Sequence[Step]:
        """Give the recorded steps in order."""

    async def steering(self) -> bool:
        """Record the owner's messages to the run as steps; says whether there were any."""

    async def ask_model(self, request: ModelRequest) -> Suspended | Failed | None:
        """Record a model call and its reply as a step; Suspended when it must wait, Failed when it cannot go on."""

    async def compact(self, text: str, until: int) -> None:
        """Record that `text` stands in the place of the steps up to number `until` from now on."""

    async def call(self, calls: Sequence[ToolCall]) -> Ended | None:
        """Record and execute tool calls in order; Suspended when one must wait, Finished when one ends the run."""


class Agent(Protocol):
    """A way to do a task."""

    async def run(self, work: Work) -> Ended:
        """Go on from the recorded steps to an end."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a run will be done, frozen with it: JSON values only. `agent` names the profile or skill.

    `tier` is the tier or model that it asks, if it asks one; `room`, how many tokens a request may have, is then frozen
    with it too. `limits` hold where the task itself says nothing; `why` says for the owner why it is done so.
    """

    agent: str
    frozen: Mapping[str, Any]
    tier: str | None = None
    limits: Limits = field(default_factory=Limits)
    why: str = ""


@dataclass(frozen=True, slots=True)
class Unready:
    """No way to do the task now; the text says what to configure. The run waits for a model."""

    text: str


class Agents(Protocol):
    """Chooses how a task is done, and builds the agent of a frozen run."""

    def plan(self, task: Task, run: Run, earlier: Sequence[Turn] = ()) -> Plan | Unready:
        """Choose; called once for a run. `earlier` is what was said before in the conversation, oldest first."""

    def build(self, plan: Plan) -> Agent:
        """Give the agent for a plan, also after a restart."""


class Skills(Protocol):
    """The skill library, read only: nothing is executed here."""

    def all(self) -> Sequence[Skill]:
        """Give every skill that loads, by name."""

    def find(self, name: str) -> Skill:
        """Give one skill; raises NotFound with the nearest name."""

    def match(self, goal: str, files: Sequence[str], folders: Sequence[str]) -> SkillMatch | None:
        """Give the skill whose trigger or `/name` fits the goal, or None; raises NotFound for an unknown `/name`."""


class Wake(Protocol):
    """Tells other processes that something was written."""

    def ring(self) -> None:
        """Wake every listener; never fails, never blocks."""


class InStore(Protocol):
    """The thread in which the store is read and written, away from the loop."""

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `function` there and give what it gives."""


class Channel(Protocol):
    """A way out to the owner that messages are pushed through."""

    name: str

    async def send(self, message: Outgoing) -> str | Part:
        """Send, marked where `message.repeated`; gives the channel's own id.

        Where it takes several messages, the first that is not in `message.parts` is sent, and its part given: the
        others are asked for one by one. AgentError means that it was not sent (NotNow says when to try again,
        Undeliverable that it never will); after any other error nobody knows, and `sent_before` is asked.
        """

    async def sent_before(self, message: Outgoing) -> str | Part | None:
        """Look up whether a message was sent before a crash; None where that cannot be known or it was not."""


class Living(Protocol):
    """A part of the daemon with a life of its own: it is started with the daemon, and again where it breaks down."""

    name: str

    async def serve(self, up: Callable[[str], None]) -> None:
        """Live until cancelled; `up` is told once it works (""), or what keeps it from that, whenever that changes."""
