"""The first scene of the product: a file from a phone, a question with buttons, a PDF, and a follow-up."""

from pathlib import Path

from daemon.domain.run import RunStatus
from tests.rigs.bot_server.message import Message
from tests.rigs.model_server import Asked, Call, Reply, Said, Text, Transit
from tests.rigs.phone import Phone, phone

SALES = Path(__file__).parents[2] / "config" / "examples" / "sales.csv"
SUMMARY = "Revenue grows through the year.\nNorth sells the most."


def analyst(asked: Asked) -> Said:
    """Make a report with a chart; the owner is asked before the shell is used."""
    if "now by region" in str(asked.body):
        if asked.turn == 1:
            return Call("write_file", {"path": "output/regions.md", "content": "North"})
        return Call("finish", {"result": "North leads.", "files": ["regions.md"]})
    chart = {"kind": "line", "path": "input/sales.csv", "x": "month(date)", "y": ["sum(revenue)"], "to": "src/chart"}
    told: list[Said] = [
        Reply(
            (Text("I look at the table first."), Call("data_view", {"path": "input/sales.csv"})),
            transit=Transit(first=5),
        ),
        Call("make_chart", chart),
        Call("shell", {"command": "wc -l input/sales.csv"}),
        Call("make_pdf", {"to": "output/report.pdf", "text": "# Sales\n\n![chart](chart.svg)"}),
        Call("finish", {"result": SUMMARY, "files": ["report.pdf"]}),
    ]
    return told[asked.turn - 1]


def test_a_file_a_question_a_pdf_and_a_follow_up(tmp_path: Path) -> None:
    rules = [{"verdict": "ask", "tool": "shell", "reason": "I want to see commands."}]
    with phone(tmp_path, analyst, rules=rules) as house:
        house.start()
        house.ann.sends_document(SALES.read_bytes(), "sales.csv", caption="Write me a paper on this, with a chart")
        house.heard("wc -l input/sales.csv")
        question = house.ann.chat.history[-1]
        assert "wants to use shell" in question.text
        assert [button["text"] for button in question.buttons] == ["Yes", "No", "Always"]
        house.ann.taps("Yes")
        house.until(lambda: house.ann.chat.history[-1].json().get("document"))
        result = house.ann.chat.history[-1].json()
        assert result["document"]["file_name"] == "report.pdf"
        assert SUMMARY in result["caption"]
        assert "Task 1 · " in result["caption"]
        assert result["reply_to_message"]["document"]["file_name"] == "sales.csv"
        _one_progress_message(house)
        house.until(lambda: "Approved" in question.text and not question.buttons)
        house.ann.says("now by region", reply_to=house.ann.chat.history[-1])
        house.heard("North leads.")
        second = house.service.reads.task(2)
        assert (second.follows, second.status) == (1, RunStatus.DONE)
        assert {"report.pdf", "sales.csv"} <= {blob.name for blob in second.files}
        assert house.stop() == 0


def _one_progress_message(house: Phone) -> None:
    def edited() -> list[Message]:
        return [one for one in house.ann.chat.history if one.earlier and "wants to use" not in one.text]

    house.until(edited)
    told = edited()
    assert len(told) == 1
    house.until(lambda: told[0].text.startswith("Done") and not told[0].buttons)
