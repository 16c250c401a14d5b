import pytest

from daemon.domain.errors import BadInput
from daemon.domain.skill import Skill, Slot, SlotKind
from skills.invocation import Invocation, fill, read_invocation

REPORT = Skill(
    "csv-report",
    "d",
    "/s",
    "",
    "0",
    "owner",
    "run.py",
    (),
    (
        Slot("file", SlotKind.FILE),
        Slot("rows", SlotKind.NUMBER, required=False, default="10"),
        Slot("path", SlotKind.FOLDER, required=False, default="~"),
        Slot("title", SlotKind.TEXT, required=False),
    ),
)
TWO = ("sales.csv", "Q3 costs.csv")


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")


def arguments(rest: str, files: tuple[str, ...] = TWO, folders: tuple[str, ...] = ()) -> dict[str, str]:
    return fill(REPORT, rest, files, folders).arguments


@pytest.mark.parametrize(
    ("goal", "name", "rest"),
    [
        ("/csv-report", "csv-report", ""),
        ("  /csv-report  a  b ", "csv-report", "a  b"),
        ("/CSV_Report\na", "csv-report", "a"),
        ("/x " + "a" * 1_000_000, "x", "a" * 1_000_000),
    ],
)
def test_a_slash_and_a_name_is_a_call(goal: str, name: str, rest: str) -> None:
    assert read_invocation(goal) == Invocation(name, rest)


@pytest.mark.parametrize(
    "goal",
    [
        "/",
        "/ x",
        "//x",
        "/srv/data is full",
        "/x.y",
        "/x/",
        "/" + "a" * 65,
        "say /x",
        "x",
        "",
        "/é",
        "/x\x00",
        " " * 1000000,
    ],
)
def test_a_path_or_other_words_are_no_call(goal: str) -> None:
    assert read_invocation(goal) is None


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("sales.csv", {"file": "sales.csv", "rows": "10", "path": "/home/ada"}),
        ("SALES.csv 5", {"file": "sales.csv", "rows": "5", "path": "/home/ada"}),
        ("input/sales.csv", {"file": "sales.csv", "rows": "10", "path": "/home/ada"}),
        ("file=sales.csv rows=-7", {"file": "sales.csv", "rows": "-7", "path": "/home/ada"}),
        ("rows=3 sales.csv /srv", {"file": "sales.csv", "rows": "3", "path": "/srv"}),
        ("'Q3 costs.csv'", {"file": "Q3 costs.csv", "rows": "10", "path": "/home/ada"}),
        ("file=“q3 costs.csv”", {"file": "Q3 costs.csv", "rows": "10", "path": "/home/ada"}),
        ("Q3\\ costs.csv", {"file": "Q3 costs.csv", "rows": "10", "path": "/home/ada"}),
        ("sales.csv path='~/a b'", {"file": "sales.csv", "rows": "10", "path": "/home/ada/a b"}),
        (
            "sales.csv 1 / the first quarter",
            {"file": "sales.csv", "rows": "1", "path": "/", "title": "the first quarter"},
        ),
        (
            'title="a=b; $(rm) `x`" sales.csv',
            {"file": "sales.csv", "rows": "10", "path": "/home/ada", "title": "a=b; $(rm) `x`"},
        ),
        ("sales.csv 1 /x y=2 z", {"file": "sales.csv", "rows": "1", "path": "/x", "title": "y=2 z"}),
        ("sales.csv title=--flag", {"file": "sales.csv", "rows": "10", "path": "/home/ada", "title": "--flag"}),
        ("sales.csv title=", {"file": "sales.csv", "rows": "10", "path": "/home/ada"}),
    ],
)
def test_arguments_go_to_their_slots(rest: str, expected: dict[str, str]) -> None:
    assert arguments(rest) == expected


@pytest.mark.parametrize(
    ("rest", "message", "fix"),
    [
        ("", "/csv-report needs an attached file for file", "Say: /csv-report file [rows] [path] [title]"),
        ("other.csv", '"other.csv" is not an attached file', '"sales.csv", "Q3 costs.csv"'),
        ("../sales.csv", "is not an attached file", "Attach it"),
        ("/etc/passwd", "is not an attached file", "Attach it"),
        ("file=", "is not an attached file", "Attach it"),
        ("sales.csv many", '"many" is not a whole number that rows can take', "whole number"),
        ("sales.csv path=relative", "is not a folder", "absolute path"),
        ("sales.csv path=../x", "is not a folder", "absolute path"),
        ("sales.csv path='/a\nb'", "is not a folder", "control characters"),
        ("file=sales.csv file=sales.csv", "got file twice", "Say:"),
        ("title=don't sales.csv", "never closed", "double quotes"),
        ('"sales.csv', "never closed", "double quotes"),
        ("sales.csv title=x 1 /a b", 'no use for "b"', "Say:"),
        ("\x1b[31m", "is not an attached file", "Attach it"),
        ("a" * 20_001, "longer than 20000", "Attach"),
    ],
)
def test_arguments_that_do_not_fit_say_what_would(rest: str, message: str, fix: str) -> None:
    with pytest.raises(BadInput) as caught:
        arguments(rest)
    assert message in caught.value.message
    assert fix in caught.value.fix
    assert "\x1b" not in str(caught.value)


def test_the_only_file_and_the_only_folder_stand_in() -> None:
    assert arguments("", ("a.csv",), ("/srv/x",)) == {"file": "a.csv", "rows": "10", "path": "/srv/x"}
    assert arguments("this path=x", ("a.csv",), ("/srv/x",)) == {"file": "a.csv", "rows": "10", "path": "/srv/x"}


def test_a_call_by_name_takes_a_file_of_any_ending() -> None:
    slot = Slot("file", SlotKind.FILE, endings=(".csv",))
    called = Skill("csv-report", "d", "/s", "", "0", "owner", "run.py", (), (slot,))
    assert fill(called, "", ("export.dat",), ()).arguments == {"file": "export.dat"}
    assert fill(called, "export.dat", ("export.dat", "b.csv"), ()).arguments == {"file": "export.dat"}


def test_a_skill_of_words_takes_what_follows_as_it_is() -> None:
    words = Skill("brand", "d", "/s", "", "0", "owner")
    assert fill(words, 'don\'t "shout"  a=b', (), ()).arguments == {"text": 'don\'t "shout"  a=b'}
    assert fill(words, "", (), ()).arguments == {}
    assert fill(words, "", (), ()).by == "/brand"


def test_a_skill_without_slots_takes_nothing() -> None:
    bare = Skill("tidy", "d", "/s", "", "0", "owner", "run.sh")
    assert fill(bare, "", ("a.csv",), ()).arguments == {}
    with pytest.raises(BadInput, match='no use for "now"'):
        fill(bare, "now", (), ())
