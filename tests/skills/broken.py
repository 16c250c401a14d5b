"""SKILL.md texts as broken as published ones, each with the folder's name and what must be read from it.

Every row: what is wrong, the text, the description that must be found (None where the folder must be left out), and
a part of the warning that must be given.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Broken:
    """One text; it lies in a folder `pdf-tools` unless `folder` says otherwise."""

    wrong: str
    text: bytes
    description: str
    warning: str
    body: str = "Use it."
    folder: str = "pdf-tools"
    name: str = "pdf-tools"


def _row(wrong: str, text: str, description: str, warning: str, **more: str) -> Broken:
    return Broken(wrong, text.encode(), description, warning, **more)


BROKEN = (
    _row(
        "a colon in a plain text",
        "---\nname: pdf-tools\ndescription: Use when: a PDF must be split\n---\nUse it.\n",
        "Use when: a PDF must be split",
        "line by line",
    ),
    _row(
        "a colon in the second sentence, and a license",
        "---\nname: pdf-tools\ndescription: Splits PDFs. Triggers: split, merge\nlicense: MIT\n---\n\nUse it.",
        "Splits PDFs. Triggers: split, merge",
        "mapping values",
    ),
    _row(
        "a text that begins with a quoted word",
        '---\nname: pdf-tools\ndescription: "PDF" tools for everyone\n---\nUse it.\n',
        '"PDF" tools for everyone',
        "line by line",
    ),
    _row(
        "a quote that is never closed",
        '---\nname: pdf-tools\ndescription: "Splits PDFs\n---\nUse it.\n',
        "Splits PDFs",
        "not YAML",
    ),
    _row(
        "an apostrophe that opens a quote",
        "---\nname: pdf-tools\ndescription: 'Splits a person's PDFs'\n---\nUse it.\n",
        "Splits a person's PDFs",
        "not YAML",
    ),
    _row(
        "tabs as indentation",
        "---\nname: pdf-tools\ndescription: Splits PDFs\nmetadata:\n\tversion: 2\n\tauthor: me\n---\nUse it.\n",
        "Splits PDFs",
        "not YAML",
    ),
    _row(
        "a tab after the colon of an indented text",
        "---\nname:\tpdf-tools\ndescription:\tSplits PDFs\n\tand joins them\n---\nUse it.\n",
        "Splits PDFs and joins them",
        "not YAML",
    ),
    _row(
        "an at sign first",
        "---\nname: pdf-tools\ndescription: @team splits PDFs\n---\nUse it.\n",
        "@team splits PDFs",
        "not YAML",
    ),
    _row(
        "a backtick first",
        "---\nname: pdf-tools\ndescription: `pdf` splitting\n---\nUse it.\n",
        "`pdf` splitting",
        "not YAML",
    ),
    _row(
        "a per cent sign first",
        "---\nname: pdf-tools\ndescription: %PDF files are split\n---\nUse it.\n",
        "%PDF files are split",
        "not YAML",
    ),
    _row(
        "a star first",
        "---\nname: pdf-tools\ndescription: *Important* splits PDFs\n---\nUse it.\n",
        "*Important* splits PDFs",
        "line by line",
    ),
    _row(
        "an exclamation mark that looks like a tag",
        "---\nname: pdf-tools\ndescription: !python/object/apply:os.system [id]\n---\nUse it.\n",
        "id",
        "description is a list",
    ),
    _row(
        "a tag of Python on the whole map",
        "---\n!!python/object:os.path\nname: pdf-tools\ndescription: Splits PDFs\n---\nUse it.\n",
        "Splits PDFs",
        "",
    ),
    _row(
        "flow YAML as the whole head",
        "---\n{name: pdf-tools, description: Splits PDFs}\n---\nUse it.\n",
        "Splits PDFs",
        "brackets",
    ),
    _row(
        "JSON as the whole head",
        '---\n{"name": "pdf-tools", "description": "Splits PDFs"}\n---\nUse it.\n',
        "Splits PDFs",
        "brackets",
    ),
    _row(
        "a flow list of tools",
        "---\nname: pdf-tools\ndescription: Splits PDFs\nallowed-tools: [Bash, Read]\n---\nUse it.\n",
        "Splits PDFs",
        "brackets",
    ),
    _row(
        "unknown keys",
        "---\nname: pdf-tools\ndescription: Splits PDFs\nmodel: opus\ntags:\n  - pdf\n---\nUse it.\n",
        "Splits PDFs",
        '"model" is not in the standard',
    ),
    _row(
        "our own keys beside metadata",
        "---\nname: pdf-tools\ndescription: Splits PDFs\ntriggers: split {file}\n---\nUse it.\n",
        "Splits PDFs",
        "belongs below metadata",
    ),
    _row(
        "keys with capitals",
        "---\nName: pdf-tools\nDescription: Splits PDFs\n---\nUse it.\n",
        "Splits PDFs",
        "is read as name",
    ),
    _row(
        "an underscore in a key",
        "---\nname: pdf-tools\ndescription: Splits PDFs\nallowed_tools: Bash\n---\nUse it.\n",
        "Splits PDFs",
        "is read as allowed-tools",
    ),
    _row(
        "a key twice",
        "---\nname: pdf-tools\ndescription: Joins\ndescription: Splits PDFs\n---\nUse it.\n",
        "Splits PDFs",
        "there twice",
    ),
    Broken(
        "a byte order mark",
        b"\xef\xbb\xbf---\nname: pdf-tools\ndescription: Splits PDFs\n---\nUse it.\n",
        "Splits PDFs",
        "",
    ),
    _row(
        "line ends of Windows",
        "---\r\nname: pdf-tools\r\ndescription: Splits PDFs\r\n---\r\nUse it.\r\n",
        "Splits PDFs",
        "",
    ),
    _row("line ends of an old Mac", "---\rname: pdf-tools\rdescription: Splits PDFs\r---\rUse it.", "Splits PDFs", ""),
    _row(
        "line ends of Windows and a text over lines",
        "---\r\nname: pdf-tools\r\ndescription: >\r\n  Splits\r\n  PDFs\r\n---\r\nUse it.\r\n",
        "Splits PDFs",
        "",
    ),
    _row(
        "no closing line, a heading follows",
        "---\nname: pdf-tools\ndescription: Splits PDFs\n\n# PDF\n\nUse it.\n",
        "Splits PDFs",
        "line --- after",
        body="# PDF\n\nUse it.",
    ),
    _row(
        "no closing line, prose follows",
        "---\nname: pdf-tools\ndescription: Splits PDFs\n\nUse it.\n",
        "Splits PDFs",
        "line --- after",
    ),
    _row(
        "no closing line and no body",
        "---\nname: pdf-tools\ndescription: Splits PDFs",
        "Splits PDFs",
        "line --- after",
        body="",
    ),
    _row(
        "dots as the closing line", "---\nname: pdf-tools\ndescription: Splits PDFs\n...\nUse it.\n", "Splits PDFs", ""
    ),
    _row(
        "no opening line",
        "name: pdf-tools\ndescription: Splits PDFs\n---\nUse it.\n",
        "Splits PDFs",
        "first line is not ---",
    ),
    _row(
        "no front matter at all",
        "# PDF tools\n\nSplits PDFs\n",
        "Splits PDFs",
        "no front matter",
        body="# PDF tools\n\nSplits PDFs",
    ),
    _row("only a heading", "# PDF tools", "PDF tools", "no front matter", body="# PDF tools"),
    _row(
        "an empty head",
        "---\n---\nUse it.\n",
        "Use it.",
        "front matter is empty",
    ),
    _row(
        "a head that is only a comment",
        "---\n# name: pdf-tools\n---\nUse it.\n",
        "Use it.",
        "line by line",
    ),
    _row(
        "a head that is a list",
        "---\n- name: pdf-tools\n- description: Splits PDFs\n---\nUse it.\n",
        "Use it.",
        "no map",
    ),
    _row(
        "empty lines first",
        "\n\n---\nname: pdf-tools\ndescription: Splits PDFs\n---\nUse it.\n",
        "Splits PDFs",
        "empty lines",
    ),
    _row(
        "a code fence around everything",
        "```markdown\n---\nname: pdf-tools\ndescription: Splits PDFs\n---\nUse it.\n```\n",
        "Splits PDFs",
        "code fence",
    ),
    _row(
        "spaces after the hyphens",
        "---  \nname: pdf-tools\ndescription: Splits PDFs\n---\t\nUse it.\n",
        "Splits PDFs",
        "",
    ),
    _row(
        "a name unequal to the folder",
        "---\nname: pdf\ndescription: Splits PDFs\n---\nUse it.\n",
        "Splits PDFs",
        'calls it "pdf"',
    ),
    _row(
        "a name with spaces and capitals",
        "---\nname: PDF Tools\ndescription: Splits PDFs\n---\nUse it.\n",
        "Splits PDFs",
        "folder's name is taken",
    ),
    _row("no name", "---\ndescription: Splits PDFs\n---\nUse it.\n", "Splits PDFs", "no name"),
    _row(
        "a name that is a list",
        "---\nname: [a]\ndescription: Splits PDFs\n---\nUse it.\n",
        "Splits PDFs",
        "name is a list",
    ),
    _row("no description", "---\nname: pdf-tools\n---\nUse it.\n", "Use it.", "no description"),
    _row(
        "a description without a value",
        "---\nname: pdf-tools\ndescription:\n---\nUse it.\n",
        "Use it.",
        "no description",
    ),
    _row(
        "a description that is a map",
        "---\nname: pdf-tools\ndescription:\n  short: Splits\n---\nUse it.\n",
        "Use it.",
        "description is no text",
    ),
    _row(
        "a description that is too long",
        f"---\nname: pdf-tools\ndescription: {'long ' * 400}\n---\nUse it.\n",
        ("long " * 205)[:1023].rstrip() + "…",
        "longer than 1024",
    ),
    _row(
        "a folder with an underscore",
        "---\nname: pdf_tools\ndescription: Splits PDFs\n---\nUse it.\n",
        "Splits PDFs",
        "it is called pdf-tools",
        folder="pdf_tools",
    ),
    _row(
        "a folder with spaces, the name is right",
        "---\nname: pdf-tools\ndescription: Splits PDFs\n---\nUse it.\n",
        "Splits PDFs",
        "the name in SKILL.md is taken",
        folder="PDF (copy)",
    ),
    Broken(
        "Western European bytes",
        "---\nname: pdf-tools\ndescription: Für Verträge\n---\nUse it.\n".encode("cp1252"),
        "Für Verträge",
        "not UTF-8",
    ),
    Broken(
        "UTF-16 from a Windows editor",
        "---\r\nname: pdf-tools\r\ndescription: Für Verträge\r\n---\r\nUse it.\r\n".encode("utf-16"),
        "Für Verträge",
        "UTF-16",
    ),
    _row(
        "NUL bytes and escape codes",
        "---\nname: pdf-tools\ndescription: Splits\x00 \x1b[31mPDFs\x1b[0m\n---\nUse it.\n",
        "Splits [31mPDFs[0m",
        "invisible characters",
    ),
    _row(
        "text turned around and hidden",
        "---\nname: pdf-tools\ndescription: Splits \u202eSFDP\u202c\U000e0041\n---\nUse it.\n",
        "Splits SFDP",
        "invisible characters",
    ),
    _row(
        "metadata that is a text",
        "---\nname: pdf-tools\ndescription: Splits PDFs\nmetadata: none\n---\nUse it.\n",
        "Splits PDFs",
        "metadata is no map",
    ),
    _row(
        "an alias of a map",
        "---\nname: pdf-tools\ndescription: Splits PDFs\nmetadata: &m\n  a: b\nmore: *m\n---\nUse it.\n",
        "Splits PDFs",
        "aliases",
    ),
    _row(
        "an escape beyond Unicode",
        '---\nname: pdf-tools\ndescription: "Splits \\UFFFFFFFF PDFs"\n---\nUse it.\n',
        "Splits \\UFFFFFFFF PDFs",
        "not YAML",
    ),
    _row(
        "a version of YAML that nobody has",
        "---\n%YAML 9.9\nname: pdf-tools\ndescription: Splits PDFs\n---\nUse it.\n",
        "Splits PDFs",
        "not YAML",
    ),
    _row(
        "a license over several lines that is not indented",
        "---\nname: pdf-tools\ndescription: Splits PDFs\nlicense: MIT\nsee LICENSE.txt\n---\nUse it.\n",
        "Splits PDFs",
        "not YAML",
    ),
)
