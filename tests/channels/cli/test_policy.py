"""`agent policy`, and a yes for ever in the terminal."""

import json

from daemon.domain.effect import Label
from daemon.domain.own_rule import OwnRule
from daemon.domain.rules import Policy, Preset, Rule, Verdict
from daemon.store import database, own_rules
from tests.channels.cli.conftest import Terminal

RULES = (
    Rule(
        Verdict.DENY,
        tool="shell",
        arguments={"command": "*sudo*"},
        reason="there is none",
        source="policy.yaml",
    ),
    Rule(Verdict.ASK, tool="post\x1b[2K", label=frozenset({Label.UNTRUSTED}), agent="code", source="agents: code"),
)


def test_the_rules_are_listed_in_their_order(terminal: Terminal) -> None:
    terminal.host.machine.rules = Policy(Preset.CAREFUL, RULES)
    _ = terminal.host.service
    with database.transaction():
        own_rules.add(OwnRule(0, "post", "general", {"to": "a"}, frozenset(), "x" * 20, 0.0))
    lines = terminal.type("policy").out.splitlines()
    assert lines[:3] == [
        "Preset: careful",
        "Allowed for ever (1):",
        "  1: general may use post with to 'a', in a run that has read nothing but its task (1970-01-01T00:00:00)",
    ]
    assert lines[4] == "  deny shell, command like *sudo*: there is none (policy.yaml)"
    assert lines[5] == "  ask post\\x1b[2K, agent code, label untrusted (agents: code)"
    found = json.loads(terminal.type("policy", "show", "--json").out)
    assert (found["preset"], found["allowed"][0]["id"], len(found["rules"])) == ("careful", 1, 2)


def test_a_rule_is_taken_back(terminal: Terminal) -> None:
    _ = terminal.host.service
    with database.transaction():
        own_rules.add(OwnRule(0, "post", "general", {}, frozenset(), "x" * 20, 0.0))
    assert terminal.type("policy", "revoke", "1").out.startswith("No longer: general may use post without arguments")
    said = terminal.type("policy", "revoke", "1")
    assert (said.code, said.err.splitlines()[0]) == (66, "agent: There is no rule 1 that counts.")


def test_any_belongs_to_always_and_a_yes_for_ever_has_no_words(terminal: Terminal) -> None:
    assert terminal.type("approve", "abcd", "--any", "x").code == 2
    assert terminal.type("approve", "abcd", "--always", "because").code == 2
