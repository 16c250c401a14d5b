import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from tests.pictures.album import make_pictures
from tests.pictures.drawing import WIDTH, Row, draw, rows
from tests.pictures.sales import HEAD, ROWS, sales_csv
from tests.pictures.session import COMMANDS, HOME, at_home, play
from tests.pictures.sheet import SIZE
from tests.pictures.shell import COLUMNS, Ink, Line, Moment, Recording, Shot, Stretch

ROOT = Path(__file__).parents[2]
TEXT = "{http://www.w3.org/2000/svg}text"

Pictures = tuple[Path, Path]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder in which the session is played and pictured."""
    return tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="module")
def session(folder: Path) -> Recording:
    """Play the session once for all tests."""
    return play(folder / "home")


@pytest.fixture(scope="module")
def pictures(session: Recording, folder: Path) -> Pictures:
    """Make the pictures of the session."""
    return make_pictures(session, folder / "home", folder)


@pytest.fixture(scope="module")
def terminal(pictures: Pictures) -> list[str]:
    """Give the lines that the terminal's picture shows."""
    drawing = ElementTree.parse(pictures[0])  # noqa: S314 - written by the program under test
    return ["".join(line.itertext()) for line in drawing.iter(TEXT)]


def typed(home: Path, *commands: str) -> Recording:
    home.mkdir(exist_ok=True)
    with at_home(home) as opened:
        return opened.record(commands)


def line(text: str) -> Line:
    return (Stretch(0, len(text), text, Ink()),)


def test_every_command_of_the_session_succeeds(session: Recording) -> None:
    assert dict(session.statuses) == dict.fromkeys(COMMANDS, 0), session.text()


def test_the_terminal_shows_each_command_and_what_came_of_it(terminal: list[str]) -> None:
    prompts = [text.removeprefix("$ ") for text in terminal if text.startswith("$ ")]
    assert prompts == list(COMMANDS)
    whole = "\n".join(terminal)
    for expected in ("task 1 running", "sales.csv: 240 rows", "sales report.pdf", "Task 1", "done", "csv-report"):
        assert expected in whole


def test_the_terminal_shows_no_path_of_this_machine(pictures: Pictures, terminal: list[str], folder: Path) -> None:
    drawing = pictures[0].read_text(encoding="utf-8")
    for place in (ROOT, folder, Path(sys.prefix)):
        assert str(place) not in drawing
    paths = [path for text in terminal for path in re.findall(r"(?<![\w./-])~?/\.?\w[^\s:]*", text)]
    assert paths
    assert all(path.startswith("~/") for path in paths)


def test_the_terminal_is_a_small_picture_as_wide_as_its_columns(pictures: Pictures) -> None:
    drawing = pictures[0]
    root = ElementTree.parse(drawing).getroot()  # noqa: S314 - written by the program under test
    assert root.get("viewBox") == f"0 0 {WIDTH} {root.get('height')}"
    assert drawing.stat().st_size < 60_000


def test_the_report_is_two_pages_side_by_side(pictures: Pictures) -> None:
    report = pictures[1]
    with Image.open(report) as picture:
        assert picture.size == (1572, 1108)
        grey = picture.convert("L")
    assert report.stat().st_size < 150_000
    for left in (0, SIZE[0] // 2):
        page = grey.crop((left, 0, left + SIZE[0] // 2, SIZE[1]))
        dark = sum(page.histogram()[:128])
        assert dark > 5_000, "a page with nothing on it"


def test_the_pictures_in_the_repository_are_whole() -> None:
    committed = Path(__file__).parent
    shown_words = "".join(ElementTree.parse(committed / "terminal.svg").getroot().itertext())  # noqa: S314 - ours
    assert all(command in shown_words for command in COMMANDS)
    assert str(ROOT) not in shown_words
    with Image.open(committed / "report.png") as picture:
        assert picture.size == SIZE


def test_the_example_is_the_table_that_the_script_makes() -> None:
    text = (ROOT / "config" / "examples" / "sales.csv").read_text(encoding="utf-8")
    assert text == sales_csv()
    assert text.splitlines()[0] == ",".join(HEAD)
    assert text.count("\n") == ROWS + 1
    assert len(text.encode()) < 20_000
    assert not text.isascii()


def test_a_command_that_fails_is_recorded_with_its_status(tmp_path: Path) -> None:
    recording = typed(tmp_path / "home", "agent status 99", "true")
    assert recording.statuses["agent status 99"] == 66
    assert recording.statuses["true"] == 0


def test_a_session_sees_its_own_home_and_nothing_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENT_HOME", str(tmp_path / "elsewhere"))
    screen = typed(tmp_path / "home", "pwd", "env | grep -c AGENT_").text().splitlines()
    assert screen[2] == str(HOME)
    assert screen[5] == "0"


def test_colours_and_wide_characters_keep_their_cells(tmp_path: Path) -> None:
    recording = typed(tmp_path / "home", r"printf '\033[31mred\033[0m 茶 \033[2;1mgrey\033[0m\n'")
    stretches = recording.shots[-1].lines[2]
    assert [(stretch.text, stretch.ink.colour, stretch.column) for stretch in stretches] == [
        ("red ", "red", 0),
        ("茶 ", "default", 4),
        ("grey", "brightblack", 7),
    ]
    assert [stretch.width for stretch in stretches] == [4, 3, 4]
    assert stretches[-1].ink.bold


def test_what_was_rewritten_stands_once_above_what_took_its_place() -> None:
    command, result, prompt = line("$ work"), line("result"), line("$ ")
    shots = [
        Shot(Moment.TYPED, ((), command), 6),
        Shot(Moment.PROGRESS, ((), command, line("10 %")), 4),
        Shot(Moment.PROGRESS, ((), command, line("90 %")), 4),
        Shot(Moment.ANSWERED, ((), command, result, (), prompt), 2),
    ]
    assert rows(shots) == [Row(command), Row(line("90 %"), gone=True), Row(result), Row(()), Row(prompt)]


def test_text_from_the_terminal_never_is_markup() -> None:
    hostile = '</text><script>alert("&")</script>'
    drawing = draw([Shot(Moment.TYPED, (line(f"$ {hostile}"),), 0)])
    root = ElementTree.fromstring(drawing)  # noqa: S314 - written by the program under test
    assert ["".join(text.itertext()) for text in root.iter(TEXT)] == [f"$ {hostile}"]
    assert hostile in str(root.get("aria-label"))
    assert not [element for element in root.iter() if element.tag.endswith("script")]


def test_no_line_is_longer_than_the_window(terminal: list[str]) -> None:
    assert max(map(len, terminal)) <= COLUMNS
