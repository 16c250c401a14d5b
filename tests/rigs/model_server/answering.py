"""From a request to the answer on the wire."""

import dataclasses
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.rigs.model_server.answer import Answer, Call, Failure, Raw, Refusal, Reply, Text, Thought, TooLong
from tests.rigs.model_server.book import Book
from tests.rigs.model_server.forms.encoding import pieces_of
from tests.rigs.model_server.forms.form import Bill, Form, House
from tests.rigs.model_server.packet import Packet
from tests.rigs.model_server.request import Asked, Request
from tests.rigs.model_server.usage import FREE, Prices, Usage, tokens_in


@dataclass(frozen=True, slots=True)
class Answering:
    """Answers as the provider would that the form is of, with what the story says."""

    form: Form
    house: House
    tell: Callable[[Asked], Answer]
    prices: Mapping[str, Prices]
    book: Book

    def packet(self, request: Request) -> Packet:
        """Answer a request; an error in the story is kept in the book, and answered by a status of 500."""
        try:
            return self._packet(request)
        except Exception as problem:  # noqa: BLE001 - the edge: the test that wrote the story gets it at its end
            self.book.troubles.append(problem)
            return self._failed(Failure(500, f"The story failed: {problem!r}"), request)

    def _packet(self, request: Request) -> Packet:
        if self.house.key and self.form.key(request) != self.house.key:
            return self._failed(self.form.wrong_key(), request)
        if not self.form.is_call(request):
            return self._plain(self.form.elsewhere(request, self.house), request)
        self.book.calls.append(request)
        try:
            body = request.json
        except ValueError:
            return self._failed(Failure(400, "We could not parse the JSON body of your request."), request)
        asked = self.form.asked(request, body, len(self.book.calls))
        refused = self._refused(asked)
        answer = self.tell(asked) if refused is None else refused
        return self._spoken(asked, answer) if isinstance(answer, Reply) else self._plain(answer, request)

    def _refused(self, asked: Asked) -> Answer | None:
        if asked.model not in self.house.models:
            return self.form.no_such_model(asked.model)
        objection = self.form.objection(asked)
        if objection:
            return Failure(400, objection)
        tokens = tokens_in(asked.request.body)
        if self.house.window and tokens > self.house.window:
            return TooLong(tokens, self.house.window)
        return None

    def _spoken(self, asked: Asked, reply: Reply) -> Packet:
        usage = reply.usage or estimated(asked, reply)
        cost = self.prices.get(asked.model, FREE).cost(usage)
        self.book.billed(asked.request, usage, cost)
        bill = Bill(usage, cost)
        if not asked.stream:
            if any(isinstance(part, Text) and part.endless for part in reply.parts):
                raise ValueError("An answer without end can only be streamed")
            return Packet.of(dataclasses.replace(self.form.whole(asked, reply, bill), transit=reply.transit))
        events = self.form.events(asked, reply, bill)
        return Packet(200, self.form.media, events, streamed=True, transit=reply.transit)

    def _plain(self, answer: Answer, request: Request) -> Packet:
        match answer:
            case Raw():
                return Packet.of(answer)
            case Failure():
                return self._failed(answer, request)
            case TooLong():
                return self._failed(self.form.too_long(answer), request)
        raise TypeError(f"{answer!r} is no answer to {request.method} {request.path}")

    def _failed(self, failure: Failure, request: Request) -> Packet:
        return Packet.of(self.form.failure(failure, request.number))


def estimated(asked: Asked, reply: Reply) -> Usage:
    """Count by the rule of four characters a token; texts by their pieces, which are what a stream has as tokens."""
    completion, reasoning = 0, 0
    for part in reply.parts:
        match part:
            case Text(text=text) | Refusal(text=text):
                completion += len(pieces_of(text, reply.token))
            case Thought(text=text):
                reasoning += len(pieces_of(text, reply.token))
            case Call(name=name, arguments=arguments):
                completion += tokens_in(name + (arguments if isinstance(arguments, str) else json.dumps(arguments)))
            case _:
                completion += 1
    return Usage(tokens_in(asked.request.body), completion + reasoning, reasoning=reasoning)
