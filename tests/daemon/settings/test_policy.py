from collections.abc import Mapping
from fnmatch import fnmatchcase

import pytest

from daemon.domain.effect import Effect, Label
from daemon.domain.errors import ConfigError
from daemon.domain.rules import Policy, Preset, Rule, Verdict
from daemon.settings.policy import load_policy

from .conftest import Write

RULE = "rules:\n  - verdict: deny\n    tool: shell\n"


def _denied_because(tool: str, arguments: Mapping[str, str]) -> str | None:
    """Give the reason of the first shipped rule that denies this call, by the meaning that `Rule` states."""
    for rule in load_policy().rules:
        assert isinstance(rule.arguments, dict)
        fits = all(fnmatchcase(arguments.get(name, ""), glob) for name, glob in rule.arguments.items())
        if rule.verdict is Verdict.DENY and fnmatchcase(tool, rule.tool) and fits:
            return rule.reason
    return None


@pytest.mark.parametrize(
    "command",
    [
        "rm -rf /",
        "rm -fr / ",
        "cd /tmp && rm -rf /*",
        "rm -rf /; ls",
        "rm -rf --no-preserve-root /",
        "rm -r /",
        "rm -rf ~",
        "rm -rf ~/*",
        "rm -rf $HOME",
        "rm -rf /etc",
        "rm -rf /home/owner",
        "dd if=/dev/zero of=/dev/sda",
        "echo x; dd of=/dev/nvme0n1 if=x",
        "cat x > /dev/sda",
        "mkfs.ext4 /dev/sda1",
        "/sbin/mkfs -t ext4 /dev/sda",
        "wipefs -a /dev/sda",
        ":(){ :|:& };:",
        "sudo ls",
        "true && sudo ls",
        "reboot",
        "cat ~/.ssh/id_rsa",
        "ls -la ~/.ssh",
        "cat /etc/passwd",
        "cat /etc/shadow",
        "cat ~/.config/personal-agent/.env",
        "curl --unix-socket /var/run/docker.sock http://x",
        "pip install pandas",
        "pip3 install -r requirements.txt",
        "cd src && pip install pandas && python x.py",
        "python3 -m pip install pandas",
        "npm install @types/node",
        "apt-get install jq",
        "curl -s https://example.org/x",
        "cd src; wget -q https://example.org/x",
        "git clone https://example.org/x.git",
    ],
)
def test_shipped_rules_deny_what_destroys_or_betrays_with_a_reason(command: str) -> None:
    assert _denied_because("shell", {"command": command})


@pytest.mark.parametrize(
    "command",
    [
        "rm -rf build",
        "rm -rf ./build /work/tmp",
        "rm -rf /tmp/x",
        "rm -rf ~/build",
        "rm notes.txt && ls /",
        "dd if=input.bin of=output.bin bs=1M",
        "python3 add.py of=3",
        "grep -r mkfs docs",
        "echo reboots",
        "pip list",
        "cat notes/passwd.md",
        "ssh-keygen --help",
        "git status 2> /dev/null",
        "pip install ./package",
        "pip install --no-index --find-links wheels -e .",
        "echo 'pip install pandas' >> README.md",
        "curl http://localhost:8000/",
        "git clone ../other.git",
        "grep -rn 'https://' docs",
    ],
)
def test_shipped_rules_leave_ordinary_commands_alone(command: str) -> None:
    assert _denied_because("shell", {"command": command}) is None


@pytest.mark.parametrize("path", ["/home/o/.ssh/id_rsa", "~/.ssh", ".ssh/config", "/etc/passwd", "../.gnupg/x"])
def test_shipped_rules_deny_paths_with_secrets_to_every_tool(path: str) -> None:
    assert _denied_because("read_file", {"path": path})
    assert _denied_because("list_files", {"path": path})
    assert _denied_because("read_file", {"path": "output/passwd.txt"}) is None


def test_the_shipped_policy_is_careful_and_only_denies() -> None:
    policy = load_policy()
    assert policy.preset is Preset.CAREFUL
    assert {rule.verdict for rule in policy.rules} == {Verdict.DENY}
    assert all(rule.reason for rule in policy.rules)
    assert policy.rules[0].source.startswith("the shipped policy.yaml, line ")


def test_the_owners_rules_take_the_place_of_the_shipped_ones(write_policy: Write) -> None:
    write_policy(
        "preset: autonomous\n"
        "rules:\n"
        "  - verdict: allow\n"
        "    tool: send_mail\n"
        "    effect: send\n"
        "    arguments: {to: me@example.org, subject: 'Report*'}\n"
        "    agent: reporter\n"
        "    label: [private, untrusted]\n"
        "    reason: My own address.\n"
        "  - verdict: ask\n"
        "    effect: [change, self]\n"
        "  - {verdict: deny, tool: '*', arguments: '*secret*'}\n"
    )
    assert load_policy() == Policy(
        Preset.AUTONOMOUS,
        (
            Rule(
                Verdict.ALLOW,
                "send_mail",
                frozenset({Effect.SEND}),
                {"to": "me@example.org", "subject": "Report*"},
                "reporter",
                frozenset({Label.PRIVATE, Label.UNTRUSTED}),
                "My own address.",
                "policy.yaml, line 3",
            ),
            Rule(Verdict.ASK, effect=frozenset({Effect.CHANGE, Effect.SELF}), source="policy.yaml, line 10"),
            Rule(Verdict.DENY, arguments="*secret*", source="policy.yaml, line 12"),
        ),
    )


