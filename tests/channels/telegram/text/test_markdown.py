import pytest

from channels.telegram.text.formatted import Entity, Formatted
from channels.telegram.text.markdown import from_markdown, read
from tests.channels.telegram.text.checker import faults


def marked(told: Formatted) -> list[tuple[str, str]]:
    """Give the type and the text of each entity."""
    wide = told.text.encode("utf-16-le")
    return [
        (one.type, wide[one.offset * 2 : (one.offset + one.length) * 2].decode("utf-16-le")) for one in told.entities
    ]


def shown(text: str) -> str:
    told = read(text)
    assert faults(told) == []
    return told.text


@pytest.mark.parametrize(
    ("text", "words", "entities"),
    [
        ("**b** *i* __b__ _i_ ~~s~~", "b i b i s", [("bold", "b"), ("italic", "i")] * 2 + [("strikethrough", "s")]),
        ("***both***", "both", [("italic", "both"), ("bold", "both")]),
        ("**a *b* c**", "a b c", [("bold", "a b c"), ("italic", "b")]),
        ("`a*b*`", "a*b*", [("code", "a*b*")]),
        ("**a `b` c**", "a b c", [("bold", "a"), ("code", "b"), ("bold", "c")]),
        ("# A **b**", "A b", [("bold", "A b")]),
        ("**😀** *x*", "😀 x", [("bold", "😀"), ("italic", "x")]),
        ("open ** and _ `x", "open ** and _ `x", []),
        ("snake_case_name 2*3*4", "snake_case_name 234", [("italic", "3")]),
        ("a\n\n> b *c*\n> d\n\ne", "a\n\nb c\nd\n\ne", [("blockquote", "b c\nd"), ("italic", "c")]),
        ("> a\n>> b", "a\n» b", [("blockquote", "a\n» b")]),
        ("> ```\n> x\n> ```", "x", [("blockquote", "x"), ("pre", "x")]),
    ],
)
def test_styles(text: str, words: str, entities: list[tuple[str, str]]) -> None:
    assert shown(text) == words
    assert marked(read(text)) == entities


def test_a_long_quotation_can_be_unfolded() -> None:
    assert read("> " + "long " * 200).entities[0].type == "expandable_blockquote"


@pytest.mark.parametrize(
    ("text", "words", "url"),
    [
        ("[a](https://Ex.ORG)", "a", "https://ex.org/"),
        ("[`f()` **x**](http://a.bc:80/d?e#f)", "f() x", "http://a.bc:80/d?e#f"),
        ("[a](http://a.bc?q=1 'title')", "a", "http://a.bc/?q=1"),
        ("[a][r]\n\n[r]: http://r.st/u", "a", "http://r.st/u"),
        ("[a](tg:resolve?domain=b)", "a", "tg://resolve?domain=b"),
        ("![alt](http://a.bc/i.png)", "alt", "http://a.bc/i.png"),
        ("![](http://a.bc/i.png)", "http://a.bc/i.png", "http://a.bc/i.png"),
        ("[![alt](http://a.bc/i.png)](https://d.ef)", "alt", "https://d.ef/"),
        ("[a](http://日本.jp/)", "a", "http://xn--wgv71a.jp/"),
    ],
)
def test_links(text: str, words: str, url: str) -> None:
    assert shown(text) == words
    assert [one.url for one in read(text).entities if one.type == "text_link"] == [url]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<https://a.bc/d>", "https://a.bc/d"),
        ("https://a.bc/d_e_f", "https://a.bc/d_e_f"),
        ("[me](mailto:a@b.cd?subject=x)", "me (a@b.cd)"),
        ("<a@b.cd>", "a@b.cd"),
        ("[notes](my%20notes.md)", "notes (my notes.md)"),
        ("[notes.md](notes.md)", "notes.md"),
        ("[a](http://localhost:80/x)", "a (http://localhost:80/x)"),
        ("[a](https://bank.com@evil.org/)", "a (https://bank.com@evil.org/)"),
        ("[a](javascript:alert)", "a"),
        ("[a](#part)", "a"),
        ("![a](data:image/png;base64,AAAA)", "a"),
        ("[a](http://[x)", "a (http://[x)"),
        ("[](x.md)", "x.md"),
    ],
)
def test_what_is_no_link_is_told_in_words(text: str, words: str) -> None:
    assert shown(text) == words
    assert read(text).entities == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- a\n- b\n  - c\n    1. d\n- e", "• a\n• b\n  • c\n    1. d\n• e"),
        ("* a\n\n* b", "• a\n\n• b"),
        ("1. a\n1. b\n1. c", "1. a\n2. b\n3. c"),
        ("3) a\n7) b", "3) a\n7) b"),
        ("1. a\n\n   more\n2. b", "1. a\n\n   more\n2. b"),
        ("- [ ] a\n- [x] b\n- [X] c\n- [y] d", "☐ a\n☑ b\n☑ c\n• [y] d"),
        ("1. [ ] a", "1. ☐ a"),
        ("Of these:\n- a\n- b\n\nAfter", "Of these:\n• a\n• b\n\nAfter"),
        ("- a\n  b", "• a\n  b"),
        ("- - a", "• • a"),
    ],
)
def test_lists(text: str, words: str) -> None:
    assert shown(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a\n\n\n\nb", "a\n\nb"),
        ("a\nb", "a\nb"),
        ("a  \nb\\\nc", "a\nb\nc"),
        ("a<br>b<BR />c<br><br>d", "a\nb\nc\n\nd"),
        ("a\n\n---\n\nb", "a\n\n──────────\n\nb"),
        ("a\n# B\nc", "a\n\nB\nc"),
        ("&lt;b&gt; &amp; &eacute; &nosuch;", "<b> & é &nosuch;"),
        ("<b>x</b> <!-- y -->\n\n<div>\n*z*\n</div>", "<b>x</b> <!-- y -->\n\n<div>\nz\n</div>"),
        (r"\*a\* \_b\_ \# c", "*a* _b_ # c"),
        ("||a|| b || c", "||a|| b || c"),
        ("", ""),
        (" \n\u200b\n&nbsp;", ""),
        ("[r]: http://unused.org", ""),
    ],
)
def test_lines_and_characters(text: str, words: str) -> None:
    assert shown(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "$a_1 * b_1 * c$",
        r"\(x_1 * y_1 *\)",
        r"so \[ a_{1} * b * c \] then",
        "$$\na\n- b\n# c\n$$",
        "\\[\nx_1 * y_1 *\n\\]",
        "costs $5 to $10",
        "$$x_1*y*$$",
    ],
)
def test_formulas_stay_as_they_are(text: str) -> None:
    assert shown(text) == text
    assert read(text).entities == ()


