"""Looking into tables through the real sandbox: every kind of file, hostile ones, and mistakes in the question."""

from agents.tools.data_view import data_view
from tests.agents.tools.conftest import Room


async def test_an_overview(room: Room) -> None:
    (room.work / "a.csv").write_text("day,who,amount\n2026-01-02,Ada,1.5\n2026-01-03,Bob,2\n2026-01-03,Ada,\n")
    said = (await room.call(data_view, path="a.csv")).text
    assert said.splitlines() == [
        "a.csv, CSV (comma, UTF-8), 67 bytes: 3 rows × 3 columns",
        "column | kind | missing | distinct | values",
        "day | date | 0 | 2 | 2026-01-02 … 2026-01-03",
        "who | text | 0 | 2 | Ada, Bob",
        "amount | number | 1 | 2 | 1.5 … 2, mean 1.75, quartiles 1.5, 1.75, 2",
        "First rows:",
        "day | who | amount",
        "2026-01-02 | Ada | 1.5",
        "2026-01-03 | Bob | 2",
        "2026-01-03 | Ada |",
    ]
