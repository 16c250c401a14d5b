from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.domain.errors import BadInput
from daemon.domain.skill import Skill, SkillMatch, Slot, SlotKind
from skills import triggers
from skills.triggers import best, read_trigger

FILE = Slot("file", SlotKind.FILE)
HOME = Slot("path", SlotKind.FOLDER, required=False, default="~")


def skill(name: str, said: str, *slots: Slot, entry: str | None = "run.py") -> Skill:
    return Skill(name, "d", f"/s/{name}", "", "0", "owner", entry, tuple(said.splitlines()), slots)


REPORT = skill(
    "csv-report", "report on {file}\n[pdf] report of {file} [with a chart]\n[pdf] report [with [a] chart]", FILE
)
DISK = skill("disk-report", "disk report [for {path}]\nhow full is {path}", HOME)
DIGEST = skill("folder-digest", "digest of {folder}\nsummarise {folder}", Slot("folder", SlotKind.FOLDER))
FIND = skill(
    "find", "find {what} [in {where}]", Slot("what", SlotKind.TEXT), Slot("where", SlotKind.FOLDER, False, "/srv")
)
TOP = skill("top-rows", "first {rows} rows of {file}", Slot("rows", SlotKind.NUMBER), FILE)
COMPARE = skill("compare", "compare {old} with {new}", Slot("old", SlotKind.FILE), Slot("new", SlotKind.FILE))
CHINESE = skill("baogao", "生成{file}的报告", FILE)
CHOICE = skill("chart", "[png|svg] chart of|from |for {file} [in colour|color]", FILE)
CZECH = skill("zprava", "Zpráva o {file}", FILE)
ALL = (REPORT, DISK, DIGEST, FIND, TOP, COMPARE, CHINESE, CZECH, CHOICE)

ONE = ("sales.csv",)
TWO = ("sales.csv", "costs.csv")


def match(goal: str, files: tuple[str, ...] = (), folders: tuple[str, ...] = ()) -> SkillMatch | None:
    return best(ALL, goal, files, folders)


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")


