"""CSV files of every kind, good and bad, as bytes."""

import csv
import io
import random
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

REGIONS = ("North", "South", "East", "West")
PRODUCTS = ("Lamp", "Desk", "Chair")


def written(rows: Iterable[Sequence[object]], delimiter: str = ",") -> str:
    """Give rows as CSV text."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def sales(rows: int = 300) -> bytes:
    """Give orders over a year: dates, identifiers, categories, numbers, booleans and gaps."""
    draw = random.Random(1)
    table: list[Sequence[object]] = [("date", "order_id", "region", "product", "units", "revenue", "paid", "note")]
    for index in range(rows):
        day = date(2025, 1, 1) + timedelta(days=index * 364 // rows)
        units = draw.randint(1, 40)
        revenue = f"{units * draw.choice((9.9, 19.5, 49.0)):.2f}"
        region, product = draw.choice((*REGIONS, "North")), draw.choice(PRODUCTS)
        note = "gift" if index % 3 == 0 else ""
        table.append((day, 1000 + index, region, product, units, revenue, draw.choice(("yes", "no")), note))
    return written(table).encode()


def european(rows: int = 120) -> bytes:
    """Give semicolons, decimal commas, euros, days first, in Windows-1252."""
    draw = random.Random(2)
    table: list[Sequence[object]] = [("Datum", "Straße", "Umsatz", "Anteil")]
    for index in range(rows):
        day = date(2025, 1, 1) + timedelta(days=index)
        amount = f"{draw.randint(1, 9)}.{draw.randint(100, 999)},{draw.randint(10, 99)} €"
        table.append((f"{day:%d.%m.%Y}", f"Königstraße {index % 7}", amount, f"{draw.randint(1, 99)},5 %"))
    return written(table, ";").encode("cp1252")


def languages() -> bytes:
    """Give the scripts of the world, in headings and in data that is charted."""
    words = ("東京都", "العربية", "עברית", "हिन्दी", "ภาษาไทย", "Ελληνικά", "Русский", "한국어", "😀 emoji")
    table: list[Sequence[object]] = [("都市", "القيمة", "कुल")]
    for index in range(90):
        table.append((words[index % len(words)], index * 3 % 50, index % 7 * 1.5))
    return written(table).encode()


def in_encoding(codec: str, words: Sequence[str], rows: int = 60) -> bytes:
    """Give a table of words and numbers in an encoding."""
    table: list[Sequence[object]] = [(words[0], words[1])]
    table += [(words[2 + index % (len(words) - 2)], index) for index in range(rows)]
    return written(table).encode(codec)


MARKUP = (
    '#read("/etc/passwd")',
    '#import "@preview/cetz:0.3.0": *',
    "#panic[boom]",
    "*bold* _it_ `raw` $x^2$ <label> @ref",
    "]]] )}} [[[ ((( {{{",
    "\\ \\u{41} // comment /* open",
    "= heading\n- list\n+ enum",
    '"; #sys.inputs; "',
    '#eval("1+1")',
    "'\"</text><script>",
)


def hostile_markup() -> bytes:
    """Give cells and headings that a typesetter's markup would act on."""
    table: list[Sequence[object]] = [('#read("data.json")', "amount [*_`$", "\\")]
    table += [(MARKUP[index % len(MARKUP)], index % 17, MARKUP[(index + 3) % len(MARKUP)]) for index in range(60)]
    return written(table).encode()


def wide(columns: int = 300, rows: int = 60) -> bytes:
    """Give many columns."""
    table: list[Sequence[object]] = [[f"c{index}" for index in range(columns)]]
    table += [[row * index % 97 for index in range(columns)] for row in range(rows)]
    return written(table).encode()


