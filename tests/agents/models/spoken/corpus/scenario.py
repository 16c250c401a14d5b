"""What models are asked to do in the corpus: the calls that are meant, without any form."""

from typing import Any

Call = tuple[str, dict[str, Any]]

_CODE = '''"""Counts words."""
from collections import Counter


def count(path: str) -> "Counter[str]":
    text = open(path).read()
    return Counter(w.strip('.,"') for w in text.split() if w != "\\n")


if __name__ == "__main__":
    print(f"{count('input/a.txt')['the']} times")
'''
_PAGE = """<!doctype html>
<p class="a">1 &lt; 2 &amp;&amp; 3 > 2</p>
<script>if (a < b) { alert("</p>"); }</script>
"""
_LETTER = "Sehr geehrte Frau Müller,\n\nanbei die Rechnung über 1.250,00 €.\n\nMit freundlichen Grüßen\nJürgen Weiß"
_LONG = " ".join(f"Paragraph {number}: what was said stays said." for number in range(70))

SCENARIOS: dict[str, list[Call]] = {
    "list": [("shell", {"command": "ls -la"})],
    "pipe": [("shell", {"command": "grep -rn \"TODO\" --include='*.py' . | sort | uniq -c | head -20"})],
    "range": [("read_file", {"path": "input/report.txt", "first_line": 10, "last_line": 42})],
    "nothing": [("get_time", {})],
    "code": [("write_file", {"path": "src/count.py", "content": _CODE})],
    "json": [("write_file", {"path": "config.json", "content": '{"a": [1, 2, {"b": null}], "c": "d\\n"}'})],
    "page": [("write_file", {"path": "output/index.html", "content": _PAGE})],
    "edit": [("edit_file", {"path": "a.py", "old": "x = 1", "new": "x = 2  # was 1", "all": True})],
    "pattern": [("search_files", {"pattern": r"\bdef\s+(\w+)\(", "glob": "*.py", "context": 2, "plain": False})],
    "headers": [
        ("fetch", {"url": "https://example.org/a?b=1&c=%20d#e", "headers": {"Accept": "text/html;q=0.9, */*"}})
    ],
    "words": [("web_search", {"query": 'capital of "Côte d\'Ivoire"', "results": 5})],
    "weather": [("get_weather", {"city": "São Paulo", "unit": "celsius", "days": 3})],
    "numbers": [("calculate_rsi", {"prices": [44.34, -44.09, 0, 1e3, 43.61], "period": 14})],
    "mail": [
        (
            "send_mail",
            {"to": ["mueller@example.com", "kopie@example.com"], "subject": "Rechnung Nr. 12/2026", "body": _LETTER},
        )
    ],
    "scripts": [("note", {"text": "日本語のメモ — ελληνικά, עברית 🎉👩‍💻"})],
    "chart": [
        (
            "make_chart",
            {
                "kind": "bar",
                "title": "Sales by region, 2025",
                "data": {"region": ["North", "South"], "sales": [1200.5, 980]},
                "y": ["sales"],
                "log": False,
            },
        )
    ],
    "nested": [
        (
            "schedule",
            {"what": "disk report", "when": "every weekday at 8", "settings": {"retry": {"times": 2}, "mail": None}},
        )
    ],
    "answer": [
        ("finish", {"answer": "Done:\n\n1. **Sales** rose by 4 %\n2. See `output/a.pdf`", "files": ["output/a.pdf"]})
    ],
    "two": [("read_file", {"path": "README.md"}), ("list_files", {"path": "src", "depth": 2})],
    "three": [("get_weather", {"city": city}) for city in ("Rome", "Oslo", "New York, NY")],
    "backslash": [("read_file", {"path": "C:\\Users\\new\\table.txt"})],
    "empty": [("write_file", {"path": "empty.txt", "content": ""})],
    "long": [("note", {"text": _LONG})],
    "braces": [("note", {"text": "use {name} and }{ and [0] and a tool_call, then (stop)"})],
    "quotes": [("python", {"code": "d = {'a': \"it's\"}\nprint(f\"{d['a']!r} \\\\ {len(d):>4}\")"})],
    "heredoc": [
        ("shell", {"command": "cat > a.txt <<'EOF'\nline one\n\tline \"two\"\nEOF\nwc -l a.txt", "seconds": 30})
    ],
    "question": [("web_search", {"query": "what is a <tag> in XML? (examples: a=1, b='2')"})],
    "slash": [("shell", {"command": "sed -i 's/\\/old\\//\\/new\\//g' src/*.c && echo \"$?\""})],
}
"""By name; each is written in every form that can carry it."""