def test_money_is_no_formula() -> None:
    assert shown(r"$5 and *maybe* $6, \(or\) \[not\]") == "$5 and maybe $6, (or) [not]"


@pytest.mark.parametrize(
    ("text", "words", "language"),
    [
        ("```python\nif x:\n\treturn *y*\n```", "if x:\n    return *y*", "python"),
        ("```\na\n\n\nb\n```", "a\n\n\nb", None),
        ("```C++ title=x\na", "a", "c++"),
        ("    indented\n      more", "indented\n  more", None),
        ("~~~\n```\n~~~", "```", None),
        ("```\n    a\n  b\n```", "\u00a0\u00a0a\nb", None),
    ],
)
def test_code(text: str, words: str, language: str | None) -> None:
    assert shown(text) == words
    assert read(text).entities == (Entity("pre", 0, len(words), language=language),)


def test_code_in_a_list_stands_in_lines_of_its_own() -> None:
    told = read("1. Do:\n   ```sh\n   ls\n   ```\n2. ```\n   x\n   ```\n\n   so")
    assert told.text == "1. Do:\nls\n2. \nx\n\n   so"
    assert marked(told) == [("pre", "ls"), ("pre", "x")]


def test_a_narrow_table_stands_in_columns() -> None:
    told = read("| Name | **N** | 日本 |\n|---|--:|:-:|\n| a<br>b | `1` | x |\n| ccc | 200 | 日本語 |")
    assert told.text.split("\n") == ["Name    N   日本", "────  ───  ──────", "a b     1    x", "ccc   200  日本語"]
    assert marked(told) == [("pre", told.text)]


def test_a_wide_table_goes_row_by_row() -> None:
    head = "| Name | A very long head of a column: | Another |\n|---|---|---|\n"
    told = read(f"{head}| **a** | one | two |\n| b | | `three` |\n\nafter")
    assert told.text == ("Name: a\nA very long head of a column: one\nAnother: two\n\nName: b\nAnother: three\n\nafter")
    assert marked(told) == [("bold", "a"), ("code", "three")]


def test_a_table_with_links_keeps_them() -> None:
    told = read("| a | b |\n|---|---|\n| [x](http://a.bc) | y |")
    assert told.text == "a: x\nb: y"
    assert marked(told) == [("text_link", "x")]


def test_a_table_without_heads_has_no_rule() -> None:
    assert shown("| | |\n|-|-|\n| a | b |") == "a  b"


def test_of_too_many_entities_those_stay_that_matter() -> None:
    told = from_markdown("**b** " * 120 + "`c` " * 60 + "[l](http://a.bc) " * 30 + "\n```\np\n```")
    assert faults(told) == []
    kinds = [one.type for one in told.entities]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"pre": 1, "code": 60, "text_link": 30, "bold": 9}


def test_a_text_that_the_parser_fails_at_is_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(text: str) -> Formatted:
        raise RecursionError

    monkeypatch.setattr("channels.telegram.text.markdown.read", fails)
    assert from_markdown("**a**\0") == Formatted("**a**\ufffd")
