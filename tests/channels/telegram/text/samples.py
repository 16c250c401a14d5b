"""Texts as nobody writes them, made of what means something in Markdown, in Unicode and to Telegram."""

import random

from hypothesis import strategies as some

FRAGMENTS = (
    *(
        "*",
        "**",
        "***",
        "_",
        "__",
        "`",
        "``",
        "~~",
        "||",
        "\\",
        "[",
        "]",
        "](",
        "](http://a.bc)",
        "![",
        ")",
        "(",
        "<",
        ">",
    ),
    *("\n", "\n\n", "\n\n\n", "  \n", " ", "    ", "\t", "\r\n", "\r", "<br>", "<br/>", "<b>", "</b>", "<!-- x -->"),
    *("- ", "* ", "  - ", "1. ", "7) ", "> ", "> > ", "# ", "### ", "- [ ] ", "- [x] ", "---\n", "===\n", "***\n"),
    *("```\n", "```py\n", "~~~\n", "`code`", "**bold**", "*it*", "~~s~~", "[`c` d](https://E.org?q=1#f)", "[f](a.md)"),
    *(
        "| a | b |\n|---|--:|\n| c | 日本 |\n",
        "| a\n|-|\n| [x](http://a.bc) |\n",
        "|",
        "|-|-|\n",
        "\n| long head of a column",
    ),
    *(
        "<http://a.bc>",
        "<a@b.cd>",
        "[m](mailto:a@b.cd)",
        "[t](tg://user?id=1)",
        "[j](javascript:x)",
        "![i](http://a.bc/i)",
    ),
    *(
        "[r]: http://r.st\n",
        "[r]",
        "http://u.vw/x_y_z",
        "&amp;",
        "&#0;",
        "&#xd800;",
        "&#8238;",
        "&#13;",
        "&nbsp;",
        "&#10;",
    ),
    *(
        "$",
        "$$",
        "$$\n",
        "\\(",
        "\\)",
        "\\[",
        "\\]",
        "$a_b$",
        "word ",
        "two words. ",
        "x" * 40,
        "日本語。",
        "😀",
        "e\u0301",
    ),
    *(
        "👩\u200d👩\u200d👧",
        "🇩🇪",
        "👍🏽",
        "\u030a",
        "a\u030a",
        "\u0333",
        "\ud83d",
        "\ude00",
        "\0",
        "\x1b[0m",
        "\u2028",
        "\u202e",
    ),
    *("\u00a0", "\u200b", "\u2800", "\ufeff", "\v", "\f", "\x85", "\u3000", "\U000e0041", "\u200d", "\uffff"),
)

any_text = some.lists(some.one_of(some.sampled_from(FRAGMENTS), some.text(max_size=6)), max_size=40).map("".join)


def made(chance: random.Random, fragments: int) -> str:
    """Give a text of so many fragments."""
    return "".join(chance.choices(FRAGMENTS, k=fragments))
