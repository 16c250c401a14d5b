"""Skill folders for tests."""

from pathlib import Path

from daemon.domain.skill import Skill
from skills.reader import Problem, read_skill


def put(folder: Path, text: str | bytes, **files: str) -> Path:
    """Make a skill folder with a SKILL.md; double underscores in names of files stand for slashes, one for a dot."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "SKILL.md").write_bytes(text.encode() if isinstance(text, str) else text)
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder


def load(folder: Path) -> Skill:
    """Read a folder that must load."""
    result = read_skill(folder, "owner")
    assert isinstance(result, Skill), result
    return result


def refuse(folder: Path) -> Problem:
    """Read a folder that must be left out."""
    result = read_skill(folder, "owner")
    assert isinstance(result, Problem), result
    return result


def runnable(name: str, triggers: str, slots: str = "") -> str:
    """Give a SKILL.md with an entry `run.py`."""

    def block(key: str, text: str) -> str:
        return f"  {key}: |\n" + "".join(f"    {line}\n" for line in text.splitlines()) if text else ""

    head = f"name: {name}\ndescription: What {name} does.\nmetadata:\n  entry: run.py\n"
    return f"---\n{head}{block('triggers', triggers)}{block('slots', slots)}---\n\nDo it.\n"