def test_a_list_of_patterns_is_a_rule_for_each(write_policy: Write) -> None:
    write_policy(RULE + "    arguments: {command: [a*, b*], cwd: ['/x', '/y']}\n    reason: No.\n")
    arguments = [rule.arguments for rule in load_policy().rules]
    assert arguments == [{"command": c, "cwd": w} for c in ("a*", "b*") for w in ("/x", "/y")]
    assert {(rule.reason, rule.source) for rule in load_policy().rules} == {("No.", "policy.yaml, line 2")}


@pytest.mark.parametrize("text", ["", "# nothing\n", "preset: careful\n"])
def test_without_rules_of_the_owner_the_shipped_ones_stay(write_policy: Write, text: str) -> None:
    ours = load_policy()
    write_policy(text)
    assert load_policy() == ours


def test_the_preset_alone_can_be_chosen_and_rules_can_be_dropped(write_policy: Write) -> None:
    ours = load_policy()
    write_policy("preset: autonomous\n")
    assert load_policy() == Policy(Preset.AUTONOMOUS, ours.rules)
    write_policy("rules: []\n")
    assert load_policy() == Policy(Preset.CAREFUL, ())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("presett: careful\n", "line 1: unknown key 'presett'. Did you mean 'preset'?"),
        ("preset: carefull\n", "line 1: 'preset' cannot be 'carefull'. Did you mean 'careful'?"),
        ("preset: [careful]\n", "line 1: 'preset' must be one of careful, autonomous."),
        ("rules: deny\n", "line 1: 'rules' must be a list: each rule begins with '- '."),
        ("rules:\n", "line 1: 'rules' must be a list"),
        ("rules:\n  - deny\n", "line 2: a rule must have keys"),
        ("rules:\n  - tool: x\n", "line 2: 'verdict' must be one of allow, ask, deny."),
        ("rules:\n  - verdict: denny\n    tool: x\n", "line 2: 'verdict' cannot be 'denny'. Did you mean 'deny'?"),
        (RULE + "    tol: x\n", "line 4: unknown key 'tol' in a rule. Did you mean 'tool'?"),
        (RULE + "    effect: sendd\n", "line 4: 'effect' cannot be 'sendd'. Did you mean 'send'?"),
        (RULE + "    effect: []\n", "line 4: 'effect' is an empty list."),
        (RULE + "    label: secret\n", "line 4: 'label' cannot be 'secret'. Known here: private, untrusted."),
        (RULE + "    arguments: {}\n", "line 4: 'arguments' must name 1 to 2000 patterns."),
        (RULE + "    arguments: {command: {}}\n", "line 4: 'arguments.command' must be a text of 1 to 1000"),
        (RULE + "    arguments: {command: ''}\n", "line 4: 'arguments.command' must be a text of 1 to 1000"),
        (RULE + "    arguments: {a: [[x]]}\n", "line 4: 'arguments.a' must be a text"),
        (RULE + "    reason:\n", "line 4: 'reason' must be a text"),
        (RULE + f"    agent: {'x' * 1001}\n", "line 4: 'agent' must be a text"),
        (RULE + "    tool: other\n", "line 4: key 'tool' stands twice, first in line 3."),
        ("rules:\n  - verdict: allow\n", "line 2: this rule would apply to every call."),
        ("rules:\n  - {verdict: allow, tool: '*'}\n", "line 2: a rule that allows must name its tool."),
        ("rules:\n  - {verdict: allow, tool: '**?'}\n", "line 2: a rule that allows must name its tool."),
        ("rules:\n  - {verdict: allow, effect: self}\n", "line 2: a rule that allows must name its tool."),
        ("rules:\n  - verdict: deny\n    tool: *\n", "line 3: a value that begins with * or &"),
    ],
)
def test_a_mistake_names_file_line_and_what_is_right(write_policy: Write, text: str, message: str) -> None:
    write_policy(text)
    with pytest.raises(ConfigError) as caught:
        load_policy()
    assert caught.value.message.startswith(f"policy.yaml, {message}")
    assert "policy.yaml" in caught.value.fix


def test_all_mistakes_are_told_at_once(write_policy: Write) -> None:
    write_policy("preset: x\nrules:\n  - verdict: y\n    tool: z\n  - verdict: deny\n    effect: w\n")
    with pytest.raises(ConfigError) as caught:
        load_policy()
    lines = caught.value.message.splitlines()
    assert [line.partition(":")[0] for line in lines] == [f"policy.yaml, line {n}" for n in (1, 3, 6)]


def test_patterns_cannot_multiply_without_bound(write_policy: Write) -> None:
    many = ", ".join(f"p{n}" for n in range(100))
    write_policy(RULE + f"    arguments: {{a: [{many}], b: [{many}], c: [{many}]}}\n")
    with pytest.raises(ConfigError, match="1 to 2000 patterns"):
        load_policy()


def test_a_policy_that_others_may_write_is_refused(write_policy: Write) -> None:
    write_policy("rules: []\n").chmod(0o666)
    with pytest.raises(ConfigError, match="other users can write to it"):
        load_policy()
