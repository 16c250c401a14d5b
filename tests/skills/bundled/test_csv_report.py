"""The report of a CSV file: what it says is right, whatever the file is like, and nothing in it is obeyed."""

import csv
import io
import statistics

import pytest

from tests.skills.bundled import tables
from tests.skills.bundled.script import Desk, laid_out, pages, text

SKILL = "csv-report"


def report(desk: Desk, data: bytes, name: str = "data.csv") -> str:
    ended = desk.run(SKILL, "--file", desk.put(name, data))
    assert (ended.status, ended.errors) == (0, "")
    return text(desk.pdf())


@pytest.mark.parametrize("name", tables.ODD)
def test_any_table_becomes_a_report(desk: Desk, name: str) -> None:
    ended = desk.run(SKILL, "--file", desk.put("data.csv", tables.ODD[name]))
    assert (ended.status, ended.errors) == (0, "")
    assert 1 <= len(ended.summary.splitlines()) <= 3
    assert "How this file was read" in text(desk.pdf())


@pytest.mark.parametrize("name", tables.UNUSABLE)
def test_what_is_no_table_is_refused_in_two_sentences(desk: Desk, name: str) -> None:
    data, word = tables.UNUSABLE[name]
    ended = desk.run(SKILL, "--file", desk.put("data.csv", data))
    assert ended.status == 1
    assert word in ended.errors
    assert len(ended.errors.splitlines()) == 2
    assert "Traceback" not in ended.errors
    assert desk.results() == {}


def test_the_statistics_are_right(desk: Desk) -> None:
    data = tables.sales()
    said = report(desk, data, "sales.csv")
    rows = list(csv.DictReader(io.StringIO(data.decode())))
    revenue = [float(row["revenue"]) for row in rows]
    first, median, third = statistics.quantiles(revenue, n=4, method="inclusive")
    for name, value in (
        ("Minimum", min(revenue)),
        ("First quartile", first),
        ("Median", median),
        ("Third quartile", third),
        ("Maximum", max(revenue)),
        ("Sum", sum(revenue)),
    ):
        assert f"{name} {value:,.2f}" in said
    assert f"Mean {statistics.mean(revenue):,.3f}" in said
    assert f"Standard deviation {statistics.stdev(revenue):,.3f}" in said
    north = [row["region"] for row in rows].count("North")
    assert f"North {north} " in said
    assert f"Missing {sum(not row['note'] for row in rows)} " in said


def test_the_largest_group_and_the_period_are_told_first(desk: Desk) -> None:
    data = tables.sales()
    ended = desk.run(SKILL, "--file", desk.put("sales.csv", data))
    rows = list(csv.DictReader(io.StringIO(data.decode())))
    north = sum(float(row["revenue"]) for row in rows if row["region"] == "North")
    lines = ended.summary.splitlines()
    assert lines[0] == f"sales.csv: 300 rows, 8 columns, {len(data) / 1000:.1f} kB."
    assert lines[1] == "The column date runs from 1 Jan 2025 to 29 Dec 2025, 363 days."
    assert f"“North” has the largest total of revenue by region: {north:,.2f}" in lines[2]


def test_the_same_file_gives_the_same_bytes_in_any_process(desk: Desk) -> None:
    slot = desk.put("sales.csv", tables.sales())
    desk.run(SKILL, "--file", slot)
    first = desk.results()
    desk.run(SKILL, "--file", slot)
    assert desk.results() == first
    assert list(first) == ["sales report.pdf"]


def test_pages_are_numbered_and_tables_repeat_their_headings(desk: Desk) -> None:
    report(desk, tables.sales(), "sales.csv")
    found = pages(desk.pdf())
    for number, page in enumerate(found, 1):
        assert f"{number} of {len(found)}" in page
    rows = [page for page in found if "\n1100\n" in page or " 1100 " in page or " 1250 " in page]
    assert rows
    assert all("order_id" in page and "region" in page for page in rows)


def test_progress_only_rises_and_ends_at_100(desk: Desk) -> None:
    told = desk.run(SKILL, "--file", desk.put("sales.csv", tables.sales())).progress
    assert list(told) == sorted(told)
    assert told[-1] == 100


def test_markup_in_data_and_headings_is_shown_not_obeyed(desk: Desk) -> None:
    said = report(desk, tables.hostile_markup())
    for attack in tables.MARKUP:
        assert " ".join(attack.split()) in said
    assert '#read("data.json")' in said
    assert "root:" not in said


def test_markup_in_a_file_name_is_shown_not_obeyed(desk: Desk) -> None:
    said = report(desk, b"a,b\n1,2\n", '#read("etc") $x$ *b* [.csv')
    assert '#read("etc") $x$ *b* [.csv' in said


def test_scripts_of_the_world_are_set_in_headings_data_and_charts(desk: Desk) -> None:
    report(desk, tables.languages())
    said = laid_out(desk.pdf())
    for word in ("東京都", "Ελληνικά", "Русский", "都市"):
        assert said.count(word) >= 3, word
    # Readers differ in the order of joined letters, not in the letters.
    for letters in ("العربية", "עברית", "हद", "ภาษาไทย"):
        assert set(letters) <= set(said), letters


