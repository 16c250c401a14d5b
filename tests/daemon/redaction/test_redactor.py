"""What becomes of secrets in texts and JSON values."""

import base64
import json
import re
from random import Random
from urllib.parse import quote

import pytest

from daemon.engine.redaction.redactor import Redactor
from tests.daemon.redaction.corpus import keys
from tests.daemon.redaction.speed import HOSTILE

SECRET = 'Tr0ub4dor&3/"xyz'  # noqa: S105 - made up
WIDE = "pässwört-4711"
REDACTOR = Redactor([SECRET, WIDE], b"of a test")
MARK = re.compile(r"\[secret:[a-z-]+:[0-9a-f]{2}\]")


def only_mark(text: str) -> bool:
    return MARK.fullmatch(text) is not None


def forms(secret: str) -> dict[str, str]:
    raw = secret.encode()
    return {
        "as it is": secret,
        "reversed": secret[::-1],
        "base64": base64.b64encode(raw).decode(),
        "base64url": base64.urlsafe_b64encode(raw).decode(),
        "hex": raw.hex(),
        "HEX": raw.hex().upper(),
        "hex reversed": raw.hex()[::-1],
        "hex with colons": raw.hex(":"),
        "escaped bytes": "".join(f"\\x{byte:02x}" for byte in raw),
        "URL": quote(secret, safe=""),
        "url": quote(secret, safe="").lower() if secret.islower() else quote(secret, safe=""),
        "every byte of the URL": "".join(f"%{byte:02X}" for byte in raw),
        "JSON": json.dumps(secret)[1:-1],
        "JSON in UTF-8": json.dumps(secret, ensure_ascii=False)[1:-1],
    }


@pytest.mark.parametrize("secret", [SECRET, WIDE, "s3cr3t", "a" * 5 + "1b2"])
def test_a_known_secret_is_found_in_every_form(secret: str) -> None:
    redactor = Redactor([secret], b"k")
    for name, form in forms(secret).items():
        for text in (form, f"before {form} after", f'{{"x":"{form}"}}', f"x={form}&y=1"):
            redacted = redactor.text(text)
            assert MARK.search(redacted), (name, text)
            assert form not in redacted


@pytest.mark.parametrize("before", range(6))
def test_a_known_secret_is_found_within_base64_of_something_longer(before: int) -> None:
    text = base64.b64encode(b"x" * before + SECRET.encode() + b" and more").decode()
    left = MARK.sub("", REDACTOR.text(text))
    assert left != text
    # At the edges one letter holds bits of what stands beside the secret.
    assert len(left) <= len(text) - len(SECRET) * 8 // 6 + 1


@pytest.mark.parametrize("at", range(1, len(SECRET)))
@pytest.mark.parametrize("gap", ["\n", "\r\n", "\\\n", "\n    ", "=\n"])
def test_a_known_secret_is_found_where_a_terminal_broke_it_over_lines(at: int, gap: str) -> None:
    redacted = REDACTOR.text(f"line\n{SECRET[:at]}{gap}{SECRET[at:]}\nline\n")
    assert redacted.startswith("line\n[secret:known:")
    assert redacted.endswith("]\nline\n")


def test_what_clipping_left_of_a_known_secret_is_found_at_either_end() -> None:
    assert MARK.search(REDACTOR.text(f"see {SECRET[:-3]}"))
    assert MARK.search(REDACTOR.text(f"{SECRET[3:]} was it"))


def test_the_same_secret_gives_the_same_text_and_another_state_folder_another() -> None:
    one = REDACTOR.text(SECRET)
    assert REDACTOR.text(base64.b64encode(SECRET.encode()).decode()) == one
    others = {Redactor([SECRET], bytes([number])).text(SECRET) for number in range(32)}
    assert len(others) > 16


def test_different_secrets_mostly_give_different_texts() -> None:
    random = Random(4)
    texts = {REDACTOR.text(f"password={keys.password(random)}") for _ in range(50)}
    assert len(texts) > 25