# Anything that a report can be made of, by name; each is small.
ODD: dict[str, bytes] = {
    "only headings": b"name,amount,date\n",
    "no headings": b"1,2.5,2024-01-01\n2,3.5,2024-01-02\n3,4.5,2024-01-03\n",
    "one cell": b"hello",
    "one number": b"42\n",
    "one column of numbers": b"n\n" + b"".join(b"%d\n" % index for index in range(50)),
    "only text": written([("word", "other"), *((f"w{i % 5}", f"some text {i}") for i in range(40))]).encode(),
    "ragged": b"a,b,c\n1,2,3\n4,5\n6,7,8,9,10\n\n11\n1,2,3\n",
    "one very long row": b"a,b\n1,2\n" + b",".join(b"%d" % index for index in range(900)) + b"\n3,4\n",
    "duplicate and empty names": b"a,a,,a,\n1,2,3,4,5\n6,7,8,9,10\n",
    "nul bytes": b"a,b\n1,x\x00y\n2,\x00\n3,z\n",
    "controls": b"a,b\n1,\x1b[31mred\x07\n2,\x08\x7f\n" + b"3,plain text here\n" * 20,
    "direction marks": "name,n\n\u202eevil\u202c,1\n\u2066x\u2069,2\n\u200fy,3\n".encode(),
    "embedded newlines": b'a,b\n"x\ny\nz","He said ""no"""\n"1,5",2\n',
    "unclosed quote": b'a,b\n1,"broken\n2,x\n3,y\n4,z\n',
    "quotes within": b'size,n\n5" pipe,1\n6" pipe,2\n7" pipe,3\n',
    "huge numbers": b"n,m\n1e308,1\n-1e308,123456789012345678901234567890\n1e308,3\n1e-300,4\n9e307,5\n",
    "not finite": b"n,m\nnan,1\ninf,2\n-inf,3\nInfinity,4\n5,5\n6,6\n7,7\n8,8\n1e999,9\n",
    "constant": b"a,b\n" + b"1,x\n" * 30,
    "empty columns": b"a,b,c\n" + b"1,,\n2,,NA\n3,,\n" * 5,
    "mac line ends": b"a,b\r1,2\r3,4\r",
    "excel separator": b"sep=;\na;b\n1,5;2\n3,5;4\n",
    "spaces": b" a , b \n 1 , x \n 2 , y \n",
    "utf-8 with mark": b"\xef\xbb\xbfname,n\nJos\xc3\xa9,1\n",
    "damaged utf-8": b"name,n\n" + "José,1\nZoë,2\n".encode() * 30 + b"\xff\xfe broken,3\n",
    "years as headings": b"country,2021,2022,2023\nA,1,2,3\nB,4,5,6\nC,7,8,9\n",
    "far dates": b"date,n\n0001-01-01,1\n9999-12-31,2\n2024-02-30,3\n2024-02-29,4\n" + b"2024-01-01,5\n" * 20,
    "tabs": b"a\tb\n1\t2\n3\t4\n",
    "pipes": b"a|b\n1|2\n3|4\n",
    "only separators below": b"a,b\n,\n,\n",
    "lone surrogate in utf-16": "a,b\n1,x\n".encode("utf-16") + b"\x00\xd8\x0a\x00",
    "long words": b"text,n\n" + b"".join(b"%s,%d\n" % (b"x" * 400, index) for index in range(30)),
    "negative totals": b"when,group,amount\n"
    + b"".join(b"2024-%02d-01,%s,%d\n" % (i % 12 + 1, b"ab"[i % 2 : i % 2 + 1], -i) for i in range(40)),
    "all zero": b"g,n\n" + b"a,0\nb,0\n" * 20,
    "months": b"month,amount\n" + b"".join(b"2024-%02d,%d\n" % (i + 1, i * i) for i in range(12)),
}

# What no report can be made of, with a word that the error must have.
UNUSABLE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "white space": (b" \n\n\t\r\n", "empty"),
    "only a mark": (b"\xef\xbb\xbf", "empty"),
    "only separators": (b",,,\n,,,\n", "empty"),
    "zip": (b"PK\x03\x04" + bytes(range(256)) * 20, "Excel"),
    "pdf": (b"%PDF-1.7\n" + bytes(range(256)) * 20, "PDF"),
    "binary": (random.Random(3).randbytes(50_000), "binary"),
    "zeros": (bytes(10_000), "empty"),
}
