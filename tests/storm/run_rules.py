"""What must hold of runs, once all have ended."""

import json
from collections import Counter
from collections.abc import Iterator

from tests.storm.facts import FINAL, Facts, Row
from tests.storm.outside import Outside


def one_final_state(facts: Facts, outside: Outside) -> Iterator[str]:
    """Every run is in exactly one final state, and its history shows exactly one change to it, as the last one."""
    del outside
    changes = facts.of_runs("history")
    newest = {task["run_id"]: task for task in facts.all("task")}
    for run in facts.all("run"):
        if run["status"] not in FINAL:
            yield f"run {run['id']} is {run['status']} ({run['waiting_for']})"
        said = [_status(line) for line in changes[run["id"]] if line["kind"] == "status"]
        if [status for status in said if status in FINAL] != [run["status"]] or said[-1] != run["status"]:
            yield f"run {run['id']} is {run['status']}, its history says {said}"
        if run["id"] in newest and newest[run["id"]]["status"] != run["status"]:
            yield f"run {run['id']} is {run['status']}, its task is {newest[run['id']]['status']}"


def one_result(facts: Facts, outside: Outside) -> Iterator[str]:
    """Exactly one result message for each run."""
    del outside
    results = Counter(message["run_id"] for message in facts.all("outbox") if message["kind"] == "result")
    for run in facts.all("run"):
        if results[run["id"]] != 1:
            yield f"run {run['id']} has {results[run['id']]} result messages"


def nothing_lost(facts: Facts, outside: Outside) -> Iterator[str]:
    """What was submitted is there exactly once, what was acknowledged is as it was said."""
    tasks = {task["once"]: task["id"] for task in facts.all("task")}
    known = outside.acknowledged
    for once in known.ordered:
        if once not in tasks:
            yield f"the order {once} has no task"
    for once, ids in known.submitted.items():
        if ids != {tasks.get(once)}:
            yield f"the order {once} was acknowledged as task {ids}, it is {tasks.get(once)}"
    if len(tasks) != len(facts.all("task")):
        yield "an order has more than one task"
    states = {asked["id"]: asked["state"] for asked in facts.all("approval")}
    for asked, yes in known.decided.items():
        if states.get(asked) != ("approved" if yes else "rejected"):
            yield f"the answer {yes} to {asked} was acknowledged, it is {states.get(asked)}"


def nothing_open(facts: Facts, outside: Outside) -> Iterator[str]:
    """A run that has ended has no step that is started, no open question, and no worker."""
    del outside
    steps, asked = facts.of_runs("step"), facts.of_runs("approval")
    for run in facts.all("run"):
        if run["status"] not in FINAL:
            continue
        for step in steps[run["id"]]:
            if step["status"] == "started":
                yield f"run {run['id']} is {run['status']}, its step {step['seq']} ({step['name']}) is started"
        for question in asked[run["id"]]:
            if question["state"] == "open":
                yield f"run {run['id']} is {run['status']}, it still asks {question['kind']}"
        if run["worker"]:
            yield f"run {run['id']} is {run['status']}, {run['worker']} still holds it"


def steps_in_order(facts: Facts, outside: Outside) -> Iterator[str]:
    """Steps are numbered without a gap, and no call of a run has two steps."""
    del outside
    for run_id, steps in facts.of_runs("step").items():
        numbers = [step["seq"] for step in steps]
        if numbers != list(range(1, len(steps) + 1)):
            yield f"run {run_id} has the steps {numbers}"
        calls = Counter(step["call_id"] for step in steps if step["kind"] == "tool")
        twice = [call for call, count in calls.items() if count > 1]
        if twice:
            yield f"run {run_id} has the calls {twice} twice"


def script_followed(facts: Facts, outside: Outside) -> Iterator[str]:
    """The calls of a run are those of its script, each once and in order; all of them where it is done."""
    del outside
    goals = {task["id"]: task["goal"] for task in facts.all("task")}
    steps = facts.of_runs("step")
    for run in facts.all("run"):
        rounds = json.loads(goals[run["task_id"]].split("\n", 1)[1])["rounds"]
        planned = [(tool, arguments) for calls in rounds for tool, arguments in calls]
        made = [(step["name"], _arguments(step)) for step in steps[run["id"]] if step["kind"] == "tool"]
        if made != planned[: len(made)] or (run["status"] == "done" and len(made) != len(planned)):
            yield f"run {run['id']} is {run['status']}, it made {made} of {planned}"


def _arguments(step: Row) -> object:
    return json.loads(step["input"])["arguments"]


def _status(line: Row) -> str:
    return str(line["text"]).partition(":")[0]