def test_types_and_structure_stay_as_they_are() -> None:
    value = {
        "password": "Xk92jslq0A",
        "numbers": [1, 2.5, None, True, {"token": ["Zx81kdk2kdlslq92kd", 7]}],
        f"key {SECRET}": "text",
        "Cookie": "sid=3Kd92jdksl2kd9; theme=dark",
        "plain": "nothing here",
        "count": 7,
    }
    redacted = REDACTOR.value(value)
    assert only_mark(str(redacted["password"]))
    assert redacted["numbers"][:4] == [1, 2.5, None, True]  # type: ignore[index]
    assert SECRET not in json.dumps(redacted)
    assert "3Kd92jdksl2kd9" not in json.dumps(redacted)
    assert "Zx81kdk2kdlslq92kd" not in json.dumps(redacted)
    assert len(redacted) == len(value)
    assert (redacted["plain"], redacted["count"]) == ("nothing here", 7)
    assert REDACTOR.value(redacted) == redacted


def test_two_keys_that_become_one_both_stay() -> None:
    redactor = Redactor([SECRET], b"k")
    redacted = redactor.value({SECRET: 1, base64.b64encode(SECRET.encode()).decode(): 2})
    assert sorted(redacted.values()) == [1, 2]


def test_a_text_without_secrets_comes_back_as_the_same_object() -> None:
    text = "ordinary\nwords " * 100
    assert REDACTOR.text(text) is text


def test_a_forged_mark_hides_nothing_that_is_known() -> None:
    for text in (f"[secret:known:00]{SECRET}", f"{SECRET}[secret:known:00]", f"[secret:{SECRET}:00]"):
        assert SECRET not in REDACTOR.text(text)


def test_lone_surrogates_and_nul_bytes_pass() -> None:
    for text in ("\udcff\x00 password: Xk92jslq0A", "\ud800" + SECRET):
        redacted = REDACTOR.text(text)
        assert MARK.search(redacted)
        assert REDACTOR.text(redacted) == redacted


def test_redacting_twice_is_redacting_once_for_whatever_comes() -> None:
    random = Random(11)
    pieces = [
        *(
            "password",
            "token:",
            "=",
            " ",
            "\n",
            '"',
            "'",
            ": ",
            "://",
            "@",
            "Bearer ",
            "Cookie: ",
            "eyJ",
            ".",
            "sk-",
            "--",
        ),
        *("secret", "[secret:known:3f]", "&", ";", "\\n", "%3D", "<", ">", "/", "curl -u ", "-p", "is ", "key", "api_"),
        *("-----BEGIN RSA PRIVATE KEY-----", "machine a.b login c password ", SECRET, SECRET[:9], SECRET[9:], "ä"),
    ]
    for _ in range(4000):
        some = [random.choice(pieces) if random.random() < 0.7 else keys.password(random) for _ in range(12)]
        once = REDACTOR.text("".join(some))
        assert REDACTOR.text(once) == once, "".join(some)


def test_secrets_that_are_too_short_are_not_taken() -> None:
    assert Redactor(["abc", "12345"], b"k").text("abc 12345") == "abc 12345"


def test_many_known_secrets_are_all_found() -> None:
    random = Random(5)
    many = [keys.alnum(random, random.randint(8, 60)) for _ in range(500)]
    redacted = Redactor(many, b"k").text(" ".join(many))
    assert not any(secret in redacted for secret in many)


def test_a_long_text_is_redacted_wholly_and_once() -> None:
    random = Random(6)
    lines = [f"line {number} of a log: nothing to see" for number in range(20_000)]
    hidden = [keys.password(random) + "X9!" for _ in range(40)]
    for secret in hidden:
        lines[random.randrange(len(lines))] += f" password={secret}"
    text = "\n".join(lines)
    once = REDACTOR.text(text)
    assert not any(secret in once for secret in hidden if secret in text)
    assert once.count("\n") == text.count("\n")
    assert REDACTOR.text(once) is once


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_text_comes_to_an_end_and_is_redacted_once(piece: str) -> None:
    once = REDACTOR.text(piece * (200_000 // len(piece)))
    assert REDACTOR.text(once) == once


def test_what_one_learns_of_another_it_knows_beside_what_it_knew() -> None:
    before, after = "correct horse 4711 battery", "staple battery 4712 horse"
    old, new = Redactor([before], b"k"), Redactor([after], b"k")
    assert old.text(after) == after
    old.learn(new)
    assert old.text(f"{before} / {after}") == f"{old.text(before)} / {new.text(after)}"
    assert old.text(before).startswith("[secret:")
    assert new.text(before) == before