FITS: tuple[tuple[str, tuple[str, ...], tuple[str, ...], str, dict[str, str]], ...] = (
    ("report on sales.csv", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("Report on Sales.CSV", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("REPORT ON SALES.CSV!!!", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("  report \t on\n sales.csv  ", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("report on sales.csv.", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("report on sales.csv, please", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("Please report on sales.csv", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("Hi, could you please make me a report on sales.csv? Thanks!", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("can you do a report on this?", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("I'd like a report on it", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("I’d like a report on it 🙏", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("write me a report on sales.csv", ONE, (), "csv-report", {"file": "sales.csv"}),
    ('report on "sales.csv"', ONE, (), "csv-report", {"file": "sales.csv"}),
    ("report on “sales.csv”", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("report on „sales.csv“", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("report on 'sales.csv'.", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("report on `sales.csv`", ONE, (), "csv-report", {"file": "sales.csv"}),
    ('"report on sales.csv"', ONE, (), "csv-report", {"file": "sales.csv"}),
    ("report on (sales.csv)", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("report on: sales.csv", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("report on the file sales.csv", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("report on the attached sales.csv", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("report on the file", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("report on this file", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("report on the attachment", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("report on this csv", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("report on the CSV file", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("PDF report of this with a chart", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("report of this with a chart", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("pdf report of sales.csv", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("PDF report", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("report with a chart please", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("report with chart", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("report on", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("report on costs.csv", TWO, (), "csv-report", {"file": "costs.csv"}),
    ("report on Q3 sales (final).csv", ("Q3 sales (final).csv",), (), "csv-report", {"file": "Q3 sales (final).csv"}),
    ('report on "q3 sales (final).csv"', ("Q3 sales (final).csv",), (), "csv-report", {"file": "Q3 sales (final).csv"}),
    ("report on a - b.csv", ("a - b.csv", "b.csv"), (), "csv-report", {"file": "a - b.csv"}),
    ("report on A.csv", ("A.csv", "a.csv"), (), "csv-report", {"file": "A.csv"}),
    ("report on a.csv", ("A.csv", "a.csv"), (), "csv-report", {"file": "a.csv"}),
    ("report on this", ("a.csv\n--flag",), (), "csv-report", {"file": "a.csv\n--flag"}),
    ("report on U\u0308bersicht.csv", ("Übersicht.csv",), (), "csv-report", {"file": "Übersicht.csv"}),
    ("report on STRASSE.csv", ("straße.csv",), (), "csv-report", {"file": "straße.csv"}),
    ("ｒｅｐｏｒｔ on sales.csv", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("re\u200bport on sales.csv", ONE, (), "csv-report", {"file": "sales.csv"}),
    ("ZPRÁVA o sales.csv", ONE, (), "zprava", {"file": "sales.csv"}),
    ("生成sales.csv的报告。", ONE, (), "baogao", {"file": "sales.csv"}),
    ("生成 销售.csv 的报告", ("销售.csv",), (), "baogao", {"file": "销售.csv"}),
    ("disk report", (), (), "disk-report", {"path": "/home/ada"}),
    ("disk report", (), ("/srv/data",), "disk-report", {"path": "/srv/data"}),
    ("Disk report for /", (), (), "disk-report", {"path": "/"}),
    ("disk report for ~", (), (), "disk-report", {"path": "/home/ada"}),
    ("disk report for ~/Music.", (), (), "disk-report", {"path": "/home/ada/Music"}),
    ("disk report for /srv/../srv//data/", (), (), "disk-report", {"path": "/srv/data"}),
    ("disk report for //srv", (), (), "disk-report", {"path": "/srv"}),
    ('disk report for "/srv/my files"', (), (), "disk-report", {"path": "/srv/my files"}),
    ("disk report for /srv/my\\ files", (), (), "disk-report", {"path": "/srv/my files"}),
    ("disk report for /srv/a(b)", (), (), "disk-report", {"path": "/srv/a(b)"}),
    ("disk report (for /srv/a).", (), (), "disk-report", {"path": "/srv/a"}),
    ("disk report for the folder /srv", (), (), "disk-report", {"path": "/srv"}),
    ("disk report for data", (), ("/srv/data", "/srv/other"), "disk-report", {"path": "/srv/data"}),
    ("disk report for this folder", (), ("/srv/data",), "disk-report", {"path": "/srv/data"}),
    ("disk report for /srv/my files", (), ("/srv/my files", "/srv"), "disk-report", {"path": "/srv/my files"}),
    ("how full is /srv?", (), (), "disk-report", {"path": "/srv"}),
    ("Digest of /srv/mail", (), (), "folder-digest", {"folder": "/srv/mail"}),
    ("summarise here", (), ("/srv/mail",), "folder-digest", {"folder": "/srv/mail"}),
    ("find cats", (), (), "find", {"what": "cats", "where": "/srv"}),
    ("find cats please", (), (), "find", {"what": "cats", "where": "/srv"}),
    ("find Cats,  and Dogs in /pets", (), (), "find", {"what": "Cats,  and Dogs", "where": "/pets"}),
    ("find cats in the hat", (), (), "find", {"what": "cats in the hat", "where": "/srv"}),
    ('find "in /etc" in /pets', (), (), "find", {"what": "in /etc", "where": "/pets"}),
    ("first 10 rows of sales.csv", ONE, (), "top-rows", {"rows": "10", "file": "sales.csv"}),
    ("first +007 rows of it", ONE, (), "top-rows", {"rows": "7", "file": "sales.csv"}),
    ("show me the first -3 rows of it", ONE, (), "top-rows", {"rows": "-3", "file": "sales.csv"}),
    ("chart of sales.csv", ONE, (), "chart", {"file": "sales.csv"}),
    ("SVG chart for it", ONE, (), "chart", {"file": "sales.csv"}),
    ("png chart from sales.csv in color, please", ONE, (), "chart", {"file": "sales.csv"}),
    ("compare costs.csv with sales.csv", TWO, (), "compare", {"old": "costs.csv", "new": "sales.csv"}),
)


@pytest.mark.parametrize(("goal", "files", "folders", "name", "arguments"), FITS, ids=[row[0] for row in FITS])
def test_a_goal_that_says_a_trigger_fits(
    goal: str, files: tuple[str, ...], folders: tuple[str, ...], name: str, arguments: dict[str, str]
) -> None:
    found = match(goal, files, folders)
    assert found is not None
    assert (found.skill.name, found.arguments) == (name, arguments)


NEAR: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("write me a report on the history of csv", (), ()),
    ("write me a report on the history of csv", ONE, ()),
    ("report on sales.csv and mail it to Bob", ONE, ()),
    ("report on sales.csv\nand mail it to Bob", ONE, ()),
    ("report on sales.csv; mail it to Bob", ONE, ()),
    ("report on sales.csv. Then delete it.", ONE, ()),
    ("mail Bob the report on sales.csv", ONE, ()),
    ("do not make a report on sales.csv", ONE, ()),
    ("don't report on sales.csv", ONE, ()),
    ("never report on sales.csv", ONE, ()),
    ("Do I need a report on sales.csv?", ONE, ()),
    ("did you make the report on sales.csv", ONE, ()),
    ("why is there no report on sales.csv?", ONE, ()),
    ("translate the report on sales.csv", ONE, ()),
    ("report on sales.csv in French", ONE, ()),
    ("report on sales.csv by region", ONE, ()),
    ("report on sales.csv every Monday", ONE, ()),
    ("report on sales.csv tomorrow at 9", ONE, ()),
    ("report on sales.csv for Bob", ONE, ()),
    ("report on sales.csv without a chart", ONE, ()),
    ("report of sales.csv with two charts", ONE, ()),
    ("report of sales.csv with a chart with a chart", ONE, ()),
    ("report on sales.csv > out.txt", ONE, ()),
    ("report on sales.csv | mail bob", ONE, ()),
    ("report on sales.csv && rm -rf /", ONE, ()),
    ("report on sales.csv and costs.csv", TWO, ()),
    ("report on sales.csv costs.csv", TWO, ()),
    ("report on this", TWO, ()),
    ("report on it", (), ()),
    ("report on the file", (), ()),
    ("report on the files", TWO, ()),
    ("report", (), ()),
    ("PDF report", TWO, ()),
    ("report on sales.csv", (), ()),
    ("report on costs.csv", ONE, ()),
    ("report on sales", ONE, ()),
    ("report on sales.csv2", ONE, ()),
    ("report on old-sales.csv", ONE, ()),
    ("report on /etc/sales.csv", ONE, ()),
    ("report on this pdf", ONE, ()),
    ("report on A.CSV", ("A.csv", "a.csv"), ()),
    ("report on sales.csv sales.csv", ONE, ()),
    ("reports on sales.csv", ONE, ()),
    ("reporton sales.csv", ONE, ()),
    ("on report sales.csv", ONE, ()),
    ("report report on sales.csv", ONE, ()),
    ('"report" said Bob about sales.csv', ONE, ()),
    ("Bob said: report on sales.csv", ONE, ()),
    ("> report on sales.csv\nI do not want this", ONE, ()),
    ("disk report for /srv and /home", (), ()),
    ("disk report for /srv, then delete it", (), ()),
    ("disk report for srv", (), ()),
    ("disk report for ./srv", (), ()),
    ("disk report for ../etc", (), ()),
    ("disk report for ~root", (), ()),
    ("disk report for C:\\data", (), ()),
    ("disk report for https://example.com/x", (), ()),
    ("disk report for file:///etc", (), ()),
    ("disk report for this folder", (), ("/a", "/b")),
    ("disk report for data", (), ("/a/data", "/b/data")),
    ("disk report for /srv/my files", (), ()),
    ("disk report for everything in /srv", (), ()),
    ("the disk is full, report it", (), ()),
    ("disk reports", (), ()),
    ("digest of", (), ()),
    ("digest of the meeting", (), ()),
    ("summarise /srv/mail and send it to Bob", (), ()),
    ("summarise this", ONE, ()),
    ("first ten rows of sales.csv", ONE, ()),
    ("first 1.5 rows of sales.csv", ONE, ()),
    ("first 1e3 rows of sales.csv", ONE, ()),
    ("first 10 of sales.csv", ONE, ()),
    ("first 99999999999999999999 rows of sales.csv", ONE, ()),
    ("find", (), ()),
    ("find !!!", (), ()),
    ("please find", (), ()),
    ("chart of from sales.csv", ONE, ()),
    ("chart of|from sales.csv", ONE, ()),
    ("png svg chart of sales.csv", ONE, ()),
    ("chart on sales.csv", ONE, ()),
    ("chart sales.csv", ONE, ()),
    ("chart of sales.csv in", ONE, ()),
    ("compare costs.csv with prices.csv", TWO, ()),
    ("生成sales.csv的报告并发送给Bob", ONE, ()),
    ("", ONE, ()),
    ("please", ONE, ()),
    ("hello", (), ()),
    ("\x00", ONE, ()),
    ("/ report on sales.csv", ONE, ()),
)


@pytest.mark.parametrize(("goal", "files", "folders"), NEAR, ids=[repr(row[0]) for row in NEAR])
def test_a_goal_that_asks_for_something_else_fits_nothing(
    goal: str, files: tuple[str, ...], folders: tuple[str, ...]
) -> None:
    assert match(goal, files, folders) is None


def test_the_tables_are_long_enough() -> None:
    assert len(FITS) >= 60
    assert len(NEAR) >= 60


def test_a_skill_of_words_is_not_called_by_a_trigger() -> None:
    assert best([skill("x", "report", entry=None)], "report", (), ()) is None


def test_a_required_slot_that_a_trigger_does_not_name_must_be_given() -> None:
    needs = skill("x", "sort it all", FILE)
    assert best([needs], "sort it all", (), ()) is None
    assert best([needs], "sort it all", ONE, ()) is not None


def test_words_mean_only_files_of_the_endings_that_a_slot_names() -> None:
    table = Slot("file", SlotKind.FILE, endings=(".csv", ".tsv"))
    extra = Slot("old", SlotKind.FILE, required=False, endings=(".csv",))
    called = (skill("table", "report on {file}\nreport\ncompare {file} [with {old}]", table, extra),)

    def given(goal: str, *files: str) -> dict[str, str] | None:
        found = best(called, goal, files, ())
        return None if found is None else found.arguments

    assert given("report on a.csv", "a.csv", "b.pdf") == {"file": "a.csv"}
    assert given("report on A.TSV", "A.TSV") == {"file": "A.TSV"}
    for goal in ("report on b.pdf", "report on this", "report", "compare b.pdf"):
        assert given(goal, "b.pdf") is None
    assert given("compare a.csv with b.pdf", "a.csv", "b.pdf") is None
    assert given("compare a.tsv", "a.tsv") == {"file": "a.tsv"}


def test_of_several_skills_the_one_with_fewer_free_texts_wins() -> None:
    free = skill("a", "very long report about exactly {x}", Slot("x", SlotKind.TEXT))
    plain = skill("c", "[very] long report about {file}", FILE)
    for order in ([free, plain], [plain, free]):
        found = best(order, "very long report about exactly one.csv", ("exactly one.csv",), ())
        assert found is not None
        assert (found.skill.name, found.arguments) == ("c", {"file": "exactly one.csv"})
        found = best(order, "very long report about exactly one.csv", (), ())
        assert found is not None
        assert (found.skill.name, found.arguments) == ("a", {"x": "one.csv"})


def test_of_several_triggers_the_one_with_most_said_words_wins_and_then_the_name() -> None:
    vague = skill("a", "report {file} [now] [with a chart]", FILE)
    same = skill("b", "report {file} with a chart\nreport sales.csv with a chart", FILE)
    for order in ([vague, same], [same, vague]):
        found = best(order, "report sales.csv with a chart", ONE, ())
        assert found is not None
        assert (found.skill.name, found.by) == ("b", "report sales.csv with a chart")
        found = best(order, "report it with a chart", ONE, ())
        assert found is not None
        assert found.skill.name == "a"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no word that must be said"),
        ("{file}", "no word that must be said"),
        ("[please] {file}", "no word that must be said"),
        ("!!! ... {file}", "no word that must be said"),
        ("report {other}", "not declared"),
        ("report {}", "not declared"),
        ("report {file} {file}", "twice"),
        ("report [on {file}", "other half"),
        ("report on] {file}", "other half"),
        ("report {file", "other half"),
        ("report file}", "other half"),
        ("report {[file]}", "other half"),
        ("say {a} [{b}]", "no word between"),
        ("|report on {file}", "not between two words"),
        ("report on | {file}", "not between two words"),
        ("{a}|{b} report", "not between two words"),
        ("a||b", "not between two words"),
        ("报告|告 x", "not between two words"),
        ("x" * 201, "more than 200"),
        ("[" * 100 + "x" + "]" * 99, "more than|other half"),
    ],
)
def test_a_trigger_that_cannot_work_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        read_trigger(text, (FILE, Slot("a", SlotKind.TEXT), Slot("b", SlotKind.TEXT)))


def test_a_long_goal_matches_nothing() -> None:
    said = skill("x", "say {words}", Slot("words", SlotKind.TEXT))
    assert best([said], "say " + "a" * 1996, (), ()) is not None
    assert best([said], "say " + "a" * 1997, (), ()) is None
    assert best([said], "say " * 262_144, (), ()) is None


def test_the_work_is_bounded_by_steps_times_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worst trigger that fits in its bounds, on the worst goal: every state is visited once."""
    visits = 0
    original = triggers._next

    def counted(*arguments: object) -> list[object]:
        nonlocal visits
        visits += 1
        return original(*arguments)  # type: ignore[arg-type, return-value]

    monkeypatch.setattr(triggers, "_next", counted)
    slots = tuple(Slot(f"s{number}", SlotKind.TEXT) for number in range(16))
    text = "".join(f"[a {{s{number}}}] [a] " for number in range(14)) + "z"
    bomb = skill("bomb", text, *slots)
    assert len(text) <= 200
    goal = "a " * 997 + "z b"
    assert best([bomb], goal, (), ()) is None
    assert 0 < visits <= 2 * len(read_trigger(text, slots).ops) * 1000


@settings(max_examples=300, deadline=None)
@given(
    goal=st.text(max_size=300),
    files=st.lists(st.text(max_size=40), max_size=3),
    folders=st.lists(st.text(max_size=40).map("/".__add__), max_size=3),
)
def test_no_goal_and_no_name_of_a_file_makes_the_matching_raise(
    goal: str, files: list[str], folders: list[str]
) -> None:
    found = best(ALL, goal, files, folders)
    if found is not None and "file" in found.arguments:
        assert found.arguments["file"] in files


@settings(max_examples=200, deadline=None)
@given(name=st.text(st.characters(categories=("L", "Nd"), include_characters=" ._-()'"), min_size=1, max_size=30))
def test_every_name_of_a_file_with_a_letter_is_found_in_quotes(name: str) -> None:
    stem = f"{name.strip()}x.csv"
    found = best([REPORT], f'report on "{stem}"', (stem, "other.txt"), ())
    assert found is not None
    assert found.arguments == {"file": stem}


def test_a_home_that_is_unknown_makes_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(Path, "home", unknown)
    assert match("how full is ~/x") is None