@pytest.mark.parametrize(
    ("codec", "name", "words"),
    [
        ("utf-8", "UTF-8", ("Città", "n", "Forlì", "Mondovì")),
        ("utf-8-sig", "UTF-8", ("Città", "n", "Forlì", "Mondovì")),
        ("utf-16", "UTF-16", ("Città", "n", "Forlì", "東京")),
        ("utf-16-le", "UTF-16", ("City", "n", "Forli", "Mondovi")),
        ("cp1252", "Windows-1252", ("Größe", "n", "Köln “Süd”", "Gießen")),
        ("shift_jis", "Shift-JIS", ("商品のなまえ", "かず", "りんごのジュース", "みかん")),
        ("gb18030", "GB18030", ("产品名称", "数量", "红色苹果汁", "中国北京市")),
        ("euc_kr", "EUC-KR", ("제품 이름", "수량", "사과 주스", "서울 특별시")),
        ("big5", "Big5", ("產品名稱", "數量", "紅色蘋果汁", "台北市政府")),
        ("cp1251", "Windows-1251", ("Название", "число", "Москва", "Екатеринбург")),
    ],
)
def test_encodings_are_recognised_and_named(desk: Desk, codec: str, name: str, words: tuple[str, ...]) -> None:
    report(desk, tables.in_encoding(codec, words))
    said = laid_out(desk.pdf())
    assert f"Encoding: {name}" in said
    assert all(word in said for word in words)


def test_decimal_commas_euros_and_days_first_are_understood(desk: Desk) -> None:
    data = tables.european()
    said = report(desk, data)
    rows = list(csv.DictReader(io.StringIO(data.decode("cp1252")), delimiter=";"))
    total = sum(float(row["Umsatz"].removesuffix(" €").replace(".", "").replace(",", ".")) for row in rows)
    assert f"Sum {total:,.2f} €" in said
    assert "Earliest 1 Jan 2025 Latest 30 Apr 2025" in said
    assert "Numbers have a decimal comma in Umsatz, Anteil." in said
    assert "separated by semicolons" in said


def test_ragged_rows_are_kept_and_counted(desk: Desk) -> None:
    said = report(desk, tables.ODD["ragged"])
    assert "2 rows have fewer cells than the 3 columns; they were kept." in said
    assert "1 row has more cells than the 3 columns; they were kept." in said
    assert "All 5 rows" in said


def test_columns_without_headings_are_numbered(desk: Desk) -> None:
    said = report(desk, tables.ODD["no headings"])
    assert "No headings were found; columns are numbered." in said
    assert "All 3 rows" in said


def test_years_above_numbers_are_headings(desk: Desk) -> None:
    said = report(desk, tables.ODD["years as headings"])
    assert "The first row was taken as headings." in said
    assert "All 3 rows" in said


def test_a_quote_that_is_never_closed_swallows_no_rows(desk: Desk) -> None:
    said = report(desk, tables.ODD["unclosed quote"])
    assert "All 4 rows" in said
    assert "Double quotes do not pair up" in said


def test_infinite_numbers_are_left_out_and_told(desk: Desk) -> None:
    said = report(desk, tables.ODD["not finite"])
    assert "4 values of n are infinite and were left out." in said
    assert "Sum 26" in said


def test_a_cell_of_a_megabyte_is_clipped(desk: Desk) -> None:
    said = report(desk, b"a,b\n1," + b"x" * 1_000_000 + b"\n2,y\n")
    assert "1,000,000 characters" in said
    assert len(said) < 5000


def test_three_hundred_columns_are_shown_in_groups(desk: Desk) -> None:
    said = report(desk, tables.wide())
    assert "Columns 1 to " in said
    assert " of 300" in said
    for name in ("c0", "c150", "c299"):
        assert said.count(f" {name} ") >= 2


def test_there_are_at_most_eight_charts(desk: Desk) -> None:
    said = report(desk, tables.wide(40))
    assert said.count("Distribution of") == 8


def test_hidden_characters_of_data_are_written_out(desk: Desk) -> None:
    said = report(desk, tables.ODD["direction marks"])
    assert "\\u202eevil\\u202c" in said
    assert "\u202e" not in said


def test_long_files_are_read_in_bounded_memory_and_say_what_is_approximate(desk: Desk) -> None:
    rows = 120_000
    data = b"key,value\n" + b"".join(b"k%d,%d\n" % (index, index * 7919 % 100_003) for index in range(rows))
    said = report(desk, data)
    assert f"{rows:,} rows" in said.replace(f"{rows:,} of", "")
    assert "Distinct about " in said
    assert f"Sum {sum(index * 7919 % 100_003 for index in range(rows)):,}" in said
    assert "come from an even sample" in said
    estimate = int(said.split("Distinct about ")[1].split()[0].replace(",", ""))
    assert abs(estimate - rows) < 0.06 * rows


@pytest.mark.parametrize(
    ("name", "result"),
    [
        ("a\nb.csv", "a b report.pdf"),
        ("..evil..csv", "evil report.pdf"),
        ("x" * 240 + ".csv", "x" * 120 + " report.pdf"),
        ("\u202egpj.csv", "u202egpj report.pdf"),
        ("報告.csv", "報告 report.pdf"),
        ("-rf.csv", "rf report.pdf"),
    ],
)
def test_the_result_has_a_safe_name(desk: Desk, name: str, result: str) -> None:
    ended = desk.run(SKILL, "--file", desk.put(name, b"a,b\n1,2\n"))
    assert (ended.status, ended.errors) == (0, "")
    assert list(desk.results()) == [result]


@pytest.mark.parametrize(
    "value", ["input/../secret.csv", "/etc/passwd", "../secret.csv", "input/none.csv", "input", ""]
)
def test_files_outside_of_the_workspace_or_missing_are_refused(desk: Desk, value: str) -> None:
    (desk.folder / "secret.csv").write_bytes(b"a,b\n1,2\n")
    (desk.folder.parent / "secret.csv").write_bytes(b"a,b\n1,2\n")
    ended = desk.run(SKILL, "--file", value)
    assert ended.status == 1
    assert len(ended.errors.splitlines()) == 2
    assert desk.results() == {}
